"""What holds for any text and for any valid spec."""

import json
import string

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from support import specs
from support.specs import CUSTOM_PROVIDER, GATEWAY, JSON, TOKEN

from gatewright import spec
from gatewright.model import Severity, wire
from gatewright.model.wire_route import elements
from gatewright.paint import plain
from gatewright.spec.files import CUSTOM_PROVIDER as CUSTOM_PROVIDER_KIND
from gatewright.spec.files import GATEWAY as GATEWAY_KIND
from gatewright.spec.files import TOKEN as TOKEN_KIND
from gatewright.spec.schemas import schema

#: The first example pays for the imports.


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    for name in ("tokens", "custom-providers"):
        (folder / "gateways" / name).mkdir(parents=True)
    return folder


def load(root, name, content, how=spec.load):
    path = root / "gateways" / name
    path.write_bytes(content)
    try:
        return how(root)
    finally:
        path.unlink()


def as_json(data):
    return json.dumps(data, ensure_ascii=False).encode()


def as_block(data):
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False).encode()


def check_loads(root, folder, key, data, write):
    loaded = load(root, f"{folder}{data[key]}.yaml", write(data))
    assert all(spec.RULES[found.rule].adjustable for found in loaded.findings), loaded.findings
    assert loaded.deployment is not None
    return loaded.deployment


@given(data=GATEWAY)
def test_a_valid_gateway_loads(root, data):
    (gateway,) = check_loads(root, "", "id", data, as_json).gateways
    assert gateway.id == data["id"]
    assert len(gateway.endpoints) == len(data.get("endpoints", {}))
    for endpoint in gateway.endpoints:
        assert endpoint.body == data["endpoints"][endpoint.name]["body"]
    json.dumps(wire.gateway_object(gateway), allow_nan=False)
    for route in gateway.routes:
        sent = elements(route)
        ids = {element["id"] for element in sent}
        outputs = [output for element in sent for output in element["outputs"].values()]
        assert {output["elementId"] for output in outputs} <= ids
        assert len(ids) == len(sent)


@given(data=CUSTOM_PROVIDER)
def test_a_valid_custom_provider_loads(root, data):
    folder = "custom-providers/"
    (provider,) = check_loads(root, folder, "slug", data, as_json).custom_providers
    assert provider.headers.keys() == data.get("headers", {}).keys()


@given(project=specs.projects())
def test_a_valid_project_loads(tmp_path_factory, project):
    folder = tmp_path_factory.mktemp("whole")
    specs.write(folder, project)
    loaded = spec.load(folder)
    errors = [found for found in loaded.findings if found.severity is Severity.ERROR]
    assert errors == []
    assert len(loaded.deployment.gateways) == sum("/" not in name for name in project)
    assert wire.checksum(loaded.deployment) == wire.checksum(spec.load(folder).deployment)


def test_the_random_specs_have_every_field():
    gateway = schema(GATEWAY_KIND.schema)
    drawn = {*specs.GATEWAY_FIELDS, "id", "authentication", "endpoints", "stacks"}
    assert drawn == set(gateway["properties"])
    endpoint = gateway["$defs"]["endpoint"]["properties"]
    forms = {"provider", "api", "model", "path", "route", "body", "request"}
    assert {*specs.ENDPOINT_FIELDS, *forms} == set(endpoint)
    request = gateway["$defs"]["request"]["properties"]
    assert {*specs.REQUEST_FIELDS, "byok_alias"} == set(request)
    token = schema(TOKEN_KIND.schema)["properties"]
    assert {*specs.TOKEN_FIELDS, "name", "permissions", "stacks"} == set(token)
    custom = schema(CUSTOM_PROVIDER_KIND.schema)["properties"]
    assert {*specs.CUSTOM_PROVIDER_FIELDS, "slug", "base_url", "stacks"} == set(custom)


@given(data=TOKEN)
def test_a_valid_token_loads(root, data):
    (token,) = check_loads(root, "tokens/", "name", data, as_json).tokens
    assert set(token.permissions) == set(data["permissions"])


#: Texts in them may be numbers in YAML 1.2, which PyYAML writes without quotes.
TEXTS = {"description", "endpoints", "smoke", "routes", "provider_configs", "stripe"}


@given(
    data=GATEWAY.map(
        lambda data: (
            {name: value for name, value in data.items() if name not in TEXTS} | {"id": "support"}
        )
    )
)
def test_block_style_means_the_same(root, data):
    flow = check_loads(root, "", "id", data, as_json)
    assert check_loads(root, "", "id", data, as_block) == flow


def check_findings_are_in_place(loaded):
    """What every finding of any text must be."""
    assert spec.report.text(loaded, plain)
    for found in loaded.findings:
        assert found.rule in spec.RULES
        place = found.location
        lines = loaded.sources.get(place.file, "").split("\n")
        assert (place.line, place.column) <= (place.end_line, place.end_column)
        if place.file in loaded.sources:
            assert place.end_line <= len(lines)
            assert place.column <= len(lines[place.line - 1]) + 1


@given(content=st.binary(max_size=300))
def test_random_bytes_never_crash_the_loader(root, content):
    check_findings_are_in_place(load(root, "a.yaml", content))


#: Pieces that mean something to YAML or to us, in any order.
WORDS = ["id", "cache", "endpoints", "body", "e", "support", "yes", "0x1", "1h", "1:30", "😀", "é"]
PUNCTUATION = [*":-?,[]{}'\"|#%@\\", "&a", "*a", "<<", "!t", ">-", "---", "..."]
SPACE = [" ", ": ", "- ", "? ", "|\n", "---\n", "...\n", "\n", "\n  ", "\n    ", "\t", "\r\n"]
ODD = ["\u2028", "\u0085", "\x07", "\ufeff"]
PIECES = st.lists(
    st.sampled_from([*WORDS, *PUNCTUATION, *SPACE, *ODD]),
    max_size=40,
).map("".join)


@settings(max_examples=400)
@given(text=PIECES)
def test_random_yaml_never_crashes_the_loader(root, text):
    check_findings_are_in_place(load(root, "a.yaml", text.encode()))


@given(
    data=GATEWAY, position=st.floats(0, 1), piece=PIECES | st.sampled_from(["", "x", "-1", "[1]"])
)
def test_a_damaged_spec_never_crashes_the_loader(root, data, position, piece):
    text = as_block(data).decode()
    at = int(position * len(text))
    damaged = text[:at] + piece + text[at + 1 :]
    check_findings_are_in_place(load(root, "a.yaml", damaged.encode()))


@given(data=JSON)
def test_any_json_value_never_crashes_the_rules(root, data):
    for name, key in (
        ("a.yaml", "endpoints"),
        ("a.yaml", "routes"),
        ("a.yaml", "provider_configs"),
        ("tokens/a.yaml", "permissions"),
        ("custom-providers/a.yaml", "headers"),
    ):
        check_findings_are_in_place(load(root, name, as_json({key: data})))
        check_findings_are_in_place(load(root, name, as_json(data)))


@given(
    secret=st.text(string.ascii_letters + string.digits, min_size=12, max_size=12),
    written=st.sampled_from(
        [
            "stripe: {authorization: VALUE, usage_events: [{payload: a}]}",
            "stripe: {authorisation: VALUE}",
            "stripe: VALUE",
            "strpe:\n  authorization: 'VALUE'",
            "otel: [{url: https://user:VALUE@example.com}]",
            "otel:\n  - url: https://example.com\n    headers:\n      x-key: [VALUE, b]",
            "otel: [{url: https://example.com, authorization: {env: VALUE-, config: a}}]",
            "otel: [{url: https://example.com, authorization: {enw: VALUE}}]",
            "otel: [{authorization: |\n    VALUE\n}]",
            "otel:\n  - authorization: >-\n      VALUE\n      VALUE # and\n",
            "stacks: {otel: {stripe: {authorization: !secret VALUE}}}",
            "stripe:\n  authorization: VALUE: b\n  authorization: @VALUE",
            "stripe: {authorization: \"VALUE\", authorization: 'VALUE' b}",
            "stripe: {authorization: &a VALUE, usage_events: *a}",
            "provider_configs: {a: {provider: openai, secret: VALUE}}",
            "provider_configs: {a: VALUE}",
            "provider_configs: {a: {provider: openai, secrt: {env: VALUE}}}",
            "provider_configs: {a: {secret: {env: VALUE-}}}\nstacks: {a: {secret: VALUE}}",
            "provider_configs:\n  a: {provider: openai, secret: VALUE",
        ]
    ),
)
def test_a_secret_that_somebody_wrote_is_never_shown(root, secret, written):
    text = f"id: a\nauthentication: true\n{written}\n".replace("VALUE", secret)
    loaded = load(root, "a.yaml", text.encode(), spec.check)
    check_findings_are_in_place(loaded)
    assert loaded.findings
    assert secret not in spec.report.text(loaded, plain)
    assert secret not in repr((loaded.findings, loaded.sources))
