"""What is answered from the cache, for how long, and to whom."""

import httpx
import pytest
from emulator.peer import ACCOUNT, LLAMA, SENTIMENT, Peer

CHAT = {"model": LLAMA, "messages": [{"role": "user", "content": "hi"}]}


def status(answer: httpx.Response) -> str | None:
    assert answer.status_code == 200, answer.text
    return answer.headers.get("cf-aig-cache-status")


@pytest.mark.proves("cache.hit")
def test_a_miss_then_hits_with_the_same_answer(peer: Peer):
    peer.gateway(cache_ttl=300)
    value = peer.caller()
    answers = [peer.ask(value) for _ in range(3)]
    assert [status(answer) for answer in answers] == ["MISS", "HIT", "HIT"]
    assert len({answer.content for answer in answers}) == 1
    assert {answer.headers["content-type"] for answer in answers} == {"application/json"}


@pytest.mark.parametrize("ttl", [0, None])
def test_without_a_ttl_there_is_no_cache_and_no_status(peer: Peer, ttl: int | None):
    peer.gateway(cache_ttl=ttl)
    value = peer.caller()
    assert [status(peer.ask(value)) for _ in range(3)] == [None] * 3


def test_the_gateways_ttl_ends_an_entry(peer: Peer):
    peer.gateway(cache_ttl=300)
    value = peer.caller()
    assert status(peer.ask(value)) == "MISS"
    peer.advance(295)
    assert status(peer.ask(value)) == "HIT"
    peer.advance(5)
    assert [status(peer.ask(value)) for _ in range(2)] == ["MISS", "HIT"]


def test_white_space_and_order_of_keys_make_no_difference(peer: Peer):
    peer.gateway(cache_ttl=300)
    headers = {"Authorization": f"Bearer {peer.caller()}"}
    path = f"/v1/{ACCOUNT}/edge/workers-ai/{LLAMA}"
    statuses = [
        status(peer.call("POST", path, content=content, headers=headers))
        for content in (
            b'{"prompt":"hi","max_tokens":5}',
            b'{ "prompt": "hi",\n "max_tokens": 5 }',
            b'{"max_tokens":5,"prompt":"hi"}',
            b'{"prompt":"hi","max_tokens":6}',
            b'{"prompt":"Hi","max_tokens":5}',
        )
    ]
    assert statuses == ["MISS", "HIT", "HIT", "MISS", "MISS"]


@pytest.mark.proves("cache.key")
def test_another_token_gateway_model_or_endpoint_is_another_entry(peer: Peer):
    peer.gateway("edge", cache_ttl=300)
    peer.gateway("other", cache_ttl=300)
    value = peer.caller()
    same = peer.ask(value)
    others = [
        peer.ask(peer.caller()),
        peer.ask(value, gateway_id="other"),
        peer.ask(value, "workers-ai/@cf/meta/llama-3.2-1b-instruct"),
        peer.ask(value, "workers-ai/v1/chat/completions", CHAT),
        peer.ask(value, "compat/chat/completions", CHAT),
    ]
    assert [status(answer) for answer in (same, *others)] == ["MISS"] * 6
    assert status(peer.ask(value)) == "HIT"
    assert status(peer.ask(value, f"workers-ai/run/{LLAMA}")) == "HIT"


@pytest.mark.parametrize("name", ["cf-aig-skip-cache", "cf-skip-cache"])
def test_a_request_can_skip_the_cache(peer: Peer, name: str):
    peer.gateway(cache_ttl=300)
    value = peer.caller()
    skip = {name: "true"}
    assert status(peer.ask(value, **skip)) is None
    assert status(peer.ask(value)) == "MISS", "what skips is not kept either"
    assert status(peer.ask(value, **skip)) is None
    assert status(peer.ask(value, **{name: "false"})) == "HIT"


@pytest.mark.parametrize("name", ["cf-aig-cache-ttl", "cf-cache-ttl"])
@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("120", 120),
        ("1", 60),
        ("59", 60),
        ("2592000", 30 * 86_400),
        ("2592001", 30 * 86_400),
        ("9" * 5000, 30 * 86_400),
        ("soon", 600),
        ("-5", 600),
        ("²", 600),
    ],
    ids=lambda value: str(value)[:8],
)
@pytest.mark.proves("cache.headers", "cache.bounds")
def test_a_requests_ttl_goes_before_the_gateways_within_bounds(
    peer: Peer, name: str, asked: str, seconds: int
):
    peer.gateway(cache_ttl=600)
    value = peer.caller()
    header = {name: asked.encode("latin-1")}
    assert status(peer.ask(value, **header)) == "MISS"
    peer.advance(seconds - 5)
    assert status(peer.ask(value)) == "HIT"
    peer.advance(5)
    assert status(peer.ask(value)) == "MISS"


def test_the_present_header_goes_before_the_deprecated_one(peer: Peer):
    peer.gateway(cache_ttl=600)
    value = peer.caller()
    names = {"cf-cache-ttl": "3600", "cf-aig-cache-ttl": "60"}
    assert status(peer.ask(value, **names)) == "MISS"
    peer.advance(60)
    assert status(peer.ask(value)) == "MISS"


def test_a_requests_ttl_turns_the_cache_on_and_nought_turns_it_off(peer: Peer):
    peer.gateway("off", cache_ttl=0)
    peer.gateway("on", cache_ttl=600)
    value = peer.caller()
    on = [status(peer.ask(value, gateway_id="off", cf_aig_cache_ttl="60")) for _ in range(2)]
    off = [status(peer.ask(value, gateway_id="on", cf_aig_cache_ttl="0")) for _ in range(2)]
    assert (on, off) == (["MISS", "HIT"], [None, None])


@pytest.mark.proves("cache.custom")
def test_a_key_of_ones_own(peer: Peer):
    peer.gateway("off", cache_ttl=0)
    value = peer.caller()
    ask = {"gateway_id": "off", "cf_aig_cache_key": "mine"}
    first = peer.ask(value, **ask)
    other_body = peer.ask(value, body={"prompt": "Another?"}, **ask)
    assert [status(first), status(other_body)] == ["MISS", "HIT"]
    assert other_body.content == first.content
    assert status(peer.ask(value, gateway_id="off", cf_aig_cache_key="yours")) == "MISS"
    assert status(peer.ask(value, gateway_id="off")) is None
    peer.advance(301)
    assert status(peer.ask(value, **ask)) == "MISS"


def test_a_key_of_ones_own_opens_nothing(peer: Peer):
    peer.gateway("edge", cache_ttl=300)
    assert status(peer.ask(peer.caller(), cf_aig_cache_key="mine")) == "MISS"
    assert peer.ask("wrong", cf_aig_cache_key="mine").status_code == 401


@pytest.mark.proves("cache.key")
def test_another_key_of_a_provider_with_a_header_of_its_own_is_another_entry(peer: Peer):
    peer.gateway("edge", cache_ttl=300)
    body = {"model": "claude-haiku-4-5", "messages": [{"role": "user", "content": "hi"}]}
    path = f"/v1/{ACCOUNT}/edge/anthropic/v1/messages"
    found = [
        status(peer.call("POST", path, body=body, headers={"x-api-key": key}))
        for key in ("one", "two", "one")
    ]
    assert found == ["MISS", "MISS", "HIT"]


def test_errors_are_not_kept(peer: Peer):
    peer.gateway(cache_ttl=300)
    value = peer.caller()
    for _ in range(2):
        answer = peer.ask(value, f"workers-ai/{SENTIMENT}", {"text": ""})
        assert answer.status_code == 400
        assert "cf-aig-cache-status" not in answer.headers


@pytest.mark.proves("cache.streams")
def test_streams_are_not_cached(peer: Peer):
    peer.gateway(cache_ttl=300)
    value = peer.caller()
    body = {"prompt": "hi", "stream": True}
    answers = [peer.ask(value, body=body) for _ in range(3)]
    assert [status(answer) for answer in answers] == [None] * 3


def test_an_answer_too_large_is_not_kept(local: Peer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("gatewright.emulator.traffic.cache.MAX_SIZE", 10)
    local.gateway(cache_ttl=300)
    value = local.caller()
    assert [status(local.ask(value)) for _ in range(2)] == ["MISS", "MISS"]


@pytest.mark.parametrize(("invalidate", "expected"), [(True, "MISS"), (False, "HIT")])
def test_an_update_empties_the_cache_if_told(
    peer: Peer,
    invalidate: bool,  # noqa: FBT001  # a column of the table
    expected: str,
):
    made = peer.gateway("edge", cache_ttl=300)
    peer.gateway("other", cache_ttl=300)
    value = peer.caller()
    assert status(peer.ask(value)) == "MISS"
    assert status(peer.ask(value, gateway_id="other")) == "MISS"
    changed = made | {"cache_invalidate_on_update": invalidate}
    peer.result("PUT", "/ai-gateway/gateways/edge", changed)
    assert status(peer.ask(value)) == expected
    assert status(peer.ask(value, gateway_id="other")) == "HIT"


def test_a_gateway_made_again_starts_with_an_empty_cache(peer: Peer):
    peer.gateway("edge", cache_ttl=300)
    value = peer.caller()
    assert status(peer.ask(value)) == "MISS"
    peer.result("DELETE", "/ai-gateway/gateways/edge")
    peer.gateway("edge", cache_ttl=300)
    assert status(peer.ask(value)) == "MISS"
