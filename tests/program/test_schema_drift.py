"""The spec language beside the fields of Cloudflare's SDK and of pulumi_cloudflare.

The specs in `every_field` use every property of the language; what the program and the plugins
make of them is what is compared. A field that one side gains or loses fails here, and so does
a reason that nothing needs any more.
"""

import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cloudflare.types.ai_gateway as ai_gateway_types
import pulumi
import pulumi_cloudflare
import pytest
import yaml
from contract.sdk_types import of_sdk
from pulumi.runtime import config, rpc
from support.drift import differences, of_pulumi, unused
from support.recorder import Recorder

from gatewright import program, spec
from gatewright.provider import planning
from gatewright.provider.tables import RESOURCES
from gatewright.resources import custom_provider, dynamic_route, provider_config
from gatewright.spec import schemas

EVERY = Path(__file__).with_name("every_field")
FOLDERS = {
    "gateway": ".",
    "cache-policy": "cache-policies",
    "custom-provider": "custom-providers",
    "token": "tokens",
    "worker": "workers",
}
#: Of the language, what is not there because it is only for callers of the gateway.
CALLS = {"gateway": ("endpoints", "smoke"), "worker": ("endpoints",)}
SECRETS = ("OTEL_AUTHORIZATION", "STRIPE_KEY", "OPENAI_KEY", "ACME_KEY")
OWN = {
    "gatewright:index:DynamicRoute": dynamic_route.KIND,
    "gatewright:index:ProviderConfig": provider_config.KIND,
    "gatewright:index:CustomProvider": custom_provider.KIND,
}
ROUTE, KEY, CUSTOM = OWN
GATEWAY = "cloudflare:index/aiGateway:AiGateway"
TOKEN = "cloudflare:index/accountToken:AccountToken"
USER_TOKEN = "cloudflare:index/apiToken:ApiToken"
SCRIPT = "cloudflare:index/workersScript:WorkersScript"
SUBDOMAIN = "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain"


_BELOW = "of the account: one resource allows all of it"
_STATUS = "a token that should not work is deleted, not disabled"
_ONE = (
    "a Worker of ours calls models through a gateway: that binding and its settings are all it has"
)
_UPLOAD = "how the official plugin, or we, upload it: one module, all of it each time"
_RUNTIME = "left to Cloudflare's defaults: a Worker of ours only calls a gateway"


@dataclass(frozen=True, slots=True)
class Type:
    """A type, the resource whose arguments or body it is, and in what it differs, each with why.

    ``name`` is the class, after its module below `cloudflare.types` or `pulumi_cloudflare`.
    """

    resource: str
    name: str
    reasons: Mapping[str, str] = field(default_factory=dict)
    is_update: bool = False


_TOKEN = {
    "policies.effect: `deny` is never sent": "a token of ours has one policy, which allows",
    "policies.permission_groups.meta: never sent": "only comes back",
    "policies.resources[record]: never sent": _BELOW,
}
_BINDINGS = (
    *("ai_search", "ai_search_namespace", "analytics_engine", "artifacts", "assets", "browser"),
    *("d1", "data_blob", "dispatch_namespace", "durable_object_namespace", "flagship"),
    *("hyperdrive", "images", "inherit", "json", "k2", "kv_namespace", "media", "messaging"),
    *("mtls_certificate", "pipelines", "queue", "r2_bucket", "ratelimit", "secret_key"),
    *("secret_text", "secrets_store_secret", "send_email", "service", "text_blob", "vectorize"),
    *("version_metadata", "vpc_network", "vpc_service", "wasm_module", "workflow"),
)
_BINDING_FIELDS = (
    *("algorithm", "allowedDestinationAddresses", "allowedSenderAddresses", "appId", "bucketName"),
    *("certificateId", "className", "databaseId", "dataset", "destinationAddress"),
    *("dispatchNamespace", "entrypoint", "environment", "format", "id", "indexName"),
    *("instanceName", "json", "jurisdiction", "keyBase64", "keyJwk", "namespace", "namespaceId"),
    *("networkId", "oldName", "outbound", "part", "pipeline", "queueName", "retry", "scriptName"),
    *("secretName", "service", "serviceId", "simple", "storeId", "stream", "tunnelId", "usages"),
    *("versionId", "workflowName"),
)


def never(reason: str, *places: str) -> dict[str, str]:
    return {f"{place}: never sent": reason for place in places}


SDK = (
    Type(GATEWAY, "ai_gateway.ai_gateway_create_params.AIGatewayCreateParams"),
    Type(GATEWAY, "ai_gateway.ai_gateway_update_params.AIGatewayUpdateParams", is_update=True),
    Type(TOKEN, "accounts.token_create_params.TokenCreateParams", _TOKEN),
    Type(
        TOKEN,
        "accounts.token_update_params.TokenUpdateParams",
        _TOKEN | never(_STATUS, "status"),
        is_update=True,
    ),
    Type(USER_TOKEN, "user.token_create_params.TokenCreateParams", _TOKEN),
    Type(
        USER_TOKEN,
        "user.token_update_params.TokenUpdateParams",
        _TOKEN | never(_STATUS, "status"),
        is_update=True,
    ),
    Type(
        ROUTE,
        "ai_gateway.dynamic_routing_create_params.DynamicRoutingCreateParams",
        never(
            "an end leads nowhere: live, only an empty one was taken",
            "elements[end].outputs.elementId",
        ),
    ),
    Type(KEY, "ai_gateway.provider_config_create_params.ProviderConfigCreateParams"),
    Type(CUSTOM, "ai_gateway.custom_provider_create_params.CustomProviderCreateParams"),
    Type(
        SCRIPT,
        "workers.script_update_params.Metadata",
        {
            "content: not in the type": "a part of the upload, beside the metadata",
            "usage_model: `bundled` is never sent": "an old plan's",
            "usage_model: `unbound` is never sent": "an old plan's",
        }
        | never(_ONE, *(f"bindings[{kind}]" for kind in _BINDINGS))
        | never(_UPLOAD, "body_part", "keep_assets", "keep_bindings", "package_dependencies")
        | never(_ONE, "assets", "exports", "migrations", "tail_consumers")
        | never(_RUNTIME, "annotations", "cache_options", "compatibility_flags", "limits")
        | never(_RUNTIME, "observability", "placement", "tags"),
    ),
    Type(SUBDOMAIN, "workers.scripts.subdomain_create_params.SubdomainCreateParams"),
)
PULUMI = (
    Type(GATEWAY, "ai_gateway.AiGatewayArgs"),
    Type(TOKEN, "account_token.AccountTokenArgs", never(_STATUS, "status")),
    Type(USER_TOKEN, "api_token.ApiTokenArgs", never(_STATUS, "status")),
    Type(
        SCRIPT,
        "workers_script.WorkersScriptArgs",
        never(_ONE, *(f"bindings.{name}" for name in _BINDING_FIELDS))
        | never(_UPLOAD, "bindingsInherit", "bodyPart", "contentFile", "contentSha256")
        | never(_UPLOAD, "contentType", "files", "keepAssets", "keepBindings")
        | never(_UPLOAD, "packageDependencies")
        | never(_ONE, "assets", "exports", "migrations", "tailConsumers")
        | never(_RUNTIME, "annotations", "cacheOptions", "compatibilityFlags", "limits", "logpush")
        | never(_RUNTIME, "observability", "placement", "usageModel")
        | never("a Worker that others still need is not deleted", "force"),
    ),
    Type(SUBDOMAIN, "workers_script_subdomain.WorkersScriptSubdomainArgs"),
)
#: What can be made below `ai-gateway`, by the SDK, and why it is not declared here.
NOT_DECLARED = {
    "dataset": "a filter of logs that the dashboard saves; nothing that a request meets",
    "evaluation": "is run once on such a filter; it is a job, no configuration",
}
#: Resources of pulumi_cloudflare for AI gateways, and why one is not used.
NOT_USED = {"AiGatewayDynamicRouting": "loses its elements on a refresh: ADR 7"}


@pytest.fixture(scope="module")
def documents() -> dict[str, list[Any]]:
    """The specs in `every_field` by kind."""
    return {
        kind: [
            yaml.safe_load(path.read_text())
            for path in sorted((EVERY / "gateways" / folder).glob("*.yaml"))
        ]
        for kind, folder in FOLDERS.items()
    }


@pytest.fixture(scope="module")
def kept() -> list[Recorder]:
    """The program runs once."""
    return []


@pytest.fixture
def recorder(
    kept: list[Recorder], request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Recorder:
    """What the program asks of the engine for them."""
    if kept:
        return kept[0]
    monkeypatch.chdir(EVERY)
    for name in SECRETS:
        monkeypatch.setenv(name, "value")
    deployment = spec.load(EVERY).deployment
    assert deployment is not None, spec.report.text(spec.load(EVERY))
    before = dict(config.CONFIG.get())
    pulumi.runtime.set_all_config({"gatewright:otelKey": "value"}, ["gatewright:otelKey"])
    record = request.getfixturevalue("record")
    kept.append(record(lambda: program.deploy(deployment)))
    pulumi.runtime.set_all_config(before)
    return kept[0]


def plain(value: Any) -> Any:
    """Without the envelopes of secrets."""
    if isinstance(value, dict):
        if "value" in value and rpc._special_sig_key in value:
            return plain(value["value"])
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def inputs(recorder: Recorder, kind: str) -> list[dict[str, Any]]:
    return [plain(found) for found in recorder.of_type(kind).values()]


def body(each: Type, given: dict[str, Any]) -> dict[str, Any]:
    """What a plugin sends for it."""
    if each.resource in OWN:
        return OWN[each.resource].create(given)
    resource = RESOURCES[each.resource]
    plan = planning.planned(resource, given, {})
    if each.is_update:
        sent = planning.update_body(resource, plan, {})
        sent.pop("id", None)  # the plugin sends it, the API takes it, and it changes nothing
        return sent
    return planning.creation_body(resource, plan)


def named(name: str) -> Any:
    module, _, found = name.rpartition(".")
    return getattr(importlib.import_module(module), found)


@pytest.mark.parametrize("kind", FOLDERS)
def test_the_specs_use_every_property_of_the_language(
    kind: str, documents: dict[str, list[Any]]
) -> None:
    found = unused(json.loads(schemas.texts()[kind]), documents[kind])
    assert [each for each in found if each.partition(".")[0] not in CALLS.get(kind, ())] == []


@pytest.mark.parametrize("each", SDK, ids=lambda each: each.name)
def test_what_is_sent_has_the_fields_of_the_sdk(each: Type, recorder: Recorder) -> None:
    sent = [body(each, given) for given in inputs(recorder, each.resource)]
    form = of_sdk(named(f"cloudflare.types.{each.name}"))
    assert sent
    assert set(differences(form, sent)) == each.reasons.keys()


@pytest.mark.parametrize("each", PULUMI, ids=lambda each: each.name)
def test_the_program_gives_the_arguments_of_pulumi_cloudflare(
    each: Type, recorder: Recorder
) -> None:
    given = inputs(recorder, each.resource)
    form = of_pulumi(named(f"pulumi_cloudflare.{each.name}"))
    assert given
    assert set(differences(form, given)) == each.reasons.keys()


def test_every_kind_of_object_of_ai_gateways_is_declared_or_is_not_for_a_reason() -> None:
    folder = Path(str(ai_gateway_types.__file__)).parent
    kinds = {
        path.name.removesuffix("_create_params.py") for path in folder.glob("*_create_params.py")
    }
    declared = {each.name.split(".")[1].removesuffix("_create_params") for each in SDK}
    assert kinds - declared == NOT_DECLARED.keys()


def test_every_resource_of_pulumi_for_ai_gateways_is_used_or_is_not_for_a_reason() -> None:
    folder = Path(str(pulumi_cloudflare.__file__)).parent
    names = {
        "".join(part.capitalize() for part in path.stem.split("_"))
        for path in folder.glob("ai_gateway*.py")
    }
    used = {each.name.rpartition(".")[2].removesuffix("Args") for each in PULUMI}
    assert names - used == NOT_USED.keys()


def test_a_field_that_appears_or_goes_is_told() -> None:
    form = ("object", {"kept": ("enum", ("a", "b")), "new": ("string", False)})
    form[1]["kept"] = (form[1]["kept"], False)
    assert [*differences(form, [{"kept": "a", "gone": 1}])] == [
        "gone: not in the type",
        "kept: `b` is never sent",
        "new: never sent",
    ]
