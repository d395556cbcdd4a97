"""Each kind through its life: what is sent, what a refresh brings, what a difference names."""

import json
from secrets import token_hex
from typing import Any

import grpc
import pytest
from emulator.peer import Peer
from provider.engine import Plugin, Stack, Wanted
from pulumi.runtime.proto import provider_pb2 as pb
from resources.programs import custom, elements, key, model, route

from gatewright.plugin.values import UNKNOWN, Secret, plain, to_struct

KINDS = {"route": route, "key": key, "custom": custom}
ROUTES = "/ai-gateway/gateways/edge/routes"
CONFIGS = "/ai-gateway/gateways/edge/provider_configs"
CUSTOM = "/ai-gateway/custom-providers"
COLLECTIONS = {"route": ROUTES, "key": CONFIGS, "custom": CUSTOM}


def listed(peer: Peer, kind: str) -> list[dict[str, Any]]:
    answer = peer.api("GET", COLLECTIONS[kind]).json()
    found: list[dict[str, Any]] = answer["data"]["routes"] if kind == "route" else answer["result"]
    return found


def paths(plugin: Plugin, stack: Stack, name: str, wanted: Wanted) -> dict[str, int]:
    """The places that a difference names, with their kinds."""
    held = stack.held[name]
    found = plugin.diff(wanted.urn(name), held.state, wanted.inputs, held.inputs)
    return {path: change.kind for path, change in found.detailedDiff.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_second_up_and_one_after_a_refresh_do_nothing(stack: Stack, kind: str) -> None:
    program = {"it": KINDS[kind]()}
    assert stack.up(program) == ["create it"]
    before = (stack.held["it"].state, stack.held["it"].inputs)
    assert stack.up(program) == []
    stack.refresh()
    assert (stack.held["it"].state, stack.held["it"].inputs) == before
    assert stack.up(program) == []


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_gone_is_made_again_and_its_deletion_is_no_error(
    peer: Peer, stack: Stack, kind: str
) -> None:
    program = {"it": KINDS[kind]()}
    stack.up(program)
    peer.result("DELETE", f"{COLLECTIONS[kind]}/{stack.held['it'].ident}")
    assert stack.up({}) == ["delete it"]
    stack.up(program)
    peer.result("DELETE", f"{COLLECTIONS[kind]}/{stack.held['it'].ident}")
    stack.refresh()
    assert stack.up(program) == ["create it"]
    assert len(listed(peer, kind)) == 1


def test_an_edit_of_a_route_is_a_new_version_of_the_same_route(
    peer: Peer, plugin: Plugin, stack: Stack
) -> None:
    stack.up({"it": route(first=model(timeout=10_000))})
    [before] = listed(peer, "route")
    edited = route(first=model(timeout=20_000))
    assert paths(plugin, stack, "it", edited) == {
        "elements.first.properties.timeout": pb.PropertyDiff.UPDATE
    }
    assert stack.up({"it": edited}) == ["update it"]
    [after] = listed(peer, "route")
    assert after["id"] == before["id"]
    assert after["version"]["version_id"] != before["version"]["version_id"]
    assert json.loads(after["version"]["data"])[1]["properties"]["timeout"] == 20_000
    assert stack.held["it"].state["versionId"] == after["version"]["version_id"]


def test_a_route_that_is_renamed_keeps_its_id_and_its_version(peer: Peer, stack: Stack) -> None:
    stack.up({"it": route("old")})
    [before] = listed(peer, "route")
    assert stack.up({"it": route("new")}) == ["update it"]
    [after] = listed(peer, "route")
    assert (after["id"], after["name"]) == (before["id"], "new")
    assert after["version"] == before["version"]


def test_the_elements_that_a_refresh_finds_are_those_in_force(
    peer: Peer, plugin: Plugin, stack: Stack
) -> None:
    wanted = route(first=model(timeout=10_000))
    stack.up({"it": wanted})
    ident = stack.held["it"].ident
    other = [{"id": name, **element} for name, element in elements(first=model(1)).items()]
    version = peer.result("POST", f"{ROUTES}/{ident}/versions", {"elements": other})
    stack.refresh()
    assert paths(plugin, stack, "it", wanted) == {}, "a version that is not deployed is no drift"
    deployed = {"version_id": version["version_id"]}
    peer.result("POST", f"{ROUTES}/{ident}/deployments", deployed)
    stack.refresh()
    assert paths(plugin, stack, "it", wanted) == {
        "elements.first.properties.timeout": pb.PropertyDiff.UPDATE
    }
    assert stack.up({"it": wanted}) == ["update it"]


def test_every_kind_of_element_comes_back_as_it_was_sent(stack: Stack) -> None:
    to_model, to_end = {"elementId": "model"}, {"elementId": "end"}
    condition = json.dumps({"metadata.plan": {"$in": ["a", None]}}, separators=(",", ":"))
    rate = {"key": "metadata.user", "limit": 0.5, "limitType": "cost", "window": 3600}
    wanted = route(
        first={
            "type": "conditional",
            "outputs": {"true": {"elementId": "shares"}, "false": {"elementId": "rate"}},
            "properties": {"conditions": condition},
        },
        shares={"type": "percentage", "outputs": {"10%": to_model, "90%": to_end}},
        rate={
            "type": "rate",
            "outputs": {"success": to_model, "fallback": to_end},
            "properties": rate,
        },
        model=model(),
    )
    stack.up({"it": wanted})
    stack.refresh()
    assert stack.held["it"].inputs == wanted.inputs
    assert stack.up({"it": wanted}) == []


def test_another_value_of_a_key_replaces_the_value_alone(
    peer: Peer, plugin: Plugin, stack: Stack
) -> None:
    stack.up({"it": key("sk-" + token_hex(16), rateLimit=5)})
    [before] = listed(peer, "key")
    rotated = key("sk-" + token_hex(16), rateLimit=5)
    assert paths(plugin, stack, "it", rotated) == {"secret": pb.PropertyDiff.UPDATE}
    assert stack.up({"it": rotated}) == ["update it"]
    [after] = listed(peer, "key")
    assert (after["id"], after["secret_id"]) == (before["id"], before["secret_id"])
    assert after["secret_preview"] != before["secret_preview"]
    assert isinstance(stack.held["it"].state["secret"], Secret)


def test_what_the_api_cannot_change_of_a_key_makes_it_anew_the_old_one_first(
    peer: Peer, plugin: Plugin, stack: Stack
) -> None:
    stack.up({"it": key()})
    limited = key(rateLimit=10, rateLimitPeriod=30)
    held = stack.held["it"]
    found = plugin.diff(limited.urn("it"), held.state, limited.inputs, held.inputs)
    assert sorted(found.replaces) == ["rateLimit", "rateLimitPeriod"]
    assert found.deleteBeforeReplace
    assert stack.up({"it": limited}) == ["replace it"]
    [after] = listed(peer, "key")
    assert (after["rate_limit"], after["rate_limit_period"]) == (10, 30)


def test_a_key_in_the_secrets_store_is_named_by_its_id(peer: Peer, stack: Stack) -> None:
    peer.control("POST", "secrets", {"id": "s" * 32, "value": "sk-" + token_hex(16)})
    program = {"it": key(secret=None, secretId="s" * 32)}
    stack.up(program)
    stack.refresh()
    assert stack.up(program) == []
    [made] = listed(peer, "key")
    assert made["secret_id"] == "s" * 32


def test_a_custom_provider_is_changed_in_place_but_for_its_slug(
    peer: Peer, plugin: Plugin, stack: Stack
) -> None:
    stack.up({"it": custom(description="one", headers='{"x-a":"1"}', position=3)})
    [before] = listed(peer, "custom")
    edited = custom(description="", headers="{}", beta=True)
    assert set(paths(plugin, stack, "it", edited)) == {"description", "headers", "beta"}
    assert stack.up({"it": edited}) == ["update it"]
    [after] = listed(peer, "custom")
    assert after["id"] == before["id"]
    assert (after["description"], after["headers"], after["beta"]) == ("", "{}", True)
    assert after["position"] == 3, "not declared any more: left as it is"
    stack.refresh()
    assert stack.up({"it": edited}) == []
    assert stack.up({"it": custom(slug="other")}) == ["replace it"]
    assert [one["slug"] for one in listed(peer, "custom")] == ["other"]


def test_drift_of_a_custom_provider_is_named(peer: Peer, plugin: Plugin, stack: Stack) -> None:
    stack.up({"it": custom()})
    peer.result(
        "PATCH",
        f"{CUSTOM}/{stack.held['it'].ident}",
        {"enable": False, "link": "https://a.example"},
    )
    stack.refresh()
    assert set(paths(plugin, stack, "it", custom())) == {"enable", "link"}


def test_headers_are_compared_as_what_they_mean(stack: Stack, plugin: Plugin) -> None:
    stack.up({"it": custom(headers='{"a": "1", "b": "2"}')})
    assert paths(plugin, stack, "it", custom(headers='{"b":"2","a":"1"}')) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_a_preview_tells_what_it_does_not_know(peer: Peer, plugin: Plugin, kind: str) -> None:
    wanted = KINDS[kind]()
    parent = "accountId" if kind == "custom" else "gatewayId"
    _, state = plugin.create(wanted.urn("it"), wanted.inputs | {parent: UNKNOWN}, preview=True)
    assert state[parent] is UNKNOWN
    assert ("versionId" in state) == (kind == "route")
    assert listed(peer, kind) == []


def test_inputs_that_are_missing_or_unknown_are_told_by_name(plugin: Plugin) -> None:
    wanted = route()
    news = {"accountId": "a", "naem": "x", "gatewayId": "edge", "elements": {}}
    answer = plugin.stub.Check(pb.CheckRequest(urn=wanted.urn("it"), news=to_struct(news)))
    assert {failure.property for failure in answer.failures} == {"name", "naem"}


def test_a_secret_is_in_no_error(peer: Peer, stack: Stack) -> None:
    secret = "sk-" + token_hex(16)
    fault = {"method": "POST", "path": "provider_configs$", "status": 400}
    peer.control("POST", "faults", [fault])
    # As an alias it would be in the message, were it not a secret.
    [said] = stack.up({"it": key(secret, alias=secret)})
    assert "provider config `[secret]`" in said
    assert secret not in said


def test_secrets_stay_secret_in_state_through_a_refresh(stack: Stack) -> None:
    secret = "sk-" + token_hex(16)
    stack.up({"it": key(secret), "custom": custom(headers=Secret('{"k":"v"}'))})
    stack.refresh()
    for name, field in (("it", "secret"), ("custom", "headers")):
        held = stack.held[name]
        assert isinstance(held.state[field], Secret)
        assert isinstance(held.inputs[field], Secret)
    assert plain(stack.held["it"].state)["secret"] == secret


def test_without_a_token_the_environment_variable_is_named(
    unconfigured: Plugin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLOUDFLARE_API_TOKEN")
    with pytest.raises(grpc.RpcError) as refused:
        unconfigured.stub.Configure(pb.ConfigureRequest())
    assert "CLOUDFLARE_API_TOKEN" in refused.value.details()
