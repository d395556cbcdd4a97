"""Control of the stand-in: requests, clock, faults, reset."""

from time import perf_counter
from typing import Any

import pytest
from emulator.peer import (
    ACCOUNT,
    LLAMA,
    PROMPT,
    Peer,
    codes,
    gateway,
    gateway_code,
    in_process,
)

from gatewright.emulator import create_app
from gatewright.emulator.clock import Clock
from gatewright.emulator.identity import new_value

GATEWAYS = "/ai-gateway/gateways"
PATH = f"/client/v4/accounts/{ACCOUNT}{GATEWAYS}"


def fault(peer: Peer, **rule: Any) -> None:
    peer.control("POST", "faults", [rule])


def seen(peer: Peer) -> list[tuple[str, str, int]]:
    found = peer.control("GET", "requests")
    assert all(set(one) == {"method", "path", "status"} for one in found)
    return [(one["method"], one["path"], one["status"]) for one in found]


def test_health(peer: Peer):
    assert peer.control("GET", "health")["status"] == "ok"


def test_requests_are_listed_without_query_and_control(peer: Peer):
    peer.gateway("edge")
    peer.api("GET", f"{GATEWAYS}?search=hidden")
    peer.ask("wrong")
    assert seen(peer) == [
        ("POST", PATH, 200),
        ("GET", PATH, 200),
        ("POST", f"/v1/{ACCOUNT}/edge/workers-ai/{LLAMA}", 401),
    ]
    peer.control("DELETE", "requests")
    assert seen(peer) == []


def test_reset_leaves_an_empty_account(peer: Peer):
    peer.gateway("edge", cache_ttl=300)
    value = peer.caller()
    peer.ask(value, cf_aig_cache_key="whoever asks")
    before = peer.control("GET", "health")["now"]
    peer.advance(86_400)
    fault(peer, status=500, times=0)
    peer.control("POST", "reset")
    assert peer.result("GET", GATEWAYS) == []
    assert len(peer.result("GET", "/tokens")) == 1
    assert peer.control("GET", "faults") == []
    assert peer.control("GET", "health")["now"][:13] == before[:13]
    peer.gateway("edge", cache_ttl=300)
    assert peer.ask(value).status_code == 401
    answer = peer.ask(peer.caller(), cf_aig_cache_key="whoever asks")
    assert answer.headers["cf-aig-cache-status"] == "MISS"


def test_reset_brings_a_deleted_deploying_token_back(peer: Peer):
    (own,) = peer.result("GET", "/tokens")
    peer.result("DELETE", f"/tokens/{own['id']}")
    assert peer.api("GET", "/tokens").status_code == 401
    peer.control("POST", "reset")
    assert peer.api("GET", "/tokens").status_code == 200


def test_the_clock_moves_what_is_written(peer: Peer):
    first = peer.gateway("a")["created_at"]
    peer.advance(86_400)
    assert peer.gateway("b")["created_at"] > first


def test_the_clock_stops_before_times_that_cannot_be_written():
    value = new_value()
    app = create_app(deploying_token=value, clock=Clock(lambda: 221_000_000_000.0))
    peer = in_process(app, value)
    peer.advance(300_000_000)
    peer.advance(300_000_000)
    refused = peer.call("POST", "/_emulator/clock", body={"advance": 300_000_000})
    assert refused.status_code == 400
    assert "year 8999" in refused.json()["error"]
    assert peer.control("GET", "health")["now"].startswith("899")
    app.close()


def test_a_fault_before_the_effect(peer: Peer):
    fault(peer, method="POST", path="/gateways$", status=500)
    answer = peer.api("POST", GATEWAYS, gateway())
    assert (answer.status_code, codes(answer)) == (500, [10004])
    assert peer.result("GET", GATEWAYS) == []
    peer.gateway()


def test_a_fault_after_the_effect(peer: Peer):
    fault(peer, method="POST", path="/gateways$", status=504, when="after")
    assert peer.api("POST", GATEWAYS, gateway()).status_code == 504
    assert len(peer.result("GET", GATEWAYS)) == 1
    assert seen(peer)[0] == ("POST", PATH, 504)
    again = peer.api("POST", GATEWAYS, gateway())
    assert (again.status_code, codes(again)) == (400, [7001])


def test_a_fault_for_some_requests_only(peer: Peer):
    fault(peer, path="/gateways$", nth=2, times=2, status=429)
    answers = [peer.api("GET", GATEWAYS) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 429, 429, 200]
    assert codes(answers[1]) == [971]
    assert peer.api("GET", "/tokens").status_code == 200
    (rule,) = peer.control("GET", "faults")
    assert rule["seen"] == 4


def test_a_fault_for_ever_until_removed(peer: Peer):
    fault(peer, status=401, times=0)
    assert [peer.api("GET", GATEWAYS).status_code for _ in range(3)] == [401] * 3
    peer.control("DELETE", "faults")
    assert peer.api("GET", GATEWAYS).status_code == 200


def test_faults_on_the_gateway_endpoint_have_its_shape(peer: Peer):
    peer.gateway("edge")
    value = peer.caller()
    for status, code in ((429, 2003), (503, 2005)):
        fault(peer, path="^/v1/", status=status)
        answer = peer.ask(value)
        assert (answer.status_code, gateway_code(answer)) == (status, code)
        assert peer.ask(value).status_code == 200
        peer.control("DELETE", "faults")


@pytest.mark.parametrize(("when", "count"), [("before", 0), ("after", 1)])
def test_a_dropped_connection(peer: Peer, when: str, count: int):
    fault(peer, method="POST", path="/gateways$", reset=True, when=when)
    with pytest.raises(ConnectionResetError):
        peer.api("POST", GATEWAYS, gateway())
    assert len(peer.result("GET", GATEWAYS)) == count


def test_a_slow_answer_is_the_true_answer(peer: Peer):
    fault(peer, delay=0.2)
    started = perf_counter()
    assert peer.result("GET", GATEWAYS) == []
    assert perf_counter() - started >= 0.2


def test_of_several_rules_the_first_that_fires_acts(peer: Peer):
    fault(peer, path="/gateways$", status=500, nth=2)
    fault(peer, path="/gateways$", status=503, times=2)
    assert [peer.api("GET", GATEWAYS).status_code for _ in range(3)] == [503, 500, 200]


@pytest.mark.parametrize(
    ("method", "name", "body", "said"),
    [
        ("POST", "clock", {}, "advance"),
        ("POST", "clock", {"advance": -1}, "advance"),
        ("POST", "clock", {"advance": 1e300}, "advance"),
        ("POST", "faults", {}, "array"),
        ("POST", "faults", [], "at least 1"),
        ("POST", "faults", [{}], "no effect"),
        ("POST", "faults", [{"status": 200}], "0.status"),
        ("POST", "faults", [{"status": 500, "path": "("}], "0.path"),
        ("POST", "faults", [{"status": 500, "when": "never"}], "0.when"),
        ("POST", "faults", [{"status": 500, "pth": "x"}], "pth"),
    ],
)
def test_a_mistake_is_said(peer: Peer, method: str, name: str, body: object, said: str):
    answer = peer.call(method, f"/_emulator/{name}", content=None, body=body)
    assert answer.status_code == 400
    assert said in answer.json()["error"]
    assert peer.control("GET", "faults") == []


def test_a_path_or_method_that_is_not_there(peer: Peer):
    assert peer.call("GET", "/_emulator/nothing").status_code == 404
    assert peer.call("GET", "/_emulator/clock").status_code == 405
    assert peer.call("POST", "/_emulator/clock", content=b"{").status_code == 400


def test_a_clock_that_hurries_waits_for_nothing(peer: Peer) -> None:
    peer.gateway(retry_max_attempts=5, retry_delay=60_000)
    value = peer.caller()
    peer.control("POST", "clock", {"advance": 0, "hurry": True})
    peer.control("POST", "faults", [{"at": "provider", "status": 500, "times": 4}])
    before = peer.control("GET", "health")["now"]
    assert peer.ask(value).status_code == 200
    assert peer.control("GET", "health")["now"] > before


def test_switches_are_on_until_they_are_off(peer: Peer) -> None:
    peer.gateway(authentication=True)
    value = peer.caller()
    path = f"/v1/{ACCOUNT}/edge/workers-ai/{LLAMA}"
    for on, status in ((["serves-without-token"], 200), ([], 401)):
        assert peer.control("POST", "switches", {"on": on}) == {"on": on}
        assert peer.control("GET", "switches") == {"on": on}
        assert peer.call("POST", path, token=value, body=PROMPT).status_code == status


def test_a_switch_that_does_not_exist(peer: Peer) -> None:
    answer = peer.call("POST", "/_emulator/switches", body={"on": ["sleeps"]})
    assert answer.status_code == 400
    assert "never-caches" in answer.text


def test_no_page_of_another_site_controls_the_stand_in(local: Peer):
    local.gateway("edge")
    here = {"origin": "http://localhost:8799"}
    for sent in ({"origin": "https://site.example"}, {"origin": "null"}, {"host": "site.example"}):
        for method, name in (("POST", "reset"), ("POST", "faults"), ("GET", "requests")):
            answer = local.call(method, f"/_emulator/{name}", headers=sent, content=b"")
            assert (answer.status_code, list(answer.json())) == (403, ["error"])
    assert len(local.result("GET", GATEWAYS)) == 1
    assert local.call("POST", "/_emulator/reset", headers=here).status_code == 200


def test_a_workers_name_leads_to_no_control(local: Peer):
    local.gateway("edge")
    named = {"host": "ask.gatewright.workers.dev"}
    assert local.call("POST", "/_emulator/reset", headers=named).status_code == 404
    assert len(local.result("GET", GATEWAYS)) == 1
