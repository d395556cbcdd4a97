"""Models on the host of the account API: Workers AI's, other providers' and routes."""

from typing import Any

import pytest
from emulator.peer import LLAMA, PROMPT, Peer, codes, gateway_code, rest

CHAT = {"model": LLAMA, "messages": [{"role": "user", "content": "hi"}]}
TALK = {"messages": CHAT["messages"]}


@pytest.fixture
def value(peer: Peer) -> str:
    peer.gateway("edge", cache_ttl=0)
    return peer.caller()


@pytest.mark.parametrize(
    ("path", "body", "key"),
    [
        (f"run/{LLAMA}", PROMPT, "result"),
        ("run", {"model": LLAMA, "input": PROMPT}, "result"),
        ("v1/chat/completions", CHAT, "choices"),
        ("v1/embeddings", {"model": "@cf/baai/bge-m3", "input": "hi"}, "data"),
        ("v1/responses", {"model": LLAMA, "input": "hi"}, "output"),
        ("v1/messages", CHAT, "content"),
    ],
)
@pytest.mark.proves("calls.rest")
def test_the_rest_forms_through_a_gateway_and_past_it(peer: Peer, path: str, body: Any, key: str):
    peer.gateway("edge", authentication=True)
    value = peer.token("Workers AI Read")["value"]
    past = rest(peer, value, path, body)
    assert past.status_code == 200, past.text
    assert key in past.json()
    assert not [name for name in past.headers if name.startswith("cf-aig")]
    answer = rest(peer, value, path, body, cf_aig_gateway_id="edge", cf_aig_cache_ttl="60")
    assert (answer.status_code, answer.headers["cf-aig-cache-status"]) == (200, "MISS")
    assert answer.headers["cf-aig-log-id"]


@pytest.mark.proves("calls.rest-model")
def test_rest_refuses_as_documented(peer: Peer, value: str):
    run = peer.token("AI Gateway Run")["value"]
    weak = rest(peer, run, f"run/{LLAMA}")
    assert (weak.status_code, codes(weak)) == (401, [10000])
    assert codes(rest(peer, value, f"run/{LLAMA.replace('/', '%2F')}")) == [7000]
    prefixed = rest(peer, value, "v1/chat/completions", CHAT | {"model": f"workers-ai/{LLAMA}"})
    assert (prefixed.status_code, codes(prefixed)) == (400, [5007])
    assert gateway_code(rest(peer, value, f"run/{LLAMA}", cf_aig_gateway_id="no")) == 2001
    assert codes(rest(peer, value, "elsewhere")) == [7000]
    nobody = rest(peer, value, "v1/chat/completions", CHAT | {"model": "nobody/x"})
    assert (nobody.status_code, codes(nobody)) == (404, [7003])


@pytest.mark.proves("calls.rest-refused")
def test_rest_says_2009_where_a_provider_refuses_its_credential(peer: Peer, value: str):
    rule = {"at": "provider", "path": "^openai/", "status": 401, "times": 0}
    peer.control("POST", "faults", [rule])
    chat = CHAT | {"model": "openai/gpt-4o-mini"}
    answer = rest(peer, value, "v1/chat/completions", chat)
    assert (answer.status_code, gateway_code(answer)) == (401, 2009)
    peer.control("DELETE", "faults")
    assert rest(peer, value, "v1/chat/completions", chat).headers["cf-aig-run-id"]


def test_other_providers_go_through_the_default_gateway(peer: Peer):
    value = peer.token("Workers AI Read")["value"]
    answer = rest(peer, value, "v1/chat/completions", CHAT | {"model": "openai/gpt-4o-mini"})
    assert (answer.status_code, answer.json()["model"]) == (200, "gpt-4o-mini")
    assert [one["id"] for one in peer.result("GET", "/ai-gateway/gateways")] == ["default"]


@pytest.mark.parametrize("model", ["openai/gpt-4.1", "google/gemini-3-flash", "xai/grok-3"])
@pytest.mark.proves("calls.rest-run")
def test_run_takes_any_providers_model_with_its_input(peer: Peer, value: str, model: str):
    answer = rest(peer, value, "run", {"model": model, "input": TALK}, cf_aig_gateway_id="edge")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["success"], body["errors"]) == (True, [])
    assert body["result"]["choices"][0]["message"]["role"] == "assistant"
    assert answer.headers["cf-aig-run-id"]
    peer.advance(1)
    (row,) = peer.result("GET", "/ai-gateway/gateways/edge/logs")
    author, _, name = model.partition("/")
    assert row["provider"] == {"google": "google-ai-studio"}.get(author, author)
    assert (row["model"], row["wholesale"]) == (name, True)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"model": LLAMA, "prompt": "hi"}, 7003),
        ({"input": TALK}, 7003),
        ({"model": 1, "input": TALK}, 7003),
        ({"model": "llama", "input": TALK}, 5007),
        ({"model": f"workers-ai/{LLAMA}", "input": TALK}, 5007),
    ],
)
@pytest.mark.proves("calls.rest-run")
def test_run_needs_a_model_and_its_input(peer: Peer, value: str, body: Any, code: int):
    answer = rest(peer, value, "run", body)
    assert (answer.status_code, codes(answer)) == (400, [code])


@pytest.mark.proves("cache.key")
def test_providers_do_not_share_what_is_cached(peer: Peer, value: str):
    found = [
        rest(
            peer,
            value,
            "run",
            {"model": f"{author}/same", "input": TALK},
            cf_aig_gateway_id="edge",
            cf_aig_cache_ttl="60",
        ).headers["cf-aig-cache-status"]
        for author in ("openai", "groq", "openai")
    ]
    assert found == ["MISS", "MISS", "HIT"]
