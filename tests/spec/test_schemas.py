"""The schemas are sound in themselves, explained in full, and bound to the model both ways."""

import copy
import dataclasses
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from gatewright import model, spec
from gatewright.spec import explain, keywords, schemas
from gatewright.spec.files import CACHE_POLICY, GATEWAY, KINDS, TOKEN

NAMES = [kind.schema for kind in KINDS]
FILES = [f"{name}.schema.json" for name in NAMES]
#: Keywords that carry other schemas, or words for people and editors.
STRUCTURE = {
    "$schema", "$id", "$ref", "$defs", "allOf", "if", "then", "properties", "items",
    "propertyNames", "title", "description", "default", "examples", "patternErrorMessage",
}  # fmt: skip


def subschemas(node, *, within_if=False):
    """Every schema in a schema, those of conditions left out if asked."""
    yield node, within_if
    for key in ("$defs", "properties"):
        for child in node.get(key, {}).values():
            yield from subschemas(child, within_if=within_if)
    for key in ("items", "propertyNames", "additionalProperties", "then"):
        if isinstance(node.get(key), dict):
            yield from subschemas(node[key], within_if=within_if)
    if "if" in node:
        yield from subschemas(node["if"], within_if=True)
    for child in node.get("allOf", ()):
        yield from subschemas(child, within_if=within_if)


def all_subschemas():
    return [each for name in NAMES for each in subschemas(schemas.schema(name))]


def test_the_folder_holds_these_schemas_and_no_others():
    assert sorted(path.name for path in schemas.folder().iterdir()) == sorted(FILES)


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
    }


def test_every_keyword_in_use_is_explained():
    used = {key for node, within_if in all_subschemas() if not within_if for key in node}
    assert used - STRUCTURE == set(explain.EXPLANATIONS)


def test_every_pattern_says_what_it_wants():
    for node, _ in all_subschemas():
        assert ("pattern" in node) == ("patternErrorMessage" in node)


def test_every_default_and_example_is_valid_where_it_stands():
    for kind in KINDS:
        root = schemas.schema(kind.schema)
        for node, within_if in subschemas(root):
            validator = schemas.validator(kind.schema).evolve(schema=node)
            given = [*node.get("examples", ()), *([node["default"]] if "default" in node else ())]
            for value in () if within_if else given:
                assert list(validator.iter_errors(value)) == [], value


def test_references_stay_in_the_folder():
    for node, _ in all_subschemas():
        target = node.get("$ref", "#/").split("#")[0]
        assert target in {"", *FILES}


def test_our_formats_and_units_are_those_in_use():
    nodes = [node for node, _ in all_subschemas()]
    assert {node["x-format"] for node in nodes if "x-format" in node} == set(keywords.FORMATS)
    assert {node["x-duration"] for node in nodes if "x-duration" in node} == set(keywords.UNITS)


def test_enums_are_the_models():
    endpoint = schemas.schema(GATEWAY.schema)["$defs"]["endpoint"]["properties"]
    assert endpoint["api"]["enum"] == list(model.Api)
    assert endpoint["provider"]["enum"] == list(model.Provider)


def test_defaults_are_the_models():
    properties = schemas.schema(GATEWAY.schema)["properties"]
    bare = model.Gateway(id="a", authentication=True)
    rate = model.RateLimiting(limit=1, interval=1)
    endpoint = schemas.schema(GATEWAY.schema)["$defs"]["endpoint"]["properties"]
    policy = schemas.schema(CACHE_POLICY.schema)["properties"]
    assert properties["logpush"]["default"] == bare.logpush
    assert properties["zdr"]["default"] == bare.zdr
    assert properties["logs"]["properties"]["collect"]["default"] == bare.logs.collect
    assert properties["rate_limiting"]["properties"]["technique"]["default"] == rate.technique
    assert endpoint["api"]["default"] == model.Api.RUN
    assert endpoint["cache"]["properties"]["skip"]["default"] == model.EndpointCache().skip
    invalidate = model.CachePolicy(ttl=60).invalidate_on_update
    assert policy["invalidate_on_update"]["default"] == invalidate


# Every field of the specs, and another valid value for each.
FULL = {
    "gateways/full.yaml": {
        "id": "full",
        "description": "d",
        "authentication": True,
        "cache": {"ttl": "1h", "invalidate_on_update": True},
        "rate_limiting": {"limit": 100, "interval": "1m", "technique": "sliding"},
        "retries": {"max_attempts": 3, "delay": "500ms", "backoff": "linear"},
        "logs": {"collect": False, "limit": 10000, "strategy": "DELETE_OLDEST"},
        "logpush": True,
        "zdr": True,
        "endpoints": {
            "e": {
                "provider": "workers-ai",
                "api": "embeddings",
                "model": "@cf/baai/bge-m3",
                "body": {"input": "one", "messages": [{}]},
                "cache": {"skip": False, "ttl": "5m", "key": "k"},
            }
        },
    },
    "gateways/cache-policies/policy.yaml": {
        "name": "policy",
        "description": "d",
        "ttl": "1h",
        "invalidate_on_update": True,
    },
    "gateways/tokens/token.yaml": {
        "name": "token",
        "description": "d",
        "permissions": ["AI Gateway Run"],
        "expires": "2027-06-30",
        "request_ip": {"in": ["192.0.2.0/24"], "not_in": ["192.0.2.7"]},
    },
}
OTHER_VALUES = {
    GATEWAY: {
        "id": "other",
        "description": "other",
        "authentication": False,
        "cache": "policy",
        "cache.ttl": 7200,
        "cache.invalidate_on_update": False,
        "rate_limiting": None,
        "rate_limiting.limit": 7,
        "rate_limiting.interval": 7,
        "rate_limiting.technique": "fixed",
        "retries": None,
        "retries.max_attempts": 1,
        "retries.delay": "1s",
        "retries.backoff": "constant",
        "logs": None,
        "logs.collect": True,
        "logs.limit": 20000,
        "logs.strategy": "STOP_INSERTING",
        "logpush": False,
        "zdr": False,
        "endpoints": None,
        "endpoints.e.provider": None,  # there is one only; test_enums_are_the_models
        "endpoints.e.api": "chat-completions",
        "endpoints.e.model": "@cf/other/model",
        "endpoints.e.body": {"input": "two"},
        "endpoints.e.cache": None,
        "endpoints.e.cache.skip": True,
        "endpoints.e.cache.ttl": 60,
        "endpoints.e.cache.key": "other",
    },
    CACHE_POLICY: {
        "name": "other",
        "description": "other",
        "ttl": "2h",
        "invalidate_on_update": False,
    },
    TOKEN: {
        "name": "other",
        "description": "other",
        "permissions": ["Workers AI Read"],
        "expires": "2027-06-30T12:00:00Z",
        "request_ip": None,
        "request_ip.in": ["192.0.2.9"],
        "request_ip.not_in": ["192.0.2.9"],
    },
}
#: Fields that tell where something is written, or hold other parts of the model.
NOT_FIELDS = {"source", "cache", "rate_limiting", "retries", "logs", "endpoints", "request_ip"}


def schema_paths(node, root, prefix=""):
    for name, child in node.get("properties", {}).items():
        yield prefix + name
        yield from schema_paths(child, root, f"{prefix}{name}.")
    entries = node.get("additionalProperties")
    if isinstance(entries, dict):
        endpoint = root["$defs"][entries["$ref"].rsplit("/", 1)[1]]
        yield from schema_paths(endpoint, root, f"{prefix}e.")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.noun)
def test_the_table_above_has_every_property_of_the_schema(kind):
    content = schemas.schema(kind.schema)
    assert sorted(OTHER_VALUES[kind]) == sorted(schema_paths(content, content))


def compiled(root, files):
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data), encoding="utf-8")
    loaded = spec.load(root)
    assert loaded.deployment is not None, loaded.findings
    return loaded.deployment


def differences(one, other):
    """(class, field) of all leaves in which two parts of a model differ."""
    if isinstance(one, tuple) and isinstance(other, tuple) and one and other:
        return set().union(*(differences(a, b) for a, b in zip(one, other, strict=True)))
    if not dataclasses.is_dataclass(one) or type(one) is not type(other):
        return set()
    found = set()
    for field in dataclasses.fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if field.compare and a != b:
            found |= differences(a, b) or {(type(one).__name__, field.name)}
    return found


def changed(data, path, value):
    data = copy.deepcopy(data)
    *parents, last = path.split(".")
    target = data
    for step in parents:
        target = target[step]
    if value is None:
        del target[last]
    else:
        target[last] = value
    return data


def mutations(tmp_path):
    """For each property: the differences that another value of it makes in the model."""
    base = compiled(tmp_path / "base", FULL)
    for index, (kind, name) in enumerate(zip(KINDS, FULL, strict=True)):
        for path, value in OTHER_VALUES[kind].items():
            if path == "endpoints.e.provider":
                continue
            files = FULL | {name: changed(FULL[name], path, value)}
            other = compiled(tmp_path / f"{index}-{path}", files)
            yield (kind.noun, path), differences(base, other), base != other


def test_each_property_reaches_the_model_and_each_field_of_the_model_a_property(tmp_path):
    reached = set()
    for where, fields, differs in mutations(tmp_path):
        assert differs, f"{where} makes no difference"
        reached |= fields
    classes = (
        model.Gateway, model.CachePolicy, model.RateLimiting, model.Retries, model.Logs,
        model.Endpoint, model.EndpointCache, model.Token, model.RequestIp,
    )  # fmt: skip
    fields = {
        (each.__name__, field.name)
        for each in classes
        for field in dataclasses.fields(each)
        if field.name not in NOT_FIELDS
    }
    one_value_only = {("Endpoint", "provider")}
    # An endpoint's name is a key of its mapping, not a property.
    files = copy.deepcopy(FULL)
    endpoints = files["gateways/full.yaml"]["endpoints"]
    endpoints["f"] = endpoints.pop("e")
    base, renamed = compiled(tmp_path / "base", FULL), compiled(tmp_path / "renamed", files)
    reached |= differences(base, renamed)
    assert {each for each in reached if each[1] not in NOT_FIELDS} == fields - one_value_only


def test_the_schemas_of_a_wheel_come_first(tmp_path, monkeypatch):
    packaged = tmp_path / "gatewright" / "schemas"
    packaged.mkdir(parents=True)
    (tmp_path / "schemas").mkdir()
    schemas.folder.cache_clear()
    monkeypatch.setattr(schemas, "_PACKAGE", tmp_path / "gatewright")
    try:
        assert schemas.folder() == packaged
        packaged.rmdir()
        schemas.folder.cache_clear()
        assert schemas.folder() == tmp_path / "schemas"
    finally:
        schemas.folder.cache_clear()


def test_the_examples_use_the_schemas_in_place():
    root = Path(schemas.folder()).parent
    for path in root.glob("gateways/**/*.yaml"):
        named = path.read_text("utf-8").split("\n", 1)[0].split("$schema=")[1]
        assert (path.parent / named).resolve() in set(schemas.folder().iterdir())
