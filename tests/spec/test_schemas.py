"""The schemas are sound in themselves, explained in full, and bound to the model both ways."""

import copy
import dataclasses
import json
from pathlib import Path
from typing import NamedTuple

import pytest
from jsonschema import Draft202012Validator

from gatewright import model, spec
from gatewright.emulator.traffic.providers import PROVIDERS
from gatewright.model.wire import checksum
from gatewright.spec import explain, formats, schemas
from gatewright.spec.files import CACHE_POLICY, CUSTOM_PROVIDER, GATEWAY, KINDS, TOKEN, WORKER
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


class Instead(NamedTuple):
    """A value for a field beside which the others of FULL cannot stand."""

    path: str
    value: object


MODEL = {"model": "one", "provider": "workers-ai", "timeout": "1s", "retries": 1}
FOREIGN = {"provider": "openai", "path": "v1/x", "body": {"input": "one"}}
# Every field of the specs, and another valid value for each.
FULL = {
    "gateways/full.yaml": {
        "id": "full",
        "description": "d",
        "authentication": True,
        "cache": {"ttl": "1h", "invalidate_on_update": True},
        "rate_limiting": {"limit": 100, "interval": "1m", "technique": "sliding"},
        "retries": {"max_attempts": 3, "delay": "500ms", "backoff": "linear"},
        "logs": {
            "collect": False,
            "classification": True,
            "limit": 10000,
            "strategy": "DELETE_OLDEST",
        },
        "logpush": True,
        "logpush_public_key": "k" * 16,
        "zdr": True,
        "byok_only": False,  # and no store: keys without authentication are an error
        "workers_ai_billing_mode": "unified",
        "spend_limits": {
            "enabled": False,
            "rules": [
                {
                    "id": "one",
                    "limit": 1.5,
                    "window": "1d",
                    "enabled": False,
                    "technique": "fixed",
                    "metadata": {"e": "partition"},
                    "model": ["m"],
                    "provider": ["p"],
                }
            ],
        },
        "guardrails": {"prompt": {"hate": "FLAG"}, "response": {"S1": "BLOCK"}},
        "dlp": {
            "enabled": False,
            "policies": [
                {
                    "id": "one",
                    "action": "FLAG",
                    "check": ["REQUEST"],
                    "enabled": False,
                    "profiles": ["p"],
                }
            ],
        },
        "otel": [
            {
                "url": "https://one.example.com",
                "authorization": {"env": "ONE"},
                "headers": {"e": {"env": "ONE"}},
                "content_type": "protobuf",
            }
        ],
        "stripe": {"authorization": {"env": "ONE"}, "usage_events": [{"payload": "one"}]},
        "smoke": {"guardrails": "g", "dlp": "d"},
        "protect": True,
        "retain": True,
        "routes": {
            "e": {
                "start": "c",
                "steps": {
                    "c": {"conditional": {"metadata.a": "one"}, "then": "r", "else": "p"},
                    "r": {
                        "rate": {"key": "one", "limit": 1, "limit_type": "count", "window": 60},
                        "success": "p",
                        "fallback": "e",
                    },
                    "p": {"percentage": {"e": 20, "f": 80}},
                    "e": MODEL | {"success": "end", "fallback": "f"},
                    "f": MODEL,
                },
            }
        },
        "provider_configs": {
            "e": {
                "provider": "openai",
                "secret": {"env": "ONE"},
                "alias": "one",
                "default": True,
                "rate_limit": 1,
                "rate_limit_period": "1m",
            }
        },
        "endpoints": {
            "e": {
                "provider": "workers-ai",
                "api": "embeddings",
                "model": "@cf/baai/bge-m3",
                "body": {"input": "one", "messages": [{}]},
                "cache": {"skip": False, "ttl": "5m", "key": "k"},
                "metadata": {"e": 1},
                "request": {
                    "timeout": "1s",
                    "max_attempts": 1,
                    "retry_delay": "1s",
                    "backoff": "linear",
                    "collect_log": False,
                    "collect_log_payload": False,
                    "event_id": "one",
                    "custom_cost": {"per_token_in": 1, "per_token_out": 1},
                    "byok_alias": "one",
                    "zdr": False,
                    "no_wholesale": True,
                },
                "stream": True,
                "tags": ["one"],
                "expect": {
                    "status": 201,
                    "json": [{"path": "a[0]", "equals": "one", "matches": "o"}],
                    "latency": "2s",
                    "max_cost": 0.1,
                },
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
        "not_before": "2027-01-01",
        "expires": "2027-06-30",
        "generation": 2,
        "request_ip": {"in": ["192.0.2.0/24"], "not_in": ["192.0.2.7"]},
        "kind": "user",
    },
    "gateways/custom-providers/acme.yaml": {
        "slug": "acme",
        "name": "Acme",
        "base_url": "https://one.example.com",
        "description": "one",
        "enable": False,
        "beta": True,
        "headers": {"e": "one"},
        "link": "https://one.example.com/docs",
        "position": 1,
        "curl_example": "one",
        "js_example": "one",
    },
    "gateways/workers/worker.yaml": {
        "name": "worker",
        "description": "d",
        "gateway": {
            "id": "spare",
            "skip_cache": False,
            "cache_ttl": "1h",
            "cache_key": "k",
            "metadata": {"e": "t"},
            "collect_log": True,
            "event_id": "e",
            "request_timeout": "1s",
            "retries": {"max_attempts": 2, "delay": "1s", "backoff": "linear"},
        },
        "script": "workers/one.js",
        "model": "@cf/meta/llama-3.1-8b-instruct",
        "body": {"prompt": "one"},
        "compatibility_date": "2026-08-01",
        "endpoints": {
            "e": {
                "path": "/",
                "method": "POST",
                "body": {"a": 1},
                "tags": ["t"],
                "expect": {
                    "status": 201,
                    "json": [{"path": "a[0]", "equals": "one", "matches": "o"}],
                    "latency": "2s",
                    "max_cost": 0.1,
                },
            }
        },
    },
}
OTHER_VALUES = {
    WORKER: {
        "name": "other",
        "description": "other",
        "script": "workers/other.js",
        "gateway": {"id": "full"},
        "gateway.id": "full",
        "gateway.skip_cache": True,
        "gateway.cache_ttl": "2h",
        "gateway.cache_key": "other",
        "gateway.metadata": {"other": 1},
        "gateway.metadata.e": "other",
        "gateway.collect_log": False,
        "gateway.event_id": "other",
        "gateway.request_timeout": "2s",
        "gateway.retries": None,
        "gateway.retries.max_attempts": 3,
        "gateway.retries.delay": "2s",
        "gateway.retries.backoff": "constant",
        "model": "@cf/meta/other",
        "body": {"prompt": "other"},
        "compatibility_date": "2026-07-01",
        "endpoints": None,
        "endpoints.e.path": "/other",
        "endpoints.e.method": "PUT",
        "endpoints.e.body": {"other": 1},
        "endpoints.e.tags": ["other"],
        "endpoints.e.expect": None,
        "endpoints.e.expect.status": 202,
        "endpoints.e.expect.json": [{"path": "b[0]"}],
        "endpoints.e.expect.json.0.path": "$.a[1]",
        "endpoints.e.expect.json.0.equals": "other",
        "endpoints.e.expect.json.0.matches": "other",
        "endpoints.e.expect.latency": "3s",
        "endpoints.e.expect.max_cost": 0.2,
    },
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
        "logs.classification": False,
        "logs.limit": 20000,
        "logs.strategy": "STOP_INSERTING",
        "logpush": False,
        "logpush_public_key": "o" * 16,
        "zdr": False,
        "byok_only": True,
        "workers_ai_billing_mode": "postpaid",
        "store_id": "other",
        "spend_limits": None,
        "spend_limits.enabled": True,
        "spend_limits.rules": [{"limit": 2, "window": 60}],
        "spend_limits.rules.0.id": "other",
        "spend_limits.rules.0.limit": 2,
        "spend_limits.rules.0.window": 60,
        "spend_limits.rules.0.enabled": True,
        "spend_limits.rules.0.technique": "sliding",
        "spend_limits.rules.0.metadata": None,
        "spend_limits.rules.0.metadata.e": ["other"],
        "spend_limits.rules.0.model": ["other"],
        "spend_limits.rules.0.provider": ["other"],
        "guardrails": None,
        "guardrails.prompt": {"hate": "BLOCK"},
        "guardrails.response": {"S1": "FLAG"},
        "dlp": None,
        "dlp.enabled": True,
        "dlp.action": Instead("dlp", {"action": "BLOCK", "profiles": ["p"]}),
        "dlp.profiles": Instead("dlp", {"action": "FLAG", "profiles": ["other"]}),
        "dlp.policies": Instead("dlp", {"action": "FLAG", "profiles": ["p"]}),
        "dlp.policies.0.id": "other",
        "dlp.policies.0.action": "BLOCK",
        "dlp.policies.0.check": ["RESPONSE"],
        "dlp.policies.0.enabled": True,
        "dlp.policies.0.profiles": ["other"],
        "otel": None,
        "otel.0.url": "https://other.example.com",
        "otel.0.authorization": {"config": "ONE"},
        "otel.0.headers": None,
        "otel.0.headers.e": {"env": "OTHER"},
        "otel.0.content_type": "json",
        "stripe": None,
        "stripe.authorization": {"env": "OTHER"},
        "stripe.usage_events": [{"payload": "another"}],
        "stripe.usage_events.0.payload": "other",
        "routes": None,
        "routes.e.start": "e",
        "routes.e.steps": Instead("routes.e", {"start": "f", "steps": {"f": MODEL}}),
        "routes.e.steps.e.model": "other",
        "routes.e.steps.e.provider": "openai",
        "routes.e.steps.e.timeout": "2s",
        "routes.e.steps.e.retries": 2,
        "routes.e.steps.e.success": "f",
        "routes.e.steps.e.fallback": "end",
        "routes.e.steps.e.conditional": Instead("routes.e.steps.c.conditional", {"a": {"$ne": 1}}),
        "routes.e.steps.e.then": Instead("routes.e.steps.c.then", "e"),
        "routes.e.steps.e.else": Instead("routes.e.steps.c.else", "e"),
        "routes.e.steps.e.rate": Instead("routes.e.steps.r", MODEL),
        "routes.e.steps.e.rate.key": Instead("routes.e.steps.r.rate.key", "other"),
        "routes.e.steps.e.rate.limit": Instead("routes.e.steps.r.rate.limit", 2),
        "routes.e.steps.e.rate.limit_type": Instead("routes.e.steps.r.rate.limit_type", "cost"),
        "routes.e.steps.e.rate.window": Instead("routes.e.steps.r.rate.window", "2h"),
        "routes.e.steps.e.percentage": Instead("routes.e.steps.p.percentage", {"e": 100}),
        "routes.e.steps.e.percentage.e": Instead("routes.e.steps.p.percentage", {"e": 30, "f": 70}),
        "provider_configs": None,
        "provider_configs.e.provider": "mistral",
        "provider_configs.e.secret": {"env": "OTHER"},
        "provider_configs.e.secret_id": Instead(
            "provider_configs.e", {"provider": "openai", "secret_id": "0" * 32}
        ),
        "provider_configs.e.alias": "other",
        "provider_configs.e.default": False,
        "provider_configs.e.rate_limit": 2,
        "provider_configs.e.rate_limit_period": 120,
        "endpoints": None,
        "endpoints.e.provider": Instead("endpoints.e", FOREIGN),
        "endpoints.e.path": Instead("endpoints.e", FOREIGN | {"path": "v1/y"}),
        "endpoints.e.route": Instead("endpoints.e", {"route": "e", "body": {"messages": [{}]}}),
        "endpoints.e.api": "chat-completions",
        "endpoints.e.model": "@cf/other/model",
        "endpoints.e.body": {"input": "two"},
        "endpoints.e.cache": None,
        "endpoints.e.cache.skip": True,
        "endpoints.e.cache.ttl": 60,
        "endpoints.e.cache.key": "other",
        "endpoints.e.metadata": None,
        "endpoints.e.metadata.e": 2,
        "endpoints.e.request": None,
        "endpoints.e.request.timeout": "2s",
        "endpoints.e.request.max_attempts": 2,
        "endpoints.e.request.retry_delay": "2s",
        "endpoints.e.request.backoff": "constant",
        "endpoints.e.request.collect_log": True,
        "endpoints.e.request.collect_log_payload": True,
        "endpoints.e.request.event_id": "other",
        "endpoints.e.request.custom_cost": None,
        "endpoints.e.request.custom_cost.total_cost": Instead(
            "endpoints.e.request.custom_cost", {"total_cost": 1}
        ),
        "endpoints.e.request.custom_cost.per_token_in": 2,
        "endpoints.e.request.custom_cost.per_token_out": 2,
        "endpoints.e.request.byok_alias": "other",
        "endpoints.e.request.zdr": True,
        "endpoints.e.request.no_wholesale": False,
        "endpoints.e.stream": False,
        "endpoints.e.tags": ["other"],
        "endpoints.e.expect": None,
        "endpoints.e.expect.status": 202,
        "endpoints.e.expect.json": [{"path": "b[0]"}],
        "endpoints.e.expect.json.0.path": "$.a[1]",
        "endpoints.e.expect.json.0.equals": "other",
        "endpoints.e.expect.json.0.matches": "other",
        "endpoints.e.expect.latency": "3s",
        "endpoints.e.expect.max_cost": 0.2,
        "smoke": None,
        "smoke.guardrails": "other",
        "smoke.dlp": "other",
        "protect": False,
        "retain": False,
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
        "not_before": "2027-01-01T12:00:00Z",
        "expires": "2027-06-30T12:00:00Z",
        "generation": 3,
        "request_ip": None,
        "request_ip.in": ["192.0.2.9"],
        "request_ip.not_in": ["192.0.2.9"],
        "kind": "account",
    },
    CUSTOM_PROVIDER: {
        "slug": "other",
        "name": "other",
        "base_url": "https://other.example.com",
        "description": "other",
        "enable": True,
        "beta": False,
        "headers": None,
        "headers.e": {"env": "OTHER"},
        "link": "https://other.example.com/docs",
        "position": 2,
        "curl_example": "other",
        "js_example": "other",
    },
}
#: Fields that tell where something is written, or hold other parts of the model.
NOT_FIELDS = {
    "source", "cache", "rate_limiting", "retries", "logs", "endpoints", "request_ip",
    "spend_limits", "rules", "guardrails", "dlp", "policies", "otel", "authorization", "stripe",
    "expect", "json", "smoke", "routes", "steps", "provider_configs", "secret", "request",
    "custom_cost", "gateway", "script",
}  # fmt: skip
#: What only the smoke checks read, a policy that no gateway of the table uses, and what nobody
#: is told; the policy has the values of the gateway's own.
UNUSED = ("gateway: endpoints", "gateway: smoke", "worker: endpoints", "cache policy")
NOT_SENT = {
    "gateway: cache", "gateway: description", "token: description", "worker: description",
}  # fmt: skip
#: Schemas that are told apart as a whole; their words are those of the model's enums.
LEAVES = ("#/$defs/secret", "#/$defs/hazards", "#/$defs/header")


def schema_paths(node, root, prefix=""):
    """The paths of all properties, in FULL's first items and in its entries named `e`."""
    for name, child in node.get("properties", {}).items():
        # What differs between stacks has no place in the model.
        if name != "stacks":
            yield prefix + name
            yield from below(child, root, f"{prefix}{name}.")


def below(node, root, prefix):
    if node.get("$ref") in LEAVES:
        return
    node = resolved(node, root)
    yield from schema_paths(node, root, prefix)
    if isinstance(node.get("items"), dict):
        yield from schema_paths(resolved(node["items"], root), root, f"{prefix}0.")
    entries = node.get("additionalProperties")
    if isinstance(entries, dict):
        # An endpoint's name is no property; the keys of the other maps have values of their own.
        is_leaf = "properties" not in resolved(entries, root) or entries["$ref"] in LEAVES
        yield from [f"{prefix}e"] if is_leaf else below(entries, root, f"{prefix}e.")


def resolved(node, root):
    target = node.get("$ref", "")
    return root["$defs"][target.rsplit("/", 1)[1]] if target.startswith("#/$defs/") else node


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.noun)
def test_the_table_above_has_every_property_of_the_schema(kind):
    content = schemas.schema(kind.schema)
    assert sorted(OTHER_VALUES[kind]) == sorted(schema_paths(content, content))


def compiled(root, files):
    # Some combinations of the values below are allowed and unwise.
    unwise = dict.fromkeys(("open-keys", "unknown-byok-alias"), "warning")
    files = files | {
        "gatewright.yaml": {"rules": unwise},
        "gateways/spare.yaml": {"id": "spare", "authentication": True},
        "workers/one.js": "export default 1;",
        "workers/other.js": "export default 2;",
    }
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data), encoding="utf-8")
    loaded = spec.load(root)
    assert loaded.deployment is not None, loaded.findings
    return loaded.deployment


def differences(one, other):
    """(class, field) of all leaves in which two parts of a model differ."""
    if isinstance(one, tuple) and isinstance(other, tuple) and 0 < len(one) == len(other):
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
    if isinstance(value, Instead):
        path, value = value
    data = copy.deepcopy(data)
    *parents, last = path.split(".")
    target = data
    for step in parents:
        target = target[int(step) if step.isdigit() else step]
    if value is None:
        del target[last]
    else:
        target[last] = value
    return data


def mutations(tmp_path):
    """For each property: the differences that another value of it makes in the model.

    And whether it changes what is sent, by the checksum of all that decides what is done.
    """
    base = compiled(tmp_path / "base", FULL)
    for index, (kind, name) in enumerate(zip(KINDS, FULL, strict=True)):
        for path, value in OTHER_VALUES[kind].items():
            files = FULL | {name: changed(FULL[name], path, value)}
            other = compiled(tmp_path / f"{index}-{path}", files)
            is_sent = checksum(base) != checksum(other)
            yield f"{kind.noun}: {path}", differences(base, other), base != other, is_sent


def test_each_property_reaches_the_model_and_each_field_of_the_model_a_property(tmp_path):
    reached, unsent = set(), set()
    for where, fields, differs, is_sent in mutations(tmp_path):
        assert differs, f"{where} makes no difference"
        reached |= fields
        if not is_sent and not where.startswith(UNUSED):
            unsent.add(where)
    assert unsent == NOT_SENT, "see `gatewright/model/wire.py`"
    classes = (
        model.Gateway, model.CachePolicy, model.RateLimiting, model.Retries, model.Logs,
        model.Endpoint, model.EndpointCache, model.Token, model.RequestIp, model.SpendLimits,
        model.SpendRule, model.Guardrails, model.Dlp, model.DlpPolicy, model.OtelExporter,
        model.Stripe, model.SecretReference, model.Expect, model.JsonExpectation,
        model.SmokeTexts, model.RequestOptions, model.CustomCost, model.Route, model.ModelStep,
        model.RateStep, model.ConditionalStep, model.PercentageStep, model.ProviderConfig,
        model.CustomProvider,
        model.Worker, model.WorkerGateway, model.WorkerEndpoint,
        model.Script,
    )  # fmt: skip
    fields = {
        (each.__name__, field.name)
        for each in classes
        for field in dataclasses.fields(each)
        if field.name not in NOT_FIELDS
    }
    # The names of endpoints, routes, steps and keys are keys of mappings, not properties.
    base = compiled(tmp_path / "base", FULL)
    renamed = compiled(tmp_path / "renamed", {name: with_other_keys(FULL[name]) for name in FULL})
    reached |= differences(base, renamed)
    assert {each for each in reached if each[1] not in NOT_FIELDS} == fields


def with_other_keys(value):
    if isinstance(value, list):
        return [with_other_keys(item) for item in value]
    if isinstance(value, dict):
        return {with_other_keys(key): with_other_keys(item) for key, item in value.items()}
    return f"{value}x" if isinstance(value, str) and len(value) == 1 else value


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
