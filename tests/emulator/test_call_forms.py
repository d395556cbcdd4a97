"""The other forms of a call: universal, the default gateway, models; retries and checks."""

import json
from typing import Any

import pytest
from emulator.peer import ACCOUNT, LLAMA, PROMPT, Peer, codes, gateway_code, in_process, rest

from gatewright.emulator import Clock, Settings, create_app
from gatewright.emulator.identity import new_value

SMALL = "@cf/meta/llama-3.2-1b-instruct"
MIDNIGHT = 1_800_000_000.0 - 1_800_000_000.0 % 86_400
CHAT = {"model": LLAMA, "messages": [{"role": "user", "content": "hi"}]}
FAIL = {"at": "provider", "status": 503}


class Still:
    """An emulator whose time moves only when told, and what it slept."""

    def __init__(self, **settings: Any) -> None:
        self.slept: list[float] = []
        value = new_value()
        clock = Clock(lambda: MIDNIGHT, self._sleep)
        app = create_app(Settings(**settings), deploying_token=value, clock=clock)
        self.peer = in_process(app, value)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def value(peer: Peer) -> str:
    peer.gateway("edge", cache_ttl=0)
    return peer.caller()


def entry(value: str, model: str = LLAMA, **more: Any) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {value}"} | more.pop("headers", {})
    return {"provider": "workers-ai", "endpoint": model, "headers": headers, "query": PROMPT} | more


def universal(peer: Peer, value: str, entries: Any, **headers: str):
    return peer.call(
        "POST",
        f"/v1/{ACCOUNT}/edge",
        body=entries,
        headers={"cf-aig-authorization": f"Bearer {value}"} | headers,
    )


@pytest.mark.proves("calls.universal")
def test_the_first_of_the_universal_requests_that_succeeds_answers(peer: Peer, value: str):
    first = universal(peer, value, [entry(value), entry(value, SMALL)])
    assert (first.status_code, first.headers["cf-aig-step"]) == (200, "0")
    second = universal(peer, value, [entry("wrong"), entry(value, "nothing"), entry(value, SMALL)])
    assert (second.status_code, second.headers["cf-aig-step"]) == (200, "2")
    assert SMALL in second.json()["result"]["response"]
    peer.control("POST", "faults", [FAIL | {"times": 0}])
    assert universal(peer, value, [entry(value), entry(value)]).status_code == 503


def test_a_universal_requests_headers_go_before_the_calls(peer: Peer, value: str):
    own = entry(value, headers={"cf-aig-cache-ttl": "60"})
    for expected in ("MISS", "HIT"):
        answer = universal(peer, value, [own], **{"cf-aig-skip-cache": "false"})
        assert answer.headers["cf-aig-cache-status"] == expected
    off = entry(value, headers={"cf-aig-cache-ttl": "0"})
    answer = universal(peer, value, [off], **{"cf-aig-cache-ttl": "60"})
    assert "cf-aig-cache-status" not in answer.headers


def test_a_universal_requests_headers_may_be_other_than_text(peer: Peer, value: str):
    kept = {"cf-aig-cache-ttl": 60, "cf-aig-metadata": {"user": "ann"}}
    for expected in ("MISS", "HIT"):
        answer = universal(peer, value, [entry(value, headers=kept)])
        assert answer.headers["cf-aig-cache-status"] == expected
    skipped = universal(peer, value, [entry(value, headers=kept | {"cf-aig-skip-cache": True})])
    assert "cf-aig-cache-status" not in skipped.headers
    peer.advance(1)
    rows = peer.result("GET", "/ai-gateway/gateways/edge/logs")
    assert [row["metadata"] for row in rows] == [{"user": "ann"}] * 3


def test_a_universal_request_can_be_to_a_route(peer: Peer, value: str):
    asked = {"provider": "workers-ai", "model": SMALL, "retries": 0, "timeout": 1000}
    elements = [
        {"id": "s", "type": "start", "outputs": {"next": {"elementId": "m"}}},
        {
            "id": "m",
            "type": "model",
            "properties": asked,
            "outputs": {"success": {"elementId": "e"}, "fallback": {"elementId": "e"}},
        },
        {"id": "e", "type": "end", "outputs": {}},
    ]
    peer.result("POST", "/ai-gateway/gateways/edge/routes", {"name": "way", "elements": elements})
    first, second = (
        {
            "provider": "compat",
            "endpoint": "chat/completions",
            "headers": {"Authorization": f"Bearer {value}"},
            "query": CHAT | {"model": f"dynamic/{name}"},
        }
        for name in ("nowhere", "way")
    )
    answer = universal(peer, value, [first, second])
    assert (answer.status_code, answer.json()["model"]) == (200, SMALL)
    assert gateway_code(universal(peer, value, [first])) == 2002


@pytest.mark.parametrize(
    "body", [{}, [], ["x"], [{"provider": "workers-ai"}], [{"endpoint": "x"}]], ids=json.dumps
)
def test_what_is_no_universal_request_is_refused(peer: Peer, value: str, body: Any):
    answer = universal(peer, value, body)
    assert (answer.status_code, gateway_code(answer)) == (400, 2019)


@pytest.mark.proves("gateways.default")
def test_the_default_gateway_makes_itself_for_who_is_known(peer: Peer):
    value = peer.caller()
    assert gateway_code(peer.ask("wrong", gateway_id="default")) == 2001
    assert peer.result("GET", "/ai-gateway/gateways") == []
    for _ in range(2):
        assert peer.ask(value, gateway_id="default").status_code == 200
        (made,) = peer.result("GET", "/ai-gateway/gateways")
        assert (made["id"], made["is_default"], made["authentication"]) == ("default", True, True)
        assert (made["collect_logs"], made["cache_ttl"], made["rate_limiting_limit"]) == (
            True,
            0,
            0,
        )
        peer.result("DELETE", "/ai-gateway/gateways/default")
    assert gateway_code(peer.ask(value, gateway_id="other")) == 2001


def test_the_models_are_listed_with_prices(peer: Peer, value: str):
    headers = {"cf-aig-authorization": f"Bearer {value}"}
    answer = peer.call("GET", f"/v1/{ACCOUNT}/edge/compat/models", headers=headers)
    found = {one["id"]: one for one in answer.json()["data"]}
    assert found[f"workers-ai/{LLAMA}"]["cost_in"] == pytest.approx(0.282e-6)


@pytest.mark.parametrize(
    ("backoff", "waits"),
    [("constant", [0.1] * 3), ("linear", [0.1, 0.2, 0.3]), ("exponential", [0.1, 0.2, 0.4])],
)
@pytest.mark.parametrize("by", ["gateway", "headers"])
@pytest.mark.proves("calls.retry")
def test_a_failing_provider_is_asked_again(backoff: str, waits: list[float], by: str):
    still = Still()
    peer = still.peer
    settings = {"retry_max_attempts": 4, "retry_delay": 100, "retry_backoff": backoff}
    peer.gateway("edge", **(settings if by == "gateway" else {}))
    names = ("cf_aig_max_attempts", "cf_aig_retry_delay", "cf_aig_backoff")
    headers = dict(zip(names, map(str, settings.values()), strict=True)) if by == "headers" else {}
    value = peer.caller()
    peer.control("POST", "faults", [FAIL | {"times": 3}])
    assert peer.ask(value, **headers).status_code == 200
    assert still.slept == pytest.approx(waits)
    peer.control("POST", "faults", [FAIL | {"times": 0}])
    assert peer.ask(value, **headers).status_code == 503
    (row,) = peer.control("GET", "faults")[1:]
    assert row["seen"] == 4


def test_what_is_the_callers_fault_is_not_tried_again(peer: Peer, value: str):
    peer.control("POST", "faults", [FAIL | {"status": 400}])
    assert peer.ask(value, cf_aig_max_attempts="5").status_code == 400


@pytest.mark.proves("calls.timeout")
def test_a_slow_or_lost_provider_is_2005():
    still = Still()
    peer = still.peer
    peer.gateway("edge")
    value = peer.caller()
    peer.control("POST", "faults", [{"at": "provider", "delay": 2}])
    assert gateway_code(peer.ask(value, cf_aig_request_timeout="1500")) == 2005
    assert still.slept == [1.5]
    peer.control("DELETE", "faults")
    peer.control("POST", "faults", [{"at": "provider", "delay": 2, "reset": True}])
    assert gateway_code(peer.ask(value, cf_aig_request_timeout="2001")) == 2005
    assert peer.ask(value).status_code == 200


HAZARD, SECRET = {"prompt": "how to [hazard:S1]?"}, {"prompt": "my card is [dlp:cards]"}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("prompt", "response", "code"),
    [
        ({"S1": "BLOCK"}, {}, 2016),
        ({}, {"S1": "BLOCK"}, 2017),
        ({"S1": "FLAG"}, {"S1": "BLOCK"}, 2017),
        ({"S1": "FLAG"}, {"S1": "FLAG"}, None),
        ({"S2": "BLOCK", "P1": "BLOCK"}, {}, None),
    ],
)
@pytest.mark.proves("verdicts.guardrails")
def test_guardrails(peer: Peer, prompt, response, code: int | None, *, stream: bool):
    peer.gateway("edge", guardrails={"prompt": prompt, "response": response})
    value = peer.caller()
    answer = peer.ask(value, body=HAZARD | {"stream": stream})
    if code is None:
        assert answer.status_code == 200
    else:
        assert (answer.status_code, gateway_code(answer)) == (424, code)
        run = rest(peer, value, f"run/{LLAMA}", HAZARD, cf_aig_gateway_id="edge")
        assert (run.status_code, gateway_code(run)) == (422, 2017)
    assert peer.ask(value).status_code == 200


def dlp(action: str, *check: str) -> dict[str, Any]:
    one = {"id": "p", "action": action, "check": check, "enabled": True, "profiles": ["cards"]}
    return {"enabled": True, "policies": [one]}


SHORT = {"enabled": True, "action": "BLOCK", "profiles": ["cards"]}


@pytest.mark.parametrize(
    ("setting", "code", "action"),
    [
        (dlp("BLOCK", "REQUEST"), 2029, "BLOCK"),
        (dlp("BLOCK", "RESPONSE"), 2030, "BLOCK"),
        (dlp("FLAG", "REQUEST", "RESPONSE"), None, "FLAG"),
        (SHORT, 2029, "BLOCK"),
        (SHORT | {"profiles": ["names"]}, None, None),
        (SHORT | {"enabled": False}, None, None),
    ],
)
@pytest.mark.proves("verdicts.dlp")
def test_dlp(peer: Peer, setting: dict, code: int | None, action: str | None):
    peer.gateway("edge", dlp=setting)
    answer = peer.ask(peer.caller(), body=SECRET)
    assert answer.status_code == (400 if code else 200)
    if code:
        assert gateway_code(answer) == code
    found = answer.headers.get("cf-aig-dlp")
    assert (json.loads(found)["action"] if found else None) == action
    peer.advance(1)
    (row,) = peer.result("GET", "/ai-gateway/gateways/edge/logs")
    assert row["dlp_action"] == action


def budget(**fields: Any) -> dict[str, Any]:
    rule = {"id": "b", "limit": 1, "limitType": "cost", "window": 3600, "technique": "fixed"}
    return {"enabled": True, "rules": [rule | fields]}


def spend(peer: Peer, value: str, times: int, **headers: str) -> list[int]:
    cost = {"cf_aig_custom_cost": '{"total_cost": 1}'}
    return [peer.ask(value, **cost, **headers).status_code for _ in range(times)]


@pytest.mark.parametrize("technique", ["fixed", "sliding"])
@pytest.mark.proves("limits.spend")
def test_a_budget_ends_after_one_call_too_many_and_starts_anew(technique: str):
    peer = Still().peer
    peer.gateway("edge", spend_limits=budget(technique=technique))
    value = peer.caller()
    assert spend(peer, value, 4) == [200, 200, 429, 429]
    refused = peer.ask(value)
    assert gateway_code(refused) == 2041
    assert refused.json()["message"] == (
        f"Spend limit exceeded: rule 'b' (cost limit 1 per 3600s, {technique}) for all requests"
    )
    peer.advance(3599)
    assert spend(peer, value, 1) == [429]
    peer.advance(1)
    assert spend(peer, value, 3) == [200, 200, 429]


@pytest.mark.parametrize(
    ("fields", "headers", "statuses"),
    [
        ({"model": {"mode": "filter", "values": [SMALL]}}, {}, [200] * 4),
        ({"model": {"mode": "filter", "values": [LLAMA]}}, {}, [200, 200, 429, 429]),
        ({"provider": {"mode": "filter", "values": ["openai"]}}, {}, [200] * 4),
        ({"enabled": False}, {}, [200] * 4),
        (
            {"metadata": {"team": {"mode": "filter", "values": ["a"]}}},
            {"cf_aig_metadata": '{"team": "b"}'},
            [200] * 4,
        ),
    ],
)
def test_what_a_budget_is_for(peer: Peer, fields: dict, headers: dict, statuses: list[int]):
    peer.gateway("edge", spend_limits=budget(**fields))
    assert spend(peer, peer.caller(), 4, **headers) == statuses


def test_a_budget_for_each_value(peer: Peer):
    peer.gateway("edge", spend_limits=budget(metadata={"team": {"mode": "partition"}}))
    value = peer.caller()
    for team in "ab":
        header = {"cf_aig_metadata": json.dumps({"team": team})}
        assert spend(peer, value, 3, **header) == [200, 200, 429]
    assert "team=b" in peer.ask(value, cf_aig_metadata='{"team": "b"}').json()["message"]


@pytest.mark.proves("limits.spent-cache")
def test_a_spent_budget_still_serves_from_the_cache(peer: Peer):
    peer.gateway("edge", cache_ttl=300, spend_limits=budget())
    value = peer.caller()
    assert peer.ask(value).headers["cf-aig-cache-status"] == "MISS"
    skip = {"cf_aig_skip_cache": "true"}
    assert spend(peer, value, 3, **skip)[-1] == 429
    assert peer.ask(value).headers["cf-aig-cache-status"] == "HIT"


@pytest.mark.proves("api.rate-limit")
def test_the_account_api_has_a_limit_and_says_so():
    peer = Still(api_limit=3).peer
    answers = [peer.api("GET", "/tokens") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0].headers["ratelimit"] == '"default";r=2;t=300'
    assert answers[0].headers["ratelimit-policy"] == '"default";q=3;w=300'
    assert codes(answers[-1]) == [971]
    assert answers[-1].headers["retry-after"] == "300"
    peer.advance(300)
    assert peer.api("GET", "/tokens").status_code == 200


@pytest.mark.proves("api.rate-limit")
def test_the_limit_is_twelve_hundred_or_off(peer: Peer):
    answer = peer.api("GET", "/tokens/nothing")
    assert answer.headers["ratelimit-policy"] == '"default";q=1200;w=300'
    free = Still(api_limit=None).peer
    assert "ratelimit" not in free.api("GET", "/tokens").headers


@pytest.mark.proves("api.request-id")
def test_each_request_has_an_id(peer: Peer, value: str):
    rays = {answer.headers["cf-ray"] for answer in (peer.ask(value), peer.api("GET", "/tokens"))}
    assert len(rays) == 2


def test_a_seed_changes_the_answers(peer: Peer, value: str):
    def said(seed: str) -> str:
        peer.control("POST", "answers", {"seed": seed})
        return peer.ask(value).json()["result"]["response"]

    answers = [said(seed) for seed in ("", "a", "b", "c", "d", "a")]
    assert answers[1] == answers[-1]
    assert len(set(answers)) > 1
