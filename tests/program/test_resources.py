"""What the program asks the engine for, recorded."""

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from support.recorder import ACCOUNT, GROUPS, Recorder

from gatewright.model import (
    CachePolicy,
    Deployment,
    Gateway,
    Logs,
    RateLimiting,
    RequestIp,
    Retries,
    Token,
)
from gatewright.program import deploy

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
        "cacheInvalidateOnUpdate": False,
        "cacheTtl": 0,
        "collectLogs": True,
        "logpush": False,
        "rateLimitingInterval": 0,
        "rateLimitingLimit": 0,
        "zdr": False,
    }


def test_every_declared_field_reaches_its_argument(record: Record) -> None:
    gateway = Gateway(
        "full",
        authentication=True,
        cache=CachePolicy(ttl=300, invalidate_on_update=True),
        rate_limiting=RateLimiting(limit=100, interval=60, technique="sliding"),
        retries=Retries(max_attempts=3, delay=500, backoff="exponential"),
        logs=Logs(collect=False, limit=100_000, strategy="DELETE_OLDEST"),
        logpush=True,
        zdr=True,
    )
    assert gateway_inputs(record, gateway) == {
        "accountId": ACCOUNT,
        "aiGatewayId": "full",
        "authentication": True,
        "cacheInvalidateOnUpdate": True,
        "cacheTtl": 300,
        "collectLogs": False,
        "logManagement": 100_000,
        "logManagementStrategy": "DELETE_OLDEST",
        "logpush": True,
        "rateLimitingInterval": 60,
        "rateLimitingLimit": 100,
        "rateLimitingTechnique": "sliding",
        "retryBackoff": "exponential",
        "retryDelay": 500,
        "retryMaxAttempts": 3,
        "zdr": True,
    }


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
