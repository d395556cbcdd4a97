"""Headers that hold what they should not, and what of them comes back."""

import json
from typing import Any

import pytest
from emulator.peer import ACCOUNT, LLAMA, PROMPT, Peer, gateway_code

from gatewright.emulator.traffic.cache import cacheable


@pytest.fixture
def value(peer: Peer) -> str:
    peer.gateway("edge", cache_ttl=60)
    return peer.caller()


def universal(peer: Peer, value: str, headers: dict[str, Any]) -> Any:
    asked = {"provider": "workers-ai", "endpoint": LLAMA, "query": PROMPT}
    asked["headers"] = {"Authorization": f"Bearer {value}", **headers}
    sent = {"cf-aig-authorization": f"Bearer {value}"}
    return peer.call("POST", f"/v1/{ACCOUNT}/edge", body=[asked], headers=sent)


def logged(peer: Peer) -> dict[str, Any]:
    peer.advance(1)
    answer = peer.api("GET", "/ai-gateway/gateways/edge/logs")
    rows = json.loads(answer.text, parse_constant=_refused)["result"]
    found: dict[str, Any] = rows[0]
    return found


def _refused(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")


@pytest.mark.parametrize(
    "given", ['{"a": NaN}', '{"a": 1e999}', '{"a": -Infinity}', '{"a": "\\ud800"}']
)
def test_metadata_that_is_no_json_counts_for_nothing(peer: Peer, value: str, given: str):
    assert peer.ask(value, cf_aig_metadata=given).status_code == 200
    assert logged(peer)["metadata"] == {}


def test_a_cost_beyond_numbers_counts_for_nothing(peer: Peer, value: str):
    peer.ask(value, cf_aig_custom_cost='{"total_cost": 1e999}')
    assert logged(peer)["custom_cost"] is False


def test_metadata_in_any_script_is_kept_as_it_is(peer: Peer, value: str):
    universal(peer, value, {"cf-aig-metadata": '{"team": "é日本"}'})
    assert logged(peer)["metadata"] == {"team": "é日本"}


@pytest.mark.parametrize(
    "headers",
    [
        {"cf-aig-event-id": "a\r\nset-cookie: b"},
        {"a\nb": "c"},
        {"a": "\0"},
        {"": "c"},
        {"a b": "c"},
        {"a:b": "c"},
        {"é": "c"},
    ],
)
def test_no_header_of_a_universal_request_makes_another(
    peer: Peer, value: str, headers: dict[str, str]
):
    answer = universal(peer, value, headers)
    assert (answer.status_code, gateway_code(answer)) == (400, 2019)
    assert "set-cookie" not in answer.headers


def test_a_model_of_any_name_answers_through_a_route(peer: Peer, value: str):
    model = {"provider": "openai", "model": "日\n本", "retries": 0, "timeout": 0}
    elements = [
        {"id": "s", "type": "start", "outputs": {"next": {"elementId": "m"}}},
        {
            "id": "m",
            "type": "model",
            "properties": model,
            "outputs": {"success": {"elementId": "e"}, "fallback": {"elementId": "e"}},
        },
        {"id": "e", "type": "end", "outputs": {}},
    ]
    peer.result("POST", "/ai-gateway/gateways/edge/routes", {"name": "r", "elements": elements})
    body = {"model": "dynamic/r", "messages": [{"role": "user", "content": "hi"}]}
    answer = peer.ask(value, "compat/chat/completions", body)
    assert answer.status_code == 200
    assert answer.headers["cf-aig-model"] == "日本"


def test_each_call_has_an_id_of_its_own(peer: Peer, value: str):
    answers = [peer.ask(value) for _ in range(2)]
    ids = {answer.headers["cf-aig-request-id"] for answer in answers}
    assert len(ids) == 2


def test_a_large_request_is_not_cached(local: Peer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("gatewright.emulator.traffic.steps.MAX_SIZE", 10)
    local.gateway("edge", cache_ttl=60)
    caller = local.caller()
    assert [local.ask(caller).headers.get("cf-aig-cache-status") for _ in range(2)] == [None, None]


@pytest.mark.parametrize(
    ("content_type", "kept"),
    [
        ("application/json", True),
        ("application/problem+json; charset=utf-8", True),
        ("Text/Plain", True),
        ("image/png", True),
        ("audio/mpeg", False),
        ("application/octet-stream", False),
        ("", False),
    ],
)
def test_only_text_and_images_are_kept(content_type: str, *, kept: bool):
    assert cacheable(content_type) is kept


def test_the_models_are_listed_for_openais_clients(peer: Peer, value: str):
    sent = {"cf-aig-authorization": f"Bearer {value}"}
    path = f"/v1/{ACCOUNT}/edge/workers-ai/v1/models"
    answer = peer.call("GET", path, token=value, headers=sent)
    assert LLAMA in {one["id"] for one in answer.json()["data"]}


@pytest.mark.parametrize(
    "price",
    [
        '{"total_cost": 1e300}',
        '{"per_token_in": 1e308, "per_token_out": 1e308}',
        '{"total_cost": ' + "9" * 400 + "}",
    ],
)
def test_a_price_beyond_reason_counts_for_nothing(peer: Peer, value: str, price: str):
    assert peer.ask(value, cf_aig_custom_cost=price).status_code == 200
    assert logged(peer)["custom_cost"] is False


@pytest.mark.parametrize("said", ["True", "1", "yes", "", "false"])
def test_only_true_is_true(peer: Peer, value: str, said: str):
    peer.ask(value)
    assert peer.ask(value, cf_aig_skip_cache=said).headers["cf-aig-cache-status"] == "HIT"
    assert "cf-aig-cache-status" not in peer.ask(value, cf_aig_skip_cache="true").headers


@pytest.mark.parametrize("said", ["-1", "60.5", "1e3", "0x40", "", "٦٠", "60, 120"])
def test_a_time_that_is_no_whole_number_says_nothing(peer: Peer, value: str, said: str):
    """Two headers of the name come as one with a comma."""
    headers = {"cf-aig-authorization": f"Bearer {value}", "cf-aig-cache-ttl": said.encode()}
    path = f"/v1/{ACCOUNT}/edge/workers-ai/{LLAMA}"
    for status in ("MISS", "HIT"):
        answer = peer.call("POST", path, token=value, body=PROMPT, headers=headers)
        assert answer.headers["cf-aig-cache-status"] == status
    peer.advance(61)
    assert peer.ask(value).headers["cf-aig-cache-status"] == "MISS", "the gateway's own 60 s"
