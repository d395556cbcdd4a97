"""What refresh, import and ignored changes make of inputs and state."""

import json
from typing import Any

import grpc
import pytest
from provider.account import ACCOUNT, Account, refused
from provider.engine import Plugin, Stack, Wanted
from provider.programs import READ, RUN, worker
from provider.programs import token as account_token

from gatewright.plugin.values import UNKNOWN, Secret

GATEWAY = "cloudflare:index/aiGateway:AiGateway"
TOKEN = "cloudflare:index/accountToken:AccountToken"
UNMANAGED = ("logManagement", "logManagementStrategy")
GATEWAYS = f"/accounts/{ACCOUNT}/ai-gateway/gateways"


def gateway(**more: Any) -> Wanted:
    inputs = {
        "accountId": ACCOUNT,
        "aiGatewayId": "support",
        "authentication": True,
        "cacheInvalidateOnUpdate": False,
        "cacheTtl": 0,
        "collectLogs": True,
        "logpush": False,
        "rateLimitingInterval": 0,
        "rateLimitingLimit": 0,
        "zdr": False,
    }
    return Wanted(GATEWAY, inputs | more)


def token(**more: Any) -> Wanted:
    policy = {
        "effect": "allow",
        "permissionGroups": [{"id": "b"}, {"id": "a"}],
        "resources": json.dumps({f"com.cloudflare.api.account.{ACCOUNT}": "*"}),
    }
    return Wanted(TOKEN, {"accountId": ACCOUNT, "name": "smoke", "policies": [policy]} | more)


def test_ignored_fields_never_differ_and_are_never_sent_as_null(
    account: Account, stack: Stack
) -> None:
    wanted = {"support": gateway()}
    wanted["support"].ignore_changes = UNMANAGED
    stack.up(wanted)
    assert stack.up(wanted) == []
    stack.refresh()
    assert stack.held["support"].state["logManagement"] == 10000000
    assert stack.up(wanted) == []
    account.taken()
    wanted["support"].inputs["cacheTtl"] = 60
    assert stack.up(wanted) == ["update support"]
    [(method, _, body)] = account.taken()
    assert (method, body["log_management"], body["log_management_strategy"]) == (
        "PUT",
        10000000,
        "DELETE_OLDEST",
    )
    assert None not in body.values()


def test_before_a_refresh_ignored_fields_are_absent(account: Account, stack: Stack) -> None:
    wanted = {"support": gateway()}
    wanted["support"].ignore_changes = UNMANAGED
    stack.up(wanted)
    wanted["support"].inputs["cacheTtl"] = 60
    account.taken()
    stack.up(wanted)
    [(_, _, body)] = account.taken()
    assert not {"log_management", "log_management_strategy"} & body.keys()


def test_a_nested_path_can_be_ignored(stack: Stack) -> None:
    dlp = {"enabled": True, "action": "BLOCK", "profiles": ["a"]}
    wanted = {"support": gateway(dlp=dlp)}
    wanted["support"].ignore_changes = UNMANAGED
    stack.up(wanted)
    held = stack.held["support"]
    news = held.inputs | {"dlp": dlp | {"action": "FLAG"}}
    urn = held.wanted.urn("support")
    seen = stack.plugin.diff(urn, held.state, news, held.inputs)
    assert list(seen.detailedDiff) == ["dlp.action"]
    unseen = stack.plugin.diff(urn, held.state, news, held.inputs, ignoreChanges=["dlp.action"])
    assert unseen.changes == unseen.DIFF_NONE


def test_what_is_gone_leaves_the_state(account: Account, stack: Stack) -> None:
    stack.up({"support": gateway(), "smoke": token()})
    account.objects.clear()
    stack.refresh()
    assert stack.held == {}


@pytest.mark.parametrize("status", ["expired", "revoked (exposed)"])
def test_a_spent_token_leaves_the_state(account: Account, stack: Stack, status: str) -> None:
    stack.up({"smoke": token()})
    next(iter(account.objects.values()))["status"] = status
    stack.refresh()
    assert stack.held == {}


def test_the_value_of_a_token_is_secret_and_survives_a_refresh(stack: Stack) -> None:
    stack.up({"smoke": token()})
    value = stack.held["smoke"].state["value"]
    assert isinstance(value, Secret)
    stack.refresh()
    assert stack.held["smoke"].state["value"] == value


def test_an_imported_token_has_no_value(account: Account, plugin: Plugin, stack: Stack) -> None:
    stack.up({"smoke": token()})
    urn = token().urn("smoke")
    ident, state, inputs = plugin.read(urn, f"{ACCOUNT}/token1", {}, {})
    assert ident == "token1"
    assert state["name"] == inputs["name"] == "smoke"
    assert "value" not in state
    assert "issuedOn" not in inputs


def test_the_programs_spelling_survives_a_refresh(account: Account, stack: Stack) -> None:
    wanted = {"smoke": token(expiresOn="2027-06-30T02:00:00+02:00")}
    stack.up(wanted)
    stored = next(iter(account.objects.values()))
    stored["expires_on"] = "2027-06-30T00:00:00Z"
    stored["policies"][0]["permission_groups"].reverse()
    stored["policies"][0]["permission_groups"][0]["name"] = "AI Gateway Run"
    stack.refresh()
    assert stack.up(wanted) == []
    assert stack.held["smoke"].inputs == wanted["smoke"].inputs
    stored["expires_on"] = "2027-07-30T00:00:00Z"
    stack.refresh()
    assert stack.up(wanted) == ["update smoke"]


def test_only_inputs_stay_inputs_on_a_refresh(stack: Stack) -> None:
    stack.up({"support": gateway()})
    before = dict(stack.held["support"].inputs)
    stack.refresh()
    assert stack.held["support"].inputs == before


def test_drift_is_seen_and_mended(account: Account, stack: Stack) -> None:
    wanted = {"support": gateway()}
    wanted["support"].ignore_changes = UNMANAGED
    stack.up(wanted)
    account.objects["/ai-gateway/gateways/support"]["cache_ttl"] = 5
    stack.refresh()
    assert stack.held["support"].inputs["cacheTtl"] == 5
    assert stack.up(wanted) == ["update support"]
    assert account.objects["/ai-gateway/gateways/support"]["cache_ttl"] == 0


def test_a_nested_field_that_is_gone_is_seen_and_mended(account: Account, stack: Stack) -> None:
    wanted = {"support": gateway(dlp={"enabled": True, "action": "BLOCK", "profiles": ["a"]})}
    wanted["support"].ignore_changes = UNMANAGED
    stack.up(wanted)
    del account.objects["/ai-gateway/gateways/support"]["dlp"]["action"]
    stack.refresh()
    assert "action" not in stack.held["support"].inputs["dlp"]
    assert stack.up(wanted) == ["update support"]
    assert account.objects["/ai-gateway/gateways/support"]["dlp"]["action"] == "BLOCK"


def test_a_worker_with_observability_set_is_quiet_after_a_refresh(stack: Stack) -> None:
    wanted = worker()
    wanted["w"].inputs["observability"] = {"enabled": False}
    stack.up(wanted)
    stack.refresh()
    assert stack.up(wanted) == []
    ident, state, _ = stack.plugin.read(wanted["w"].urn("w"), f"{ACCOUNT}/hello-ai", {}, {})
    assert (ident, state["content"]) == ("hello-ai", wanted["w"].inputs["content"])


def test_secrets_go_out_in_clear_and_come_back_wrapped(account: Account, stack: Stack) -> None:
    otel = {
        "url": "https://o/",
        "headers": {"k": Secret("hush-1")},
        "authorization": Secret("hush"),
    }
    wanted = {"support": gateway(otels=[otel])}
    stack.up(wanted)
    assert account.taken()[0][2]["otel"][0]["authorization"] == "hush"
    stack.refresh()
    held = stack.held["support"]
    assert held.inputs["otels"] == [otel]
    assert isinstance(held.state["otels"], Secret)
    assert "hush" not in repr(held)
    account.objects["/ai-gateway/gateways/support"]["otel"][0]["authorization"] = "hush-2"
    stack.refresh()
    assert stack.held["support"].inputs["otels"][0]["authorization"] == Secret("hush-2")
    assert "hush" not in repr(stack.held["support"])


def test_a_preview_sends_nothing_and_knows_what_it_does_not_know(
    account: Account, plugin: Plugin
) -> None:
    urn = token().urn("smoke")
    ident, state = plugin.create(urn, token(name=UNKNOWN).inputs, preview=True)
    assert ident == ""
    assert state["name"] is UNKNOWN
    assert state["value"] == Secret(UNKNOWN)
    ident, made = plugin.create(urn, token().inputs)
    account.taken()
    changed = plugin.update(urn, ident, made, token(name="b").inputs, preview=True)
    assert (changed["name"], changed["value"]) == ("b", made["value"])
    assert account.taken() == []


@pytest.mark.parametrize(
    ("kind", "property_name"),
    [(GATEWAY, "aiGatewayId"), (GATEWAY, "accountId"), (TOKEN, "accountId")],
)
def test_what_replaces(stack: Stack, kind: str, property_name: str) -> None:
    wanted = gateway() if kind == GATEWAY else token()
    stack.up({"it": wanted})
    held = stack.held["it"]
    news = wanted.inputs | {property_name: "other"}
    found = stack.plugin.diff(wanted.urn("it"), held.state, news, held.inputs)
    assert list(found.replaces) == [property_name]
    assert (
        found.detailedDiff[property_name].kind == found.detailedDiff[property_name].UPDATE_REPLACE
    )
    unknown = stack.plugin.diff(
        wanted.urn("it"), held.state, wanted.inputs | {property_name: UNKNOWN}, held.inputs
    )
    assert list(unknown.replaces) == [property_name]


def test_the_kinds_of_a_difference(stack: Stack) -> None:
    wanted = gateway(retryDelay=500, guardrails={"prompt": {"s1": "FLAG"}, "response": {}})
    stack.up({"it": wanted})
    held = stack.held["it"]
    news = wanted.inputs | {
        "cacheTtl": 60,
        "storeId": "s",
        "guardrails": {"prompt": {"s2": "FLAG"}, "response": {}},
    }
    del news["retryDelay"]
    found = stack.plugin.diff(wanted.urn("it"), held.state, news, held.inputs)
    kinds = {path: entry.Kind.Name(entry.kind) for path, entry in found.detailedDiff.items()}
    assert kinds == {
        "cacheTtl": "UPDATE",
        "storeId": "ADD",
        "retryDelay": "DELETE",
        "guardrails.prompt.s1": "DELETE",
        "guardrails.prompt.s2": "ADD",
    }
    assert list(found.replaces) == []
    assert "cacheTtl" in found.diffs


def test_deleting_what_is_gone_is_an_error_as_with_the_official_provider(
    account: Account, stack: Stack
) -> None:
    stack.up({"support": gateway()})
    account.objects.clear()
    with pytest.raises(grpc.RpcError) as raised:
        stack.up({})
    assert "HTTP 404, DELETE" in raised.value.details()


def test_a_malformed_import_id_says_the_right_form(account: Account, plugin: Plugin) -> None:
    with pytest.raises(grpc.RpcError) as raised:
        plugin.read(gateway().urn("it"), "support", {}, {})
    assert raised.value.details() == (
        "the id of a gateway to import is `<accountId>/<id>`, not `support`"
    )
    assert account.taken() == []


def test_an_object_that_cannot_be_read_stays_in_the_state(account: Account, stack: Stack) -> None:
    stack.up({"support": gateway()})
    account.faults = {"/ai-gateway/gateways/support": [refused(403, 10000, "Authentication error")]}
    with pytest.raises(grpc.RpcError) as raised:
        stack.refresh()
    assert raised.value.details() == (
        "Cloudflare refused while reading gateway `support`: Authentication error "
        f"(code 10000, HTTP 403, GET {GATEWAYS}/support)"
    )
    assert "support" in stack.held


def test_a_users_token_is_below_the_user_and_changed_in_place(
    account: Account, stack: Stack
) -> None:
    def mine(*groups: str) -> Wanted:
        inputs = dict(account_token(*groups).inputs)
        del inputs["accountId"]
        return Wanted("cloudflare:index/apiToken:ApiToken", inputs)

    assert stack.up({"mine": mine(RUN)}) == ["create mine"]
    value = stack.held["mine"].state["value"]
    assert isinstance(value, Secret)
    assert stack.up({"mine": mine(RUN, READ)}) == ["update mine"]
    stack.refresh()
    assert stack.up({"mine": mine(RUN, READ)}) == []
    assert stack.held["mine"].state["value"] == value
    assert stack.up({}) == ["delete mine"]
    asked = [(method, path) for method, path, _ in account.requests if method != "GET"]
    one = "/user/tokens/token1"
    assert asked == [("POST", "/user/tokens"), ("PUT", one), ("DELETE", one)]
