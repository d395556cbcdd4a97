"""What the program asks of our own plugin, and of pulumi-cloudflare for a user's token."""

import json
from collections.abc import Callable
from secrets import token_hex

import pytest
from pulumi.runtime import rpc
from support.recorder import ACCOUNT, GROUPS, Recorder

from gatewright.model import (
    CustomProvider,
    Deployment,
    Gateway,
    ProviderConfig,
    Route,
    SecretReference,
    SecretStore,
    Token,
    TokenKind,
)
from gatewright.model.route import ConditionalStep, ModelStep, PercentageStep
from gatewright.program import deploy

Record = Callable[[Callable[[], None]], Recorder]

MODEL = "@cf/meta/llama-3.1-8b-instruct"
ROUTE = Route(
    "assistant",
    "plan",
    (
        ConditionalStep("plan", {"metadata.plan": {"$in": ["paid", None]}}, "large", "share"),
        PercentageStep("share", {"large": 10, "end": 90}),
        ModelStep("large", "workers-ai", MODEL, 30_000, 2),
    ),
)
ROUTED = Gateway("support", authentication=True, routes=(ROUTE,))
KEY = ProviderConfig("work", "openai", secret=SecretReference(SecretStore.ENV, "KEY"), default=True)
KEYED = Gateway("support", authentication=True, provider_configs=(KEY,))
CUSTOM = CustomProvider("acme", "https://acme.example", headers={"a": "1"}, position=2)


def types(recorder: Recorder) -> list[str]:
    return sorted({args.typ for args in recorder.resources})


def test_a_route_is_sent_by_its_elements_below_its_gateway(record: Record) -> None:
    recorder = record(lambda: deploy(Deployment((ROUTED,))))
    sent = recorder.of_type("gatewright:index:DynamicRoute")["support/assistant"]
    elements = sent.pop("elements")
    assert sent == {"accountId": ACCOUNT, "gatewayId": "support", "name": "assistant"}
    to_end = {"elementId": "end"}
    assert elements == {
        "start": {"type": "start", "outputs": {"next": {"elementId": "plan"}}},
        "plan": {
            "type": "conditional",
            "outputs": {"true": {"elementId": "large"}, "false": {"elementId": "share"}},
            "properties": {"conditions": '{"metadata.plan":{"$in":["paid",null]}}'},
        },
        "share": {
            "type": "percentage",
            "outputs": {"10%": {"elementId": "large"}, "90%": to_end},
        },
        "large": {
            "type": "model",
            "outputs": {"success": to_end, "fallback": to_end},
            "properties": {
                "provider": "workers-ai",
                "model": MODEL,
                "retries": 2,
                "timeout": 30_000,
            },
        },
        "end": {"type": "end", "outputs": {}},
    }


def test_a_key_is_a_secret_and_the_token_is_no_input(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    value, token = f"sk-{token_hex(8)}", f"cfat_{token_hex(20)}"
    monkeypatch.setenv("KEY", value)
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", token)
    recorder = record(lambda: deploy(Deployment((KEYED,))))
    sent = recorder.of_type("gatewright:index:ProviderConfig")["support/work"]
    assert rpc.is_rpc_secret(sent["secret"])
    assert rpc.unwrap_rpc_secret(sent.pop("secret")) == value
    assert sent == {
        "accountId": ACCOUNT,
        "gatewayId": "support",
        "alias": "work",
        "providerSlug": "openai",
        "defaultConfig": True,
    }
    assert recorder.of_type("pulumi:providers:gatewright") == {"gatewright": {}}
    assert not any(token in str(args.inputs) for args in recorder.resources)


def test_a_custom_providers_headers_are_one_text(record: Record) -> None:
    plain = record(lambda: deploy(Deployment(custom_providers=(CUSTOM,))))
    sent = plain.of_type("gatewright:index:CustomProvider")["acme"]
    assert json.loads(sent["headers"]) == {"a": "1"}
    assert (sent["slug"], sent["baseUrl"], sent["position"]) == ("acme", "https://acme.example", 2)


def test_one_secret_makes_all_headers_secret(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY", "value-of-the-key")
    reference = SecretReference(SecretStore.ENV, "KEY")
    custom = CustomProvider("acme", "https://acme.example", headers={"a": "1", "k": reference})
    recorder = record(lambda: deploy(Deployment(custom_providers=(custom,))))
    headers = recorder.of_type("gatewright:index:CustomProvider")["acme"]["headers"]
    assert rpc.is_rpc_secret(headers)
    assert json.loads(rpc.unwrap_rpc_secret(headers)) == {"a": "1", "k": "value-of-the-key"}


def test_without_such_objects_there_is_no_plugin_to_start(record: Record) -> None:
    recorder = record(lambda: deploy(Deployment((Gateway("bare", authentication=True),))))
    assert [typ for typ in types(recorder) if "providers" in typ] == []


def test_a_users_token_belongs_to_no_account(record: Record) -> None:
    mine = Token("mine", ("AI Gateway Run",), kind=TokenKind.USER)
    recorder = record(lambda: deploy(Deployment(tokens=(mine,))))
    sent = recorder.of_type("cloudflare:index/apiToken:ApiToken")["mine"]
    assert "accountId" not in sent
    [policy] = sent["policies"]
    assert policy["permissionGroups"] == [{"id": GROUPS["AI Gateway Run"]}]
    assert json.loads(policy["resources"]) == {f"com.cloudflare.api.account.{ACCOUNT}": "*"}
    [call] = recorder.calls
    assert call.token.endswith(":getApiTokenPermissionGroupsList")


def test_what_is_adopted_is_imported_by_its_name(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY", "value-of-the-key")
    adopted = "support/routes/assistant, custom-providers/acme,support/provider_configs/openai/work"
    monkeypatch.setenv("GATEWRIGHT_ADOPT", adopted)
    gateway = Gateway("support", authentication=True, routes=(ROUTE,), provider_configs=(KEY,))
    recorder = record(lambda: deploy(Deployment((gateway,), custom_providers=(CUSTOM,))))
    imported = {args.name: args.resource_id for args in recorder.resources if args.resource_id}
    assert imported == {
        "support/assistant": f"{ACCOUNT}/support/assistant",
        "support/work": f"{ACCOUNT}/support/openai/work",
        "acme": f"{ACCOUNT}/acme",
    }
