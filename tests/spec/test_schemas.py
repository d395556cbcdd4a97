"""The schemas are sound in themselves, explained in full, and bound to the model both ways."""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from gatewright import model
from gatewright.emulator.traffic.providers import PROVIDERS
from gatewright.spec import explain, formats, schemas
from gatewright.spec.files import CACHE_POLICY, CUSTOM_PROVIDER, GATEWAY, KINDS, TOKEN
from gatewright.spec.route_rules import FORMS, MOST_STEPS

KIND_NAMES = [kind.schema for kind in KINDS]
NAMES = [*KIND_NAMES, *(f"{name}-defaults" for name in KIND_NAMES)]
FILES = [f"{name}.schema.json" for name in NAMES]
#: Keywords that carry other schemas, or words for people and editors.
STRUCTURE = {
    "$schema", "$id", "$comment", "$ref", "$defs", "allOf", "if", "then", "else", "properties",
    "items", "propertyNames", "title", "description", "default", "examples", "patternErrorMessage",
    "x-secret",
}  # fmt: skip


def subschemas(node, *, within_if=False):
    """Every schema in a schema, those of conditions left out if asked."""
    yield node, within_if
    for key in ("$defs", "properties"):
        for child in node.get(key, {}).values():
            yield from subschemas(child, within_if=within_if)
    for key in ("items", "propertyNames", "additionalProperties", "then", "else"):
        if isinstance(node.get(key), dict):
            yield from subschemas(node[key], within_if=within_if)
    if "if" in node:
        yield from subschemas(node["if"], within_if=True)
    for child in node.get("allOf", ()):
        yield from subschemas(child, within_if=within_if)


def all_subschemas():
    return [each for name in NAMES for each in subschemas(schemas.schema(name))]


def test_the_folder_holds_these_schemas_and_no_others():
    others = [
        "rehearse-report.schema.json",
        "review-report.schema.json",
        "settings.schema.json",
        "validate-report.schema.json",
    ]
    assert sorted(path.name for path in Path(schemas.folder()).iterdir()) == sorted(
        [*FILES, *others]
    )


@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_schema_with_a_local_id(name):
    content = schemas.schema(name)
    Draft202012Validator.check_schema(content)
    assert content["$id"] == f"{name}.schema.json"
    assert content["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


def test_every_property_has_a_description():
    for node, within_if in all_subschemas():
        if not within_if:
            for name, child in node.get("properties", {}).items():
                assert child.get("description", "").endswith("."), name


def test_no_mapping_takes_keys_it_does_not_know():
    free = set()
    for node, within_if in all_subschemas():
        if not within_if and "object" in node.get("type", ()):
            assert "additionalProperties" in node, node
            if node["additionalProperties"] is not False:
                free.add(node["description"].split(",")[0].split(".")[0])
    assert free == {
        "The calls that clients make through the gateway",
        "An example of the request's JSON body",
        "Dynamic routes",
        "The steps",
        "A condition on the request: fields of `metadata`",
        "Steps with the whole per cents of the requests that go to them: 100 in all",
        "Keys of providers that the gateway keeps and adds to requests without one (BYOK)",
        "Custom metadata that clients send with each request (header `cf-aig-metadata`)",
        "Headers that its requests get",
        "Which requests count",
        "What the shipped script asks: the model's inputs",
        "What is noted in the log of each call",
        "The calls of the Worker that the smoke checks make",
        "The request's JSON body",
        "More headers that prove who is sending",
        "Differences by the name of a Pulumi stack; the result is checked as a whole",
    }


def test_every_keyword_in_use_is_explained():
    used = {key for node, within_if in all_subschemas() if not within_if for key in node}
    assert used - STRUCTURE == set(explain.EXPLANATIONS)


def test_every_pattern_says_what_it_wants():
    for node, _ in all_subschemas():
        assert ("pattern" in node) == ("patternErrorMessage" in node)


def test_every_default_and_example_is_valid_where_it_stands():
    for name in NAMES:
        for node, within_if in subschemas(schemas.schema(name)):
            validator = schemas.validator(name).evolve(schema=node)
            given = [*node.get("examples", ()), *([node["default"]] if "default" in node else ())]
            for value in () if within_if else given:
                assert list(validator.iter_errors(value)) == [], value


def test_each_schema_stands_alone():
    """check-jsonschema, ajv and a printed copy have no folder to look other files up in."""
    assert all(node.get("$ref", "#/").startswith("#/") for node, _ in all_subschemas())


def test_what_schemas_share_is_the_same_in_each():
    policy, gateway, token, provider = (
        schemas.schema(kind.schema) for kind in (CACHE_POLICY, GATEWAY, TOKEN, CUSTOM_PROVIDER)
    )
    shared = policy["properties"]
    assert gateway["$defs"]["cache_ttl"] == shared["ttl"]
    assert gateway["$defs"]["invalidate_on_update"] == shared["invalidate_on_update"]
    stacks = [schema["$defs"]["stacks"] for schema in (policy, gateway, token, provider)]
    assert all(each == stacks[0] for each in stacks)
    for field, reference in provider["$defs"]["header"]["properties"].items():
        shared = gateway["$defs"]["secret"]["properties"][field]
        assert reference | {"examples": shared["examples"]} == shared
    settings = schemas.schema("settings")["properties"]["stacks"]
    assert settings["propertyNames"] == stacks[0]["propertyNames"]


def test_our_formats_and_units_are_those_in_use():
    nodes = [node for node, _ in all_subschemas()]
    assert {node["x-format"] for node in nodes if "x-format" in node} == set(formats.FORMATS)
    assert {node["x-duration"] for node in nodes if "x-duration" in node} == set(formats.UNITS)


def test_enums_are_the_models():
    endpoint = schemas.schema(GATEWAY.schema)["$defs"]["endpoint"]["properties"]
    assert endpoint["api"]["enum"] == list(model.Api)
    definitions = schemas.schema(GATEWAY.schema)["$defs"]
    assert definitions["provider"]["examples"][0] == model.WORKERS_AI
    assert {*PROVIDERS, model.WORKERS_AI} <= set(definitions["provider"]["examples"])
    assert set(definitions["step"]["properties"]) == {
        key for keys in FORMS.values() for key in keys
    }
    assert definitions["route"]["properties"]["steps"]["maxProperties"] == MOST_STEPS
    kinds = schemas.schema(TOKEN.schema)["properties"]["kind"]["enum"]
    assert kinds == list(model.TokenKind)
    assert definitions["action"]["enum"] == list(model.Action)
    assert list(definitions["secret"]["properties"]) == list(model.SecretStore)
    hazards = definitions["hazards"]["properties"]
    assert list(hazards) == [each.readable for each in model.Hazard] + list(model.Hazard)
    assert [model.Hazard.of(word) for word in hazards] == [*model.Hazard, *model.Hazard]


def test_defaults_are_the_models():
    properties = schemas.schema(GATEWAY.schema)["properties"]
    bare = model.Gateway(id="a", authentication=True)
    rate = model.RateLimiting(limit=1, interval=1)
    endpoint = schemas.schema(GATEWAY.schema)["$defs"]["endpoint"]["properties"]
    policy = schemas.schema(CACHE_POLICY.schema)["properties"]
    assert properties["logpush"]["default"] == bare.logpush
    assert properties["zdr"]["default"] == bare.zdr
    assert properties["byok_only"]["default"] == bare.byok_only
    assert properties["protect"]["default"] == bare.protect
    assert properties["retain"]["default"] == bare.retain
    billing = properties["workers_ai_billing_mode"]["default"]
    assert billing == bare.workers_ai_billing_mode
    logs = properties["logs"]["properties"]
    assert logs["collect"]["default"] == bare.logs.collect
    assert logs["classification"]["default"] == bare.logs.classification
    assert properties["rate_limiting"]["properties"]["technique"]["default"] == rate.technique
    assert endpoint["api"]["default"] == model.Api.RUN
    assert endpoint["stream"]["default"] is False
    assert endpoint["expect"]["properties"]["status"]["default"] == model.Expect().status
    assert endpoint["cache"]["properties"]["skip"]["default"] == model.EndpointCache().skip
    invalidate = model.CachePolicy(ttl=60).invalidate_on_update
    assert policy["invalidate_on_update"]["default"] == invalidate


def default_of(definition, name):
    definitions = schemas.schema(GATEWAY.schema)["$defs"]
    return definitions[definition]["properties"][name]["default"]


def test_defaults_of_sections_are_the_models():
    properties = schemas.schema(GATEWAY.schema)["properties"]
    rule = model.SpendRule(limit=1, window=1)
    policy = model.DlpPolicy("a", model.Action.FLAG, ("REQUEST",), ("b",))
    limits = properties["spend_limits"]["properties"]
    assert limits["enabled"]["default"] == model.SpendLimits(()).enabled
    assert default_of("spend_rule", "enabled") == rule.enabled
    assert default_of("spend_rule", "technique") == rule.technique
    assert properties["dlp"]["properties"]["enabled"]["default"] == model.Dlp().enabled
    assert default_of("dlp_policy", "enabled") == policy.enabled
    assert default_of("otel_exporter", "content_type") == model.OtelExporter("u").content_type
    assert default_of("request", "no_wholesale") == model.RequestOptions().no_wholesale
    config = model.ProviderConfig("a", "openai")
    assert default_of("provider_config", "default") == config.default
    assert default_of("provider_config", "rate_limit_period") == config.rate_limit_period
    custom = schemas.schema(CUSTOM_PROVIDER.schema)["properties"]
    provider = model.CustomProvider("a", "https://a")
    assert (custom["enable"]["default"], custom["beta"]["default"]) == (
        provider.enable,
        provider.beta,
    )
    kind = schemas.schema(TOKEN.schema)["properties"]["kind"]["default"]
    assert kind == model.Token("a", ()).kind
    generation = schemas.schema(TOKEN.schema)["properties"]["generation"]["default"]
    assert generation == model.Token("a", ()).generation


def test_the_schemas_of_a_wheel_come_first(tmp_path, monkeypatch):
    packaged = tmp_path / "gatewright" / "schemas"
    packaged.mkdir(parents=True)
    (tmp_path / "schemas").mkdir()
    schemas.folder.cache_clear()
    monkeypatch.setattr(schemas, "_PACKAGE", tmp_path / "gatewright")
    try:
        assert Path(schemas.folder()) == packaged
        packaged.rmdir()
        schemas.folder.cache_clear()
        assert Path(schemas.folder()) == tmp_path / "schemas"
    finally:
        schemas.folder.cache_clear()


def test_the_examples_use_the_schemas_in_place():
    root = Path(schemas.folder()).parent
    for path in root.glob("gateways/**/*.yaml"):
        named = path.read_text("utf-8").split("\n", 1)[0].split("$schema=")[1]
        assert (path.parent / named).resolve() in set(Path(schemas.folder()).iterdir())
