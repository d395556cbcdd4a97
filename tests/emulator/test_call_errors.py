"""Refused calls: whose shape the error has, and its code."""

import httpx
import pytest
from emulator.peer import ACCOUNT, LLAMA, PROMPT, SENTIMENT, Peer, codes, gateway_code

CHAT = {"model": LLAMA, "messages": [{"role": "user", "content": "hi"}]}
NATIVE_CHAT, NATIVE_EMBEDDINGS = "workers-ai/v1/chat/completions", "workers-ai/v1/embeddings"
COMPAT = "compat/chat/completions"
BGE = "@cf/baai/bge-m3"


@pytest.fixture
def value(peer: Peer) -> str:
    peer.gateway("edge", authentication=True)
    return peer.caller()


@pytest.mark.parametrize(
    ("rest", "body", "code"),
    [
        ("workers-ai/@cf/no/such-model", PROMPT, 5007),
        ("workers-ai/no-such-model", PROMPT, 5007),
        (NATIVE_CHAT, CHAT | {"model": "gpt-4o"}, 5007),
        (NATIVE_CHAT, CHAT | {"model": f"workers-ai/{LLAMA}"}, 5007),
        (NATIVE_CHAT, CHAT | {"model": SENTIMENT}, 5007),
        (COMPAT, CHAT | {"model": "workers-ai/nothing"}, 5007),
        (NATIVE_EMBEDDINGS, {"model": LLAMA, "input": "hi"}, 5007),
        (f"workers-ai/{LLAMA}", {"text": "hi"}, 5004),
        (f"workers-ai/{LLAMA}", {"prompt": ""}, 5004),
        (f"workers-ai/{LLAMA}", {"prompt": 7}, 5004),
        (f"workers-ai/{LLAMA}", {"messages": []}, 5004),
        (f"workers-ai/{LLAMA}", {"messages": ["hi"]}, 5004),
        (f"workers-ai/{LLAMA}", {"messages": [{"content": "hi"}]}, 5004),
        (f"workers-ai/{LLAMA}", {"messages": [{"role": "user", "content": 7}]}, 5004),
        (f"workers-ai/{LLAMA}", PROMPT | {"max_tokens": 0}, 5004),
        (f"workers-ai/{LLAMA}", PROMPT | {"max_tokens": "many"}, 5004),
        (f"workers-ai/{LLAMA}", [PROMPT], 5004),
        (f"workers-ai/{SENTIMENT}", PROMPT, 5004),
        (f"workers-ai/{BGE}", {"text": []}, 5004),
        (f"workers-ai/{BGE}", {"text": ["hi", 7]}, 5004),
        (NATIVE_EMBEDDINGS, {"model": BGE, "input": [[1, 2]]}, 5004),
        (NATIVE_CHAT, {"messages": CHAT["messages"]}, 5004),
        (f"workers-ai/{LLAMA.replace('/', '%2F')}", PROMPT, 7000),
        (f"workers-ai/{LLAMA}/", PROMPT, 7000),
    ],
)
@pytest.mark.proves("calls.shapes")
def test_workers_ai_refuses_in_its_own_envelope(
    peer: Peer, value: str, rest: str, body: object, code: int
):
    answer = peer.ask(value, rest, body, cf_aig_event_id="an-event")
    assert (answer.status_code, codes(answer)) == (400, [code])
    assert "error" not in answer.json()
    # The call went through the gateway, which logs it.
    assert {"cf-aig-log-id", "cf-aig-step", "cf-aig-event-id"} <= set(answer.headers)
    assert "cf-aig-cache-status" not in answer.headers


@pytest.mark.parametrize(
    ("rest", "body", "code"),
    [
        (COMPAT, {"messages": []}, 2019),
        (COMPAT, CHAT | {"model": 7}, 2019),
        (COMPAT, CHAT | {"model": "nobody/model"}, 2008),
        ("nobody/v1/chat", CHAT, 2008),
        ("compat/elsewhere", CHAT, 2008),
    ],
)
@pytest.mark.proves("calls.shapes")
def test_the_gateway_refuses_in_its_own_shape(
    peer: Peer, value: str, rest: str, body: object, code: int
):
    answer = peer.ask(value, rest, body)
    assert (answer.status_code, gateway_code(answer)) == (400, code)


def raw(peer: Peer, value: str, rest: str, content: bytes, method: str = "POST") -> httpx.Response:
    headers = {"cf-aig-authorization": f"Bearer {value}"}
    path = f"/v1/{ACCOUNT}/edge/{rest}"
    return peer.call(method, path, token=value, content=content, headers=headers)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000], ids=len)
def test_a_body_that_is_not_json(peer: Peer, value: str, content: bytes):
    assert codes(raw(peer, value, f"workers-ai/{LLAMA}", content)) == [5004]
    assert codes(raw(peer, value, NATIVE_CHAT, content)) == [5004]
    assert gateway_code(raw(peer, value, COMPAT, content)) == 2019


def test_only_post_calls_a_model(peer: Peer, value: str):
    answer = raw(peer, value, f"workers-ai/{LLAMA}", b"", method="GET")
    assert (answer.status_code, codes(answer)) == (405, [7001])


def test_a_body_over_the_limit_is_3006(local: Peer, monkeypatch: pytest.MonkeyPatch):
    local.gateway("edge")
    caller = local.caller()
    monkeypatch.setattr("gatewright.emulator.web.MAX_BODY", 10)
    answer = local.ask(caller)
    assert (answer.status_code, codes(answer)) == (413, [3006])
