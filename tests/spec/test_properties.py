"""What holds for any text and for any valid spec."""

import datetime as dt
import json
import string
from operator import itemgetter

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gatewright import spec
from gatewright.model import wire
from gatewright.paint import plain
from gatewright.spec import durations

#: The first example pays for the imports.
unhurried = settings(deadline=None)

NAME = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12).filter(
    lambda text: text not in {"defaults", "stacks"}
)
PRINTABLE = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=20,
)
# What JSON text is in YAML too: its escapes for what YAML does not allow as it is.
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | PRINTABLE,
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(PRINTABLE, children, max_size=3)
    ),
    max_leaves=8,
)


@st.composite
def duration(draw, least, most):
    """A duration in seconds, written in any of the ways there are."""
    total = draw(st.integers(least, most))
    ways = [total, f"{total}s", durations.spelled(total * 1_000)]
    if total < 1_000_000:
        ways.append(f"{total * 1_000}ms")
    return draw(st.sampled_from(ways))


def mapping(required, optional):
    return st.fixed_dictionaries(required, optional=optional)


TTL = duration(60, 30 * 86_400)
POLICY = {"ttl": TTL}, {"invalidate_on_update": st.booleans()}
MODEL = st.builds("@cf/{}/{}".format, NAME, NAME)
BODIES = {
    "run": st.dictionaries(PRINTABLE, JSON, min_size=1, max_size=3),
    "chat-completions": mapping({"messages": st.lists(JSON, min_size=1, max_size=2)}, {}),
    "embeddings": mapping({"input": PRINTABLE | st.lists(PRINTABLE, min_size=1, max_size=2)}, {}),
}


def endpoint_of(api):
    return mapping(
        {
            "provider": st.just("workers-ai"),
            "model": MODEL,
            "body": BODIES[api],
            **({} if api == "run" else {"api": st.just(api)}),
        },
        {"cache": st.sampled_from([{"skip": True}, {"skip": False, "key": "k"}, {"ttl": 60}])},
    )


# Letters only: PyYAML writes some texts without quotes that are numbers in YAML 1.2.
WORD = st.text(string.ascii_lowercase, min_size=1, max_size=12)
NAMES = st.lists(WORD, min_size=1, max_size=3, unique=True)
ACTION = st.sampled_from(["FLAG", "BLOCK"])
SPEND_RULE = mapping(
    {"id": WORD, "limit": st.integers(0, 10**6) | st.just(2.5), "window": duration(1, 10**6)},
    {
        "enabled": st.booleans(),
        "technique": st.sampled_from(["fixed", "sliding"]),
        # Keys that look like ours mean no more than others.
        "metadata": st.dictionaries(
            WORD | st.sampled_from(["authorization", "headers", "stripe"]),
            st.just("partition") | NAMES,
            min_size=1,
            max_size=2,
        ),
        "model": NAMES,
        "provider": NAMES,
    },
)
HAZARDS = st.dictionaries(
    st.sampled_from(["hate", "violent_crimes", "S3", "S13", "P1"]), ACTION, min_size=1
)
DLP_POLICY = mapping(
    {
        "id": WORD,
        "action": ACTION,
        "check": st.sampled_from([["REQUEST"], ["RESPONSE"], ["RESPONSE", "REQUEST"]]),
        "profiles": NAMES,
    },
    {"enabled": st.booleans()},
)
DLP = mapping({"action": ACTION, "profiles": NAMES}, {"enabled": st.booleans()}) | mapping(
    {"policies": st.lists(DLP_POLICY, min_size=1, max_size=3, unique_by=itemgetter("id"))},
    {"enabled": st.booleans()},
)
SECRET = st.just({"env": "KEY"}) | st.builds(lambda name: {"config": f"k{name}"}, WORD)
OTEL = mapping(
    {"url": WORD.map("https://{}.example.com/v1/traces?a=b".format)},
    {
        "authorization": SECRET,
        "headers": st.dictionaries(WORD, SECRET, min_size=1, max_size=2),
        "content_type": st.sampled_from(["json", "protobuf"]),
    },
)
#: With these, a gateway that takes everybody's requests is an error.
OWN_KEYS = {"byok_only", "store_id"}
GATEWAY = mapping(
    {"id": NAME, "authentication": st.booleans()},
    {
        "description": PRINTABLE,
        "cache": mapping(*POLICY),
        "rate_limiting": mapping(
            {"limit": st.integers(1, 10**9), "interval": duration(1, 10**6)},
            {"technique": st.sampled_from(["fixed", "sliding"])},
        ),
        "retries": mapping(
            {"max_attempts": st.integers(1, 5)},
            {
                "delay": st.builds("{}ms".format, st.integers(0, 60_000)),
                "backoff": st.sampled_from(["constant", "linear", "exponential"]),
            },
        ),
        "logs": mapping(
            {"collect": st.booleans()},
            {
                "classification": st.booleans(),
                "limit": st.integers(10_000, 10_000_000),
                "strategy": st.sampled_from(["STOP_INSERTING", "DELETE_OLDEST"]),
            },
        ),
        "logpush": st.booleans(),
        "logpush_public_key": st.text(string.ascii_letters, min_size=16, max_size=20),
        "zdr": st.booleans(),
        "byok_only": st.booleans(),
        "workers_ai_billing_mode": st.sampled_from(["postpaid", "unified"]),
        "store_id": WORD,
        "spend_limits": mapping(
            {"rules": st.lists(SPEND_RULE, min_size=1, max_size=4, unique_by=itemgetter("id"))},
            {"enabled": st.booleans()},
        ),
        "guardrails": mapping({"prompt": HAZARDS}, {"response": HAZARDS}),
        "dlp": DLP,
        "otel": st.lists(OTEL, min_size=1, max_size=2),
        "stripe": mapping(
            {
                "authorization": SECRET,
                "usage_events": st.lists(mapping({"payload": PRINTABLE}, {}), min_size=1),
            },
            {},
        ),
        "endpoints": st.dictionaries(
            NAME, st.sampled_from(sorted(BODIES)).flatmap(endpoint_of), max_size=3
        ),
    },
).map(lambda data: data | {"authentication": True} if data.keys() & OWN_KEYS else data)
ADDRESSES = st.lists(
    st.ip_addresses().map(str) | st.ip_addresses(v=4).map("{}/24".format),
    min_size=1,
    max_size=3,
    unique=True,
)
DAY = st.dates(dt.date(1000, 1, 1))
TOKEN = mapping(
    {
        "name": NAME,
        "permissions": st.lists(
            st.sampled_from(["AI Gateway Run", "AI Gateway Read", "Workers AI Read"]),
            min_size=1,
            unique=True,
        ),
    },
    {
        "description": PRINTABLE,
        "not_before": st.just("1000-01-01") | st.just("1000-01-01T00:00:00Z"),
        "generation": st.integers(1, 99),
        "expires": DAY.map(str) | DAY.map("{}T12:30:00Z".format),
        "request_ip": mapping({"in": ADDRESSES}, {"not_in": ADDRESSES}),
    },
)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    (folder / "gateways" / "tokens").mkdir(parents=True)
    # What is allowed may still be unwise.
    (folder / "gatewright.yaml").write_text("rules: {open-keys: warning}\n")
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


@unhurried
@given(data=GATEWAY)
def test_a_valid_gateway_loads(root, data):
    (gateway,) = check_loads(root, "", "id", data, as_json).gateways
    assert gateway.id == data["id"]
    assert len(gateway.endpoints) == len(data.get("endpoints", {}))
    for endpoint in gateway.endpoints:
        assert endpoint.body == data["endpoints"][endpoint.name]["body"]
    json.dumps(wire.gateway_object(gateway), allow_nan=False)


@unhurried
@given(data=TOKEN)
def test_a_valid_token_loads(root, data):
    (token,) = check_loads(root, "tokens/", "name", data, as_json).tokens
    assert set(token.permissions) == set(data["permissions"])


# PyYAML writes some texts without quotes that are numbers in YAML 1.2.
@unhurried
@given(
    data=GATEWAY.filter(lambda data: not {"endpoints", "description"} & set(data)).filter(
        lambda data: data["id"].isalpha()
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


@unhurried
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


@settings(max_examples=400, deadline=None)
@given(text=PIECES)
def test_random_yaml_never_crashes_the_loader(root, text):
    check_findings_are_in_place(load(root, "a.yaml", text.encode()))


@unhurried
@given(
    data=GATEWAY, position=st.floats(0, 1), piece=PIECES | st.sampled_from(["", "x", "-1", "[1]"])
)
def test_a_damaged_spec_never_crashes_the_loader(root, data, position, piece):
    text = as_block(data).decode()
    at = int(position * len(text))
    damaged = text[:at] + piece + text[at + 1 :]
    check_findings_are_in_place(load(root, "a.yaml", damaged.encode()))


@unhurried
@given(data=JSON)
def test_any_json_value_never_crashes_the_rules(root, data):
    for name, key in (("a.yaml", "endpoints"), ("tokens/a.yaml", "permissions")):
        check_findings_are_in_place(load(root, name, as_json({key: data})))
        check_findings_are_in_place(load(root, name, as_json(data)))


@unhurried
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
