"""Answers in the models' true shapes."""

import base64
import json
import math
import struct
import uuid
from typing import Any

import httpx
import pytest
from emulator.peer import LLAMA, SENTIMENT, Peer

CHAT_PATHS = {
    "workers-ai/v1/chat/completions": LLAMA,
    "compat/chat/completions": f"workers-ai/{LLAMA}",
}
MESSAGES = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello?"}]

# What the official clients send beside what a model needs.
EXTRAS = {
    "stop": None,
    "stream": False,
    "temperature": 0.2,
    "max_completion_tokens": 50,
    "stream_options": {"include_usage": True},
    "dimensions": 8,
    "x-unknown": [1],
}


@pytest.fixture
def value(peer: Peer) -> str:
    peer.gateway("edge", authentication=True)
    return peer.caller()


def enveloped(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    body = answer.json()
    result = body.pop("result")
    assert body == {"success": True, "errors": [], "messages": []}
    return result


def events(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/event-stream"
    *parts, last, end = answer.text.split("\n\n")
    assert (last, end) == ("data: [DONE]", "")
    assert all(part.startswith("data: ") for part in parts)
    return [json.loads(part.removeprefix("data: ")) for part in parts]


@pytest.mark.parametrize("form", ["", "run/"])
@pytest.mark.parametrize("model", [LLAMA, LLAMA.replace("@", "%40")])
@pytest.mark.proves("calls.native")
def test_text_generation(peer: Peer, value: str, form: str, model: str):
    result = enveloped(peer.ask(value, f"workers-ai/{form}{model}"))
    assert set(result) == {"response", "usage"}
    assert "What is Cloudflare?" in result["response"]
    usage = result["usage"]
    assert usage["prompt_tokens"] == 3
    assert usage["completion_tokens"] == len(result["response"].split())
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


def test_text_generation_takes_a_conversation(peer: Peer, value: str):
    parts = [{"role": "user", "content": [{"type": "text", "text": "In parts?"}]}]
    silent = [{"role": "assistant", "content": None}, *MESSAGES]
    for messages, asked in ((MESSAGES, "Hello?"), (parts, "In parts?"), (silent, "Hello?")):
        result = enveloped(peer.ask(value, body={"messages": messages}))
        assert asked in result["response"]


def test_answers_are_the_same_for_the_same_input_only(peer: Peer, value: str):
    def said(prompt: str, model: str = LLAMA) -> str:
        result = enveloped(peer.ask(value, f"workers-ai/{model}", {"prompt": prompt}))
        return result["response"]

    assert said("one") == said("one")
    assert len({said("one"), said("two"), said("one", "@cf/meta/llama-3.2-1b-instruct")}) == 3


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_an_answer_ends_at_the_limit_of_tokens(peer: Peer, value: str, name: str):
    body = {"model": LLAMA, "messages": MESSAGES, name: 3}
    answer = peer.ask(value, "workers-ai/v1/chat/completions", body).json()
    assert answer["choices"][0]["finish_reason"] == "length"
    assert len(answer["choices"][0]["message"]["content"].split()) == 3
    assert answer["usage"]["completion_tokens"] == 3
    native = enveloped(peer.ask(value, body={"prompt": "hi", name: 2}))
    assert native["usage"]["completion_tokens"] == 2


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Cloudflare docs are amazing!", "POSITIVE"),
        ("This is terrible.", "NEGATIVE"),
        ("not good", "NEGATIVE"),
        ("The docs are not bad at all", "POSITIVE"),
        ("great, great, but slow", "POSITIVE"),
    ],
)
def test_text_classification(peer: Peer, value: str, text: str, label: str):
    result = enveloped(peer.ask(value, f"workers-ai/{SENTIMENT}", {"text": text}))
    assert [set(one) for one in result] == [{"label", "score"}] * 2
    scores = {one["label"]: one["score"] for one in result}
    assert list(scores) == ["NEGATIVE", "POSITIVE"]
    assert math.isclose(sum(scores.values()), 1)
    assert all(0 < score < 1 for score in scores.values())
    assert max(scores, key=lambda name: scores[name]) == label


@pytest.mark.parametrize(
    ("model", "dimensions"),
    [
        ("@cf/baai/bge-m3", 1024),
        ("@cf/baai/bge-small-en-v1.5", 384),
        ("@cf/baai/bge-base-en-v1.5", 768),
        ("@cf/baai/bge-large-en-v1.5", 1024),
        ("@cf/google/embeddinggemma-300m", 768),
    ],
)
def test_embeddings_in_the_native_form(peer: Peer, value: str, model: str, dimensions: int):
    result = enveloped(peer.ask(value, f"workers-ai/{model}", {"text": ["one", "two"]}))
    assert result["shape"] == [2, dimensions]
    assert [len(vector) for vector in result["data"]] == [dimensions] * 2
    assert result["data"][0] != result["data"][1]
    single = enveloped(peer.ask(value, f"workers-ai/{model}", {"text": "one"}))
    assert single["data"] == result["data"][:1]
    assert math.isclose(math.hypot(*result["data"][0]), 1, rel_tol=1e-5)


@pytest.mark.parametrize("rest", ["workers-ai/v1/embeddings", "compat/embeddings"])
@pytest.mark.proves("calls.embeddings")
def test_embeddings_in_openais_form(peer: Peer, value: str, rest: str):
    model = "@cf/baai/bge-small-en-v1.5"
    named = f"workers-ai/{model}" if rest.startswith("compat") else model
    body = {"model": named, "input": ["one two", "three"], **EXTRAS}
    answer = peer.ask(value, rest, body).json()
    assert (answer["object"], answer["model"]) == ("list", model)
    assert answer["usage"] == {"prompt_tokens": 3, "total_tokens": 3}
    assert [(one["object"], one["index"]) for one in answer["data"]] == [
        ("embedding", 0),
        ("embedding", 1),
    ]
    packed = peer.ask(value, rest, body | {"encoding_format": "base64"}).json()
    for plain, encoded in zip(answer["data"], packed["data"], strict=True):
        raw = base64.b64decode(encoded["embedding"])
        assert list(struct.unpack("<384f", raw)) == plain["embedding"]


@pytest.mark.parametrize(("rest", "model"), CHAT_PATHS.items())
def test_chat_completions(peer: Peer, value: str, rest: str, model: str):
    body = {"model": model, "messages": MESSAGES, **EXTRAS}
    answer = peer.ask(value, rest, body).json()
    assert answer["object"] == "chat.completion"
    assert answer["model"] == LLAMA
    assert answer["id"].startswith("chatcmpl-")
    assert isinstance(answer["created"], int)
    (choice,) = answer["choices"]
    assert (choice["index"], choice["finish_reason"]) == (0, "stop")
    assert choice["message"]["role"] == "assistant"
    assert "Hello?" in choice["message"]["content"]
    usage = answer["usage"]
    assert usage["prompt_tokens"] == 3
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert usage["neurons"] > 0
    assert "success" not in answer


@pytest.mark.proves("calls.compat")
def test_compat_takes_a_bare_model(peer: Peer, value: str):
    body = {"model": LLAMA, "messages": MESSAGES}
    assert peer.ask(value, "compat/chat/completions", body).status_code == 200


def test_a_native_stream(peer: Peer, value: str):
    whole = enveloped(peer.ask(value))
    received = events(peer.ask(value, body={"prompt": "What is Cloudflare?", "stream": True}))
    assert "".join(event["response"] for event in received) == whole["response"]
    assert len(received) > 5
    *deltas, last = received
    assert not any("usage" in event for event in deltas)
    assert last["usage"] == whole["usage"]


@pytest.mark.parametrize(("rest", "model"), CHAT_PATHS.items())
@pytest.mark.parametrize("usage", [None, False, True])
def test_a_chat_stream(peer: Peer, value: str, rest: str, model: str, *, usage: bool | None):
    body: dict[str, Any] = {"model": model, "messages": MESSAGES}
    whole = peer.ask(value, rest, body).json()
    body["stream"] = True
    if usage is not None:
        body["stream_options"] = {"include_usage": usage}
    received = events(peer.ask(value, rest, body))
    assert {event["object"] for event in received} == {"chat.completion.chunk"}
    assert len({(event["id"], event["created"], event["model"]) for event in received}) == 1
    choices = [event["choices"][0] for event in received]
    assert choices[0]["delta"]["role"] == "assistant"
    said = "".join(choice["delta"].get("content", "") for choice in choices)
    assert said == whole["choices"][0]["message"]["content"]
    *deltas, last = choices
    assert {choice["finish_reason"] for choice in deltas} == {None}
    assert last["finish_reason"] == "stop"
    assert [("usage" in event) for event in received] == [False] * len(deltas) + [bool(usage)]
    if usage:
        assert received[-1]["usage"] == whole["usage"]


def test_the_gateways_headers(peer: Peer, value: str):
    answer = peer.ask(value, cf_aig_event_id="an-event")
    log_id = uuid.UUID(answer.headers["cf-aig-log-id"])
    assert log_id.version == 7
    assert log_id.variant == uuid.RFC_4122
    assert str(log_id) == answer.headers["cf-aig-log-id"]
    assert answer.headers["cf-aig-step"] == "0"
    assert answer.headers["cf-aig-event-id"] == "an-event"
    again = peer.ask(value)
    assert again.headers["cf-aig-log-id"] > answer.headers["cf-aig-log-id"][:13]
    assert again.headers["cf-aig-log-id"] != answer.headers["cf-aig-log-id"]
    assert "cf-aig-event-id" not in again.headers


@pytest.mark.parametrize(
    ("collects", "header", "logged"),
    [
        (True, None, True),
        (False, None, False),
        (True, "false", False),
        (False, "true", True),
        (True, "perhaps", True),
    ],
)
@pytest.mark.proves("headers.log-id")
def test_a_log_id_is_there_when_the_call_is_logged(
    peer: Peer,
    collects: bool,  # noqa: FBT001  # a column of the table
    header: str | None,
    logged: bool,  # noqa: FBT001  # a column of the table
):
    peer.gateway(collect_logs=collects)
    headers = {"cf_aig_collect_log": header} if header else {}
    answer = peer.ask(peer.caller(), **headers)
    assert ("cf-aig-log-id" in answer.headers) is logged


def test_answers_have_a_length_and_the_connection_stays(peer: Peer, value: str):
    answer = peer.ask(value)
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.headers.get("connection") != "close"
