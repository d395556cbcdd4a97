"""Objects that no state knows: refused with the way to adopt them, or found after a lost answer."""

from typing import Any

import grpc
import pytest
from emulator.peer import ACCOUNT, Peer
from provider.engine import Plugin, Stack, Wanted
from resources.programs import custom, key, route
from resources.test_kinds import COLLECTIONS, KINDS, listed

from gatewright.plugin.values import Secret

BODIES: dict[str, dict[str, Any]] = {
    "route": {
        "name": "assistant",
        "elements": [
            {"id": "start", "type": "start", "outputs": {"next": {"elementId": "end"}}},
            {"id": "end", "type": "end", "outputs": {}},
        ],
    },
    "key": {"alias": "work", "provider_slug": "openai", "default_config": False, "secret": "s" * 9},
    "custom": {"slug": "acme", "name": "by hand", "base_url": "https://hand.example"},
}
ADOPT = {
    "route": "edge/routes/assistant",
    "key": "edge/provider_configs/openai/work",
    "custom": "custom-providers/acme",
}
BY_KEY = {"route": "edge/assistant", "key": "edge/openai/work", "custom": "acme"}


@pytest.mark.parametrize("preview", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_an_existing_one_is_left_alone_and_named(
    peer: Peer, plugin: Plugin, kind: str, *, preview: bool
) -> None:
    before = peer.result("POST", COLLECTIONS[kind], BODIES[kind])
    wanted = KINDS[kind]()
    with pytest.raises(grpc.RpcError) as refused:
        plugin.create(wanted.urn("it"), wanted.inputs, preview=preview)
    said = refused.value.details()
    assert f"exists in account {ACCOUNT} but not in this stack" in said
    assert f"GATEWRIGHT_ADOPT={ADOPT[kind]}`" in said
    [after] = listed(peer, kind)
    assert after["id"] == before["id"]
    assert after["modified_at"] == before["modified_at"]


@pytest.mark.parametrize("by", ["id", "key"])
@pytest.mark.parametrize("kind", KINDS)
def test_an_existing_one_is_taken_over_as_declared(
    peer: Peer, stack: Stack, kind: str, by: str
) -> None:
    made = peer.result("POST", COLLECTIONS[kind], BODIES[kind])
    wanted = KINDS[kind]()
    above = "" if kind == "custom" else "edge/"
    wanted.adopts = f"{ACCOUNT}/{BY_KEY[kind] if by == 'key' else above + made['id']}"
    assert stack.up({"it": wanted}) == ["import it", "update it"]
    assert stack.held["it"].ident == made["id"]
    stack.refresh()
    assert stack.up({"it": wanted}) == []


@pytest.mark.parametrize(
    ("kind", "body", "wanted"),
    [
        (
            "key",
            {"alias": "work", "provider_slug": "openai", "default_config": False},
            key(secret=None, secretId="s" * 32),
        ),
        (
            "custom",
            {"slug": "acme", "name": "acme", "base_url": "https://api.acme.example"}
            | {"enable": True, "headers": '{"x-key":"hidden"}', "position": 3},
            custom(headers=Secret('{"x-key": "hidden"}'), position=3),
        ),
    ],
    ids=["key", "custom"],
)
def test_what_is_as_declared_is_taken_over_unchanged_and_its_secrets_are_secret(
    peer: Peer, stack: Stack, kind: str, body: dict[str, Any], wanted: Wanted
) -> None:
    peer.control("POST", "secrets", {"id": "s" * 32, "value": "hidden"})
    peer.result(
        "POST", COLLECTIONS[kind], body | ({"secret_id": "s" * 32} if kind == "key" else {})
    )
    wanted.adopts = f"{ACCOUNT}/{BY_KEY[kind]}"
    assert stack.up({"it": wanted}) == ["import it"]
    held = stack.held["it"]
    clear = {name: value for name, value in held.inputs.items() if not isinstance(value, Secret)}
    assert "hidden" not in str({**clear, **held.state})


@pytest.mark.parametrize("ident", ["edge", f"{ACCOUNT}/edge/a/b/c", f"{ACCOUNT}//x"])
def test_an_import_id_that_says_too_little_or_too_much_is_refused(
    plugin: Plugin, ident: str
) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        plugin.read(route().urn("it"), ident, {}, {})
    assert "`<accountId>/<gatewayId>/<id>`" in refused.value.details()


@pytest.mark.parametrize("fault", [{"status": 504}, {"reset": True}])
@pytest.mark.parametrize("kind", KINDS)
def test_one_that_was_made_though_the_answer_was_lost_is_found(
    peer: Peer, stack: Stack, kind: str, fault: dict[str, Any]
) -> None:
    lost = {"method": "POST", "path": f"{COLLECTIONS[kind]}$", "when": "after", **fault}
    peer.control("POST", "faults", [lost])
    program = {"it": KINDS[kind]()}
    assert stack.up(program) == ["create it"]
    assert [row["id"] for row in listed(peer, kind)] == [stack.held["it"].ident]
    stack.refresh()
    assert stack.up(program) == []


@pytest.mark.parametrize("kind", KINDS)
def test_one_that_was_not_made_is_not_made_up(peer: Peer, stack: Stack, kind: str) -> None:
    lost = {"method": "POST", "path": f"{COLLECTIONS[kind]}$", "status": 504}
    peer.control("POST", "faults", [lost])
    [said] = stack.up({"it": KINDS[kind]()})
    assert said.startswith("failed it: Cloudflare refused while creating")
    assert listed(peer, kind) == []
    assert stack.up({"it": KINDS[kind]()}) == ["create it"]


def test_too_many_requests_are_waited_for_also_by_a_create(
    peer: Peer, plugin: Plugin, stack: Stack
) -> None:
    peer.control("POST", "faults", [{"method": "POST", "path": "routes$", "status": 429}])
    assert stack.up({"it": route()}) == ["create it"]
    assert len(plugin.waits) == 1


def test_each_collection_is_listed_once(peer: Peer, stack: Stack) -> None:
    peer.control("DELETE", "requests")
    program = {name: route(name) for name in ("a", "b", "c")} | {"key": key(), "custom": custom()}
    stack.up(program)
    asked = [one["path"] for one in peer.control("GET", "requests") if one["method"] == "GET"]
    assert len([path for path in asked if "/routes" in path]) <= 2, "the first page, which is empty"


def test_what_was_just_deleted_is_not_taken_for_somebody_elses(peer: Peer, stack: Stack) -> None:
    made = peer.result("POST", COLLECTIONS["key"], BODIES["key"])
    adopted = key()
    adopted.adopts = f"{ACCOUNT}/edge/{made['id']}"
    assert stack.up({"other": key(alias="other"), "it": adopted}) == [
        "create other",
        "import it",
        "update it",
    ]
    # Made anew, the old one first; the list that `other` asked for still had it.
    limited = {"other": key(alias="other"), "it": key(rateLimit=5)}
    assert stack.up(limited) == ["replace it"]
