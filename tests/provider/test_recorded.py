"""Each request the official provider was recorded to send is sent by the stand-in, and no other.

``recordings/`` holds what was sent, step by step: method, path below the account, body.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from provider.account import ACCOUNT, Account, refused
from provider.engine import Plugin, Stack
from provider.programs import GATEWAY, READ, SERVER_FILLED, gateway, nine_resources, token

from gatewright.plugin.values import Properties

RECORDINGS = Path(__file__).parent / "recordings"
GROUPS = (
    "cloudflare:index/getAccountApiTokenPermissionGroupsList:getAccountApiTokenPermissionGroupsList"
)
Exchange = tuple[str, str, Any]


def recording(name: str) -> dict[str, list[list[Any]]]:
    return json.loads((RECORDINGS / f"{name}.json").read_text())


def assert_sent(account: Account, recorded: list[list[Any]]) -> None:
    """The same requests, in any order: the engine works in parallel."""
    sent = [_below_account(exchange) for exchange in account.taken()]
    assert sorted(sent, key=_key) == sorted(recorded, key=_key)


def _key(exchange: list[Any]) -> str:
    return json.dumps(exchange, sort_keys=True)


def _below_account(exchange: Exchange) -> list[Any]:
    method, path, body = exchange
    path = path.removeprefix(f"/accounts/{ACCOUNT}")
    head, _, last = path.rpartition("/")
    if head.endswith("/routes"):
        path = f"{head}/{{route}}"
    elif head == "/tokens" and last.startswith("token"):
        path = "/tokens/{token}"
    return [method, path, body]


def list_groups(plugin: Plugin) -> Properties:
    return plugin.invoke(GROUPS, {"accountId": ACCOUNT, "name": "Workers%20AI%20Read"})


def test_the_life_of_nine_resources(account: Account, stack: Stack) -> None:
    recorded = recording("release-6.17.0")
    wanted = nine_resources()

    list_groups(stack.plugin)
    assert stack.up(wanted) == [f"create {name}" for name in wanted]
    assert_sent(account, recorded["create"])

    list_groups(stack.plugin)
    assert stack.up(wanted) == []
    assert_sent(account, recorded["second up"])

    stack.refresh()
    assert_sent(account, recorded["refresh"])

    list_groups(stack.plugin)
    assert stack.up(wanted) == ["update min", "update full", "replace route", "update w"]
    made, removed = [e[0] for e in account.requests if "/routes" in e[1]]
    assert (made, removed) == ("POST", "DELETE")
    assert_sent(account, recorded["up after refresh"])
    assert stack.up(wanted) == []
    assert_sent(account, [])

    for gone in ("retryMaxAttempts", "retryDelay", "retryBackoff"):
        del wanted["edge"].inputs[gone]
    wanted["edge"].inputs["cacheTtl"] = 600
    wanted["tok"] = token(READ)
    value = stack.held["tok"].state["value"]
    list_groups(stack.plugin)
    assert stack.up(wanted) == ["update edge", "update tok"]
    assert_sent(account, recorded["update"])
    assert stack.held["tok"].state["value"] == value

    stack.up({})
    assert_sent(account, recorded["destroy"])
    assert account.objects == {}


def test_the_fields_of_the_later_release(account: Account, stack: Stack) -> None:
    recorded = recording("terraform-5.22.0")
    rules = [
        {
            "limit": 10,
            "limitType": "cost",
            "window": 86400,
            "id": "daily",
            "technique": "fixed",
            "model": {"mode": "filter", "values": ["@cf/meta/llama-3.1-8b-instruct"]},
        },
        {"limit": 2.5, "limitType": "cost", "window": 3600},
    ]
    base = SERVER_FILLED | {"collectLogs": True, "authentication": True}
    policy = {
        "id": "pol1",
        "action": "FLAG",
        "checks": ["REQUEST"],
        "enabled": True,
        "profiles": ["a"],
    }
    stripe = {"authorization": "sk_x", "usageEvents": [{"payload": "{}"}]}
    guardrails = {"prompt": {"s1": "BLOCK", "p1": "FLAG"}, "response": {"s2": "FLAG"}}
    wanted = {
        "budget": gateway("budget", spendLimits={"enabled": True, "rules": rules}, **base),
        "guarded": gateway("guarded", guardrails=guardrails, **base),
        "policies": gateway(
            "policies",
            dlp={"enabled": True, "policies": [policy]},
            stripe=stripe,
            workersAiBillingMode="postpaid",
            **base,
        ),
    }
    stack.up(wanted)
    assert_sent(account, recorded["create"])
    stack.refresh()
    assert_sent(account, recorded["refresh"])
    assert stack.up(wanted) == []

    rules[0]["limit"] = 20
    for resource in wanted.values():
        for name in SERVER_FILLED:
            del resource.inputs[name]
    stack.up(wanted)
    assert_sent(account, recorded["fields unset"])
    stack.refresh()
    assert_sent(account, recorded["refresh again"])
    assert stack.up(wanted) == []

    del wanted["budget"].inputs["spendLimits"]
    del wanted["guarded"].inputs["guardrails"]
    assert stack.up(wanted) == ["update budget", "update guarded"]
    assert_sent(account, recorded["limits and guardrails removed"])
    stack.refresh()
    account.taken()
    # The peer merged and kept the limits: reported again and again, with nothing to show.
    held = stack.held["budget"]
    urn = held.wanted.urn("budget")
    found = stack.plugin.diff(urn, held.state, held.inputs, held.inputs)
    assert (found.changes, dict(found.detailedDiff)) == (found.DIFF_SOME, {})

    stack.up({})
    assert_sent(account, recorded["destroy"])


def test_faults_and_then_an_import(account: Account, stack: Stack) -> None:
    recorded = recording("faults-then-import")
    bad = refused(400, 7001, "Required", path=["body", "cache_ttl"])
    account.faults = {
        "limited": [refused(429, 971, "Please wait")],
        "flaky": [refused(504, 10004, "timeout")],
        "bad": [bad, bad],
    }
    wanted = {name: gateway(name) for name in ("limited", "flaky", "bad")}
    done = stack.up(wanted)
    assert done[0] == "create limited"
    assert "A gateway with that id already exists (code 7001, HTTP 400, POST" in done[1]
    assert "pulumi import --yes --protect=false --generate-code=false" in done[1]
    assert f"{GATEWAY} flaky {ACCOUNT}/flaky`" in done[1]
    assert "`body.cache_ttl`: Required (code 7001, HTTP 400, POST" in done[2]
    assert_sent(account, recorded["create"])

    stack.up(wanted)
    assert_sent(account, recorded["up again"])

    wanted = {"flaky": gateway("flaky")}
    wanted["flaky"].adopts = f"{ACCOUNT}/flaky"
    urn = wanted["flaky"].urn("flaky")
    stack.plugin.read(urn, f"{ACCOUNT}/flaky", {}, {})  # as its preview does
    assert stack.up(wanted) == ["import flaky", "update flaky", "delete limited"]
    assert_sent(account, recorded["import"])

    wanted["flaky"].inputs |= SERVER_FILLED | {"authentication": False, "logManagement": 10000000}
    stack.up(wanted)
    assert_sent(account, recorded["all fields set"])
    stack.refresh()
    assert stack.up(wanted) == []
    assert_sent(account, recorded["refresh"])


@pytest.mark.parametrize(
    ("name", "query"),
    [
        (None, ""),
        ("AI Gateway Run", "?name=AI%20Gateway%20Run"),
        ("AI%20Gateway%20Run", "?name=AI%2520Gateway%2520Run"),
    ],
)
def test_the_filter_of_the_permission_groups(
    account: Account, plugin: Plugin, name: str | None, query: str
) -> None:
    arguments = {"accountId": ACCOUNT} | ({"name": name} if name else {})
    answer = plugin.invoke(GROUPS, arguments)
    assert account.taken() == [
        ("GET", f"/accounts/{ACCOUNT}/tokens/permission_groups{query}", None)
    ]
    assert [group["name"] for group in answer["results"]] == ["AI Gateway Run", "Workers AI Read"]
    assert len(plugin.invoke(GROUPS, arguments | {"maxItems": 1})["results"]) == 1
