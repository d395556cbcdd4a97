"""What the program asks the engine for, recorded."""

import inspect
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from secrets import token_hex
from typing import Any

import pulumi
import pulumi_cloudflare as cloudflare
import pytest
from pulumi.runtime import config, rpc
from support.recorder import ACCOUNT, GROUPS, Recorder

from gatewright.model import (
    Action,
    CachePolicy,
    Deployment,
    Dlp,
    DlpPolicy,
    Gateway,
    Guardrails,
    Hazard,
    Location,
    Logs,
    OtelExporter,
    RateLimiting,
    RequestIp,
    Retries,
    SecretReference,
    SecretStore,
    Source,
    SpendLimits,
    SpendRule,
    Stripe,
    Token,
)
from gatewright.model.wire import SERVER_DECIDED, unmanaged_fields
from gatewright.program import arguments, deploy

Record = Callable[[Callable[[], None]], Recorder]

GATEWAY = "cloudflare:index/aiGateway:AiGateway"
TOKEN = "cloudflare:index/accountToken:AccountToken"

SMOKE = Token("smoke", ("AI Gateway Run", "Workers AI Read"))


def gateway_inputs(record: Record, gateway: Gateway) -> dict[str, Any]:
    recorder = record(lambda: deploy(Deployment(gateways=(gateway,))))
    return recorder.of_type(GATEWAY)[gateway.id]


def test_a_bare_gateway_sends_what_must_be_sent_and_nothing_else(record: Record) -> None:
    assert gateway_inputs(record, Gateway("bare", authentication=False)) == {
        "accountId": ACCOUNT,
        "aiGatewayId": "bare",
        "authentication": False,
        "byokOnly": False,
        "cacheInvalidateOnUpdate": False,
        "cacheTtl": 0,
        "collectLogs": True,
        "logClassification": False,
        "logpush": False,
        "otels": [],
        "rateLimitingInterval": 0,
        "rateLimitingLimit": 0,
        "rateLimitingTechnique": "fixed",
        "spendLimits": {"enabled": False, "rules": []},
        "workersAiBillingMode": "postpaid",
        "zdr": False,
    }


FULL = Gateway(
    "full",
    authentication=True,
    cache=CachePolicy(ttl=300, invalidate_on_update=True),
    rate_limiting=RateLimiting(limit=100, interval=60, technique="sliding"),
    retries=Retries(max_attempts=3, delay=500, backoff="exponential"),
    logs=Logs(collect=False, classification=True, limit=100_000, strategy="DELETE_OLDEST"),
    logpush=True,
    logpush_public_key="-----BEGIN PUBLIC KEY-----",
    zdr=True,
    byok_only=True,
    workers_ai_billing_mode="unified",
    store_id="store",
    spend_limits=SpendLimits(
        (
            SpendRule(
                limit=2.5,
                window=3600,
                given_id="hourly",
                enabled=False,
                technique="fixed",
                # Keys that people choose, however much they look like ours.
                metadata={"limitType": None, "cf.user_id": ("a", "b")},
                model=("m",),
                provider=("p",),
            ),
        )
    ),
    guardrails=Guardrails(prompt={Hazard.HATE: Action.BLOCK, Hazard.PROMPT_INJECTION: Action.FLAG}),
    dlp=Dlp(policies=(DlpPolicy("cards", Action.BLOCK, ("REQUEST",), ("profile",)),)),
    otel=(
        OtelExporter(
            "https://collector.example.com",
            authorization=SecretReference(SecretStore.ENV, "OTEL"),
            headers={"X.Key": SecretReference(SecretStore.CONFIG, "otelKey")},
            content_type="protobuf",
        ),
    ),
    stripe=Stripe(SecretReference(SecretStore.ENV, "STRIPE"), ("{}",)),
)


@pytest.fixture
def configure() -> Iterator[Callable[..., None]]:
    """Set the stack's configuration."""
    before = dict(config.CONFIG.get())
    yield config.set_all_config
    config.set_all_config(before, [])


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch, configure: Callable[..., None]) -> dict[str, str]:
    """Values for what FULL refers to, by name."""
    values = {name: f"{name}-{token_hex(8)}" for name in ("OTEL", "STRIPE", "otelKey")}
    monkeypatch.setenv("OTEL", values["OTEL"])
    monkeypatch.setenv("STRIPE", values["STRIPE"])
    configure({"gatewright:otelKey": values["otelKey"]}, ["gatewright:otelKey"])
    return values


def test_every_declared_field_reaches_its_argument(record: Record, secrets: dict[str, str]) -> None:
    inputs = gateway_inputs(record, FULL)
    secret = {name for name, value in inputs.items() if rpc.is_rpc_secret(value)}
    assert secret == {"otels", "stripe"}
    assert {name: rpc.unwrap_rpc_secret(value) for name, value in inputs.items()} == {
        "accountId": ACCOUNT,
        "aiGatewayId": "full",
        "authentication": True,
        "byokOnly": True,
        "cacheInvalidateOnUpdate": True,
        "cacheTtl": 300,
        "collectLogs": False,
        "dlp": {
            "enabled": True,
            "policies": [
                {
                    "action": "BLOCK",
                    "checks": ["REQUEST"],
                    "enabled": True,
                    "id": "cards",
                    "profiles": ["profile"],
                }
            ],
        },
        "guardrails": {"prompt": {"s10": "BLOCK", "p1": "FLAG"}, "response": {}},
        "logClassification": True,
        "logManagement": 100_000,
        "logManagementStrategy": "DELETE_OLDEST",
        "logpush": True,
        "logpushPublicKey": "-----BEGIN PUBLIC KEY-----",
        "otels": [
            {
                "authorization": secrets["OTEL"],
                "contentType": "protobuf",
                "headers": {"X.Key": secrets["otelKey"]},
                "url": "https://collector.example.com",
            }
        ],
        "rateLimitingInterval": 60,
        "rateLimitingLimit": 100,
        "rateLimitingTechnique": "sliding",
        "retryBackoff": "exponential",
        "retryDelay": 500,
        "retryMaxAttempts": 3,
        "spendLimits": {
            "enabled": True,
            "rules": [
                {
                    "aiGatewayProvider": {"mode": "filter", "values": ["p"]},
                    "enabled": False,
                    "id": "hourly",
                    "limit": 2.5,
                    "limitType": "cost",
                    "metadata": {
                        "limitType": {"mode": "partition"},
                        "cf.user_id": {"mode": "filter", "values": ["a", "b"]},
                    },
                    "model": {"mode": "filter", "values": ["m"]},
                    "technique": "fixed",
                    "window": 3600,
                }
            ],
        },
        "storeId": "store",
        "stripe": {"authorization": secrets["STRIPE"], "usageEvents": [{"payload": "{}"}]},
        "workersAiBillingMode": "unified",
        "zdr": True,
    }


def test_the_other_form_of_dlp(record: Record) -> None:
    dlp = Dlp(enabled=False, action=Action.FLAG, profiles=("a", "b"))
    inputs = gateway_inputs(record, Gateway("a", authentication=True, dlp=dlp))
    assert inputs["dlp"] == {"action": "FLAG", "enabled": False, "profiles": ["a", "b"]}


def test_each_name_of_the_table_is_an_argument() -> None:
    classes = {
        (): cloudflare.AiGatewayArgs,
        ("dlp", "policies"): cloudflare.AiGatewayDlpPolicyArgs,
        ("spend_limits", "rules"): cloudflare.AiGatewaySpendLimitsRuleArgs,
        ("guardrails", "prompt"): cloudflare.AiGatewayGuardrailsPromptArgs,
        ("guardrails", "response"): cloudflare.AiGatewayGuardrailsResponseArgs,
    }
    for place, name in arguments.NAMES.items():
        assert name in inspect.signature(classes[place[:-1]].__init__).parameters


def test_what_the_server_decides_is_not_managed_unless_declared(record: Record) -> None:
    assert unmanaged_fields(Gateway("a", authentication=True)) == SERVER_DECIDED
    assert unmanaged_fields(FULL) == ()


SECRETS = {
    "missing": (SecretReference(SecretStore.ENV, "STRIPE"), {}, [], "`STRIPE` is not set"),
    "unset": (
        SecretReference(SecretStore.CONFIG, "key"),
        {},
        [],
        "pulumi config set --secret gatewright:key",
    ),
    "empty": (
        SecretReference(SecretStore.CONFIG, "key"),
        {"gatewright:key": ""},
        ["gatewright:key"],
        "has no secret `gatewright:key`",
    ),
    "in-clear": (
        SecretReference(SecretStore.CONFIG, "key"),
        {"gatewright:key": "in-the-open"},
        [],
        "`gatewright:key` stands in clear",
    ),
}


@pytest.mark.parametrize("case", SECRETS)
def test_a_secret_that_cannot_be_had_stops_the_program_before_anything_is_registered(
    record: Record,
    monkeypatch: pytest.MonkeyPatch,
    configure: Callable[..., None],
    case: str,
) -> None:
    reference, values, secret_keys, said = SECRETS[case]
    monkeypatch.setenv("STRIPE", "")
    configure(values, secret_keys)
    located = replace(
        reference, source=Source(lambda path: Location(*path), ("gateways/a.yaml", 7, 3))
    )
    other = SecretReference(SecretStore.ENV, "GATEWRIGHT_TEST_UNSET")
    gateway = Gateway(
        "a",
        authentication=True,
        otel=(OtelExporter("https://collector.example.com", authorization=other),),
        stripe=Stripe(located, ("{}",)),
    )
    with pytest.raises(pulumi.RunError) as refused:
        record(lambda: deploy(Deployment(gateways=(gateway,))))
    assert "gateways/a.yaml:7: gateway `a`: " in str(refused.value)
    assert said in str(refused.value)
    assert "`GATEWRIGHT_TEST_UNSET` is not set" in str(refused.value)
    assert "in-the-open" not in str(refused.value)


def test_a_rotated_token_has_another_name_in_the_account(record: Record) -> None:
    tokens = (replace(SMOKE, generation=2, not_before="2027-01-01T00:00:00Z"),)
    recorder = record(lambda: deploy(Deployment(tokens=tokens)))
    inputs = recorder.of_type(TOKEN)["smoke"]
    assert inputs["name"] == "smoke #2"
    assert inputs["notBefore"] == "2027-01-01T00:00:00Z"


def test_a_token_has_one_policy_with_sorted_group_ids(record: Record) -> None:
    token = Token(
        "smoke",
        ("Workers AI Read", "AI Gateway Run"),
        expires="2027-06-30T23:59:59Z",
        request_ip=RequestIp(allow=("192.0.2.0/24",), deny=("192.0.2.7/32",)),
    )
    recorder = record(lambda: deploy(Deployment(tokens=(token,))))
    inputs = recorder.of_type(TOKEN)["smoke"]
    [policy] = inputs.pop("policies")
    assert json.loads(policy.pop("resources")) == {f"com.cloudflare.api.account.{ACCOUNT}": "*"}
    assert policy == {
        "effect": "allow",
        "permissionGroups": [
            {"id": GROUPS["AI Gateway Run"]},
            {"id": GROUPS["Workers AI Read"]},
        ],
    }
    assert inputs == {
        "accountId": ACCOUNT,
        "condition": {"requestIp": {"ins": ["192.0.2.0/24"], "notIns": ["192.0.2.7/32"]}},
        "expiresOn": "2027-06-30T23:59:59Z",
        "name": "smoke",
    }


def test_permission_groups_are_listed_once_without_a_filter(record: Record) -> None:
    other = Token("reader", ("AI Gateway Read",))
    recorder = record(lambda: deploy(Deployment(tokens=(SMOKE, other))))
    [call] = recorder.calls
    assert "name" not in call.args


def test_a_list_that_is_refused_is_a_sentence(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**arguments: Any) -> None:
        del arguments
        raise Exception("invocation of groups returned an error: Authentication error (401)")  # noqa: TRY002  # as the SDK does

    monkeypatch.setattr(cloudflare, "get_account_api_token_permission_groups_list", refuse)
    with pytest.raises(pulumi.RunError) as refused:
        record(lambda: deploy(Deployment(tokens=(SMOKE,))))
    said, hint = str(refused.value).splitlines()
    assert said.endswith("could not be listed: Authentication error (401)")
    assert hint == "hint: `gatewright doctor` examines the deploying token"


@pytest.mark.parametrize("token", ["cfat_x\n", "cfat x", "cfat_ä"])
def test_a_token_that_can_be_none_stops_the_program(
    record: Record, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", token)
    with pytest.raises(pulumi.RunError, match="has characters that no token has") as refused:
        record(lambda: deploy(Deployment(gateways=(Gateway("a", authentication=True),))))
    assert token not in str(refused.value)


def test_nothing_is_listed_when_no_token_is_declared(record: Record) -> None:
    recorder = record(lambda: deploy(Deployment(gateways=(Gateway("a", authentication=True),))))
    assert recorder.calls == []


def test_an_unknown_permission_stops_the_program_before_anything_is_registered(
    record: Record,
) -> None:
    token = Token("smoke", ("AI Gateway Rum",))
    gateway = Gateway("a", authentication=True)
    with pytest.raises(pulumi.RunError) as refused:
        record(lambda: deploy(Deployment(gateways=(gateway,), tokens=(token,))))
    assert "`AI Gateway Rum`" in str(refused.value)
    assert "did you mean `AI Gateway Run`" in str(refused.value)


@pytest.mark.parametrize(
    ("account", "said"),
    [("", "no Cloudflare account id"), ("not-an-account", "32 hexadecimal digits")],
)
def test_a_bad_account_id_stops_the_program(
    record: Record, monkeypatch: pytest.MonkeyPatch, account: str, said: str
) -> None:
    monkeypatch.setenv("CLOUDFLARE_ACCOUNT_ID", account)
    with pytest.raises(pulumi.RunError, match=said):
        record(lambda: deploy(Deployment(tokens=(SMOKE,))))


def test_adopting_imports_only_the_gateway_that_is_named(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWRIGHT_ADOPT", "a")
    gateways = tuple(Gateway(name, authentication=True) for name in ("a", "b"))
    recorder = record(lambda: deploy(Deployment(gateways=gateways)))
    imported = {args.name: args.resource_id for args in recorder.resources if args.typ == GATEWAY}
    assert imported == {"a": f"{ACCOUNT}/a", "b": ""}
