"""Which answers have the declared shape, and how requests are told apart."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smoke.scene import LLAMA, SENTIMENT, endpoint, enveloped, gateway

from gatewright.model import Api
from gatewright.smoke.call import call_without_token, with_mark
from gatewright.smoke.shape import documents_in, flaw
from gatewright.smoke.task import Task, task_of

GENERATION = endpoint()
CLASSIFICATION = endpoint(model=SENTIMENT)
EMBEDDINGS = endpoint(model="@cf/baai/bge-m3")
UNKNOWN = endpoint(model="@cf/black-forest-labs/flux-1-schnell")
CHAT = endpoint(api=Api.CHAT_COMPLETIONS)
OPENAI_EMBEDDINGS = endpoint(api=Api.EMBEDDINGS)


def flaw_in(one: Any, text: str) -> str | None:
    return flaw(one, text, documents_in(one, text))


def completion(finish: str = "stop", **message: Any) -> dict[str, Any]:
    return {"choices": [{"message": message, "finish_reason": finish}]}


GOOD = [
    (GENERATION, enveloped({"response": "Hello", "usage": {"total_tokens": 3}})),
    (GENERATION, enveloped({"response": {"structured": True}})),
    (GENERATION, enveloped({"response": None, "tool_calls": [{"name": "f"}]})),
    (GENERATION, enveloped({"response": "", "finish_reason": "length"})),
    (GENERATION, enveloped(completion(content="Hello"))),
    (CLASSIFICATION, enveloped([{"label": "A", "score": 0}, {"label": "B", "score": 1.0}])),
    (EMBEDDINGS, enveloped({"shape": [2, 1], "data": [[0.5], [1]], "pooling": "cls"})),
    (UNKNOWN, enveloped({"image": "…"})),
    (UNKNOWN, enveloped(None)),
    (CHAT, completion(content="Hello")),
    (CHAT, completion("length", content=None)),
    (CHAT, completion("length", content="")),
    (CHAT, completion("tool_calls", content=None, tool_calls=[{}])),
    (OPENAI_EMBEDDINGS, {"data": [{"embedding": [0.5, 1]}]}),
    (OPENAI_EMBEDDINGS, {"data": [{"embedding": "AACAPw=="}]}),
]
BAD = [
    (GENERATION, {"response": "Hello"}),
    (GENERATION, {**enveloped({"response": "Hello"}), "success": False}),
    (GENERATION, {"success": True}),
    (GENERATION, enveloped({"response": ""})),
    (GENERATION, enveloped({"response": None})),
    (GENERATION, enveloped({"choices": []})),
    (GENERATION, enveloped([])),
    (GENERATION, completion(content="Hello")),
    (CLASSIFICATION, enveloped({"label": "A", "score": 0.5})),
    (CLASSIFICATION, enveloped([])),
    (CLASSIFICATION, enveloped([{"label": "A", "score": 0.5}, {"label": "B"}])),
    (CLASSIFICATION, enveloped([{"label": "A", "score": 1.5}])),
    (CLASSIFICATION, enveloped([{"label": "A", "score": float("nan")}])),
    (CLASSIFICATION, enveloped({"response": "Hello"})),
    (EMBEDDINGS, enveloped({"shape": [1, 2], "data": [[0.5]]})),
    (EMBEDDINGS, enveloped({"shape": [2, 1], "data": [[0.5]]})),
    (EMBEDDINGS, enveloped({"shape": [1, 1], "data": [["x"]]})),
    (EMBEDDINGS, enveloped({"data": [[0.5]]})),
    (UNKNOWN, {"image": "…"}),
    (CHAT, enveloped({"response": "Hello"})),
    (CHAT, completion(content="")),
    (CHAT, completion(content=None)),
    (CHAT, {"choices": []}),
    (CHAT, {"choices": [{"text": "Hello"}]}),
    (OPENAI_EMBEDDINGS, {"data": []}),
    (OPENAI_EMBEDDINGS, {"data": [{"embedding": []}]}),
    (OPENAI_EMBEDDINGS, {"data": [{"embedding": [0.5]}, {}]}),
    (OPENAI_EMBEDDINGS, {"data": [{"embedding": ""}]}),
]


@pytest.mark.parametrize(("one", "answer"), GOOD)
def test_good_answers(one: Any, answer: Any) -> None:
    assert flaw_in(one, json.dumps(answer)) is None


@pytest.mark.parametrize(("one", "answer"), BAD)
def test_answers_of_another_shape(one: Any, answer: Any) -> None:
    assert flaw_in(one, json.dumps(answer))


STREAMED = endpoint(body={"prompt": "Hello", "stream": True})


@pytest.mark.parametrize(
    ("text", "is_good"),
    [
        ('data: {"response":"He"}\n\ndata: {"response":"llo"}\n\ndata: [DONE]\n\n', True),
        ('data: {"response":"He"}\r\n\r\ndata: [DONE]\r\n\r\n', True),
        (': ping\n\ndata:{"choices":[{"delta":{"content":"Hi"}}]}\n\ndata:[DONE]\n\n', True),
        ('data: {"response":"He"}\n\n', False),
        ('data: {"response":"He"}\n\ndata: {"response":"llo"}\n\n', False),
        ("data: [DONE]\n\n", False),
        ("data: He\n\ndata: [DONE]\n\n", False),
        ('{"response":"Hello"}', False),
        ("", False),
    ],
)
def test_streams(text: str, *, is_good: bool) -> None:
    assert (flaw_in(STREAMED, text) is None) is is_good


@given(st.sampled_from([GENERATION, CLASSIFICATION, EMBEDDINGS, UNKNOWN, CHAT, STREAMED]),
       st.recursive(st.none() | st.booleans() | st.floats() | st.text(),
                    lambda inner: st.lists(inner) | st.dictionaries(
                        st.sampled_from(["result", "success", "response", "choices", "message",
                                         "data", "shape", "label", "score"]), inner)))  # fmt: skip
def test_any_answer_is_judged(one: Any, answer: Any) -> None:
    verdict = flaw_in(one, json.dumps(answer))
    assert verdict is None or verdict


@pytest.mark.parametrize(
    ("model", "task"),
    [
        (LLAMA, Task.TEXT_GENERATION),
        ("@cf/meta/llama-3.3-70b-instruct-fp8-fast", Task.TEXT_GENERATION),
        ("@hf/nousresearch/hermes-2-pro-mistral-7b", Task.TEXT_GENERATION),
        (SENTIMENT, Task.TEXT_CLASSIFICATION),
        ("@cf/baai/bge-base-en-v1.5", Task.TEXT_EMBEDDINGS),
        ("@cf/google/embeddinggemma-300m", Task.TEXT_EMBEDDINGS),
        ("@cf/baai/bge-reranker-base", None),
        ("@cf/black-forest-labs/flux-1-schnell", None),
        ("", None),
    ],
)
def test_tasks(model: str, task: Task | None) -> None:
    assert task_of(model) is task


PARTS = [{"type": "text", "text": "Hi"}, {"type": "image_url", "image_url": {"url": "data:"}}]


@pytest.mark.parametrize(
    ("body", "marked"),
    [
        ({"prompt": "Hi"}, {"prompt": "Hi (m)"}),
        ({"text": ["a", "b"]}, {"text": ["a", "b (m)"]}),
        ({"input": "Hi", "model": "m"}, {"input": "Hi (m)", "model": "m"}),
        (
            {"messages": [{"role": "system", "content": "A"}, {"role": "user", "content": "B"}]},
            {"messages": [
                {"role": "system", "content": "A"}, {"role": "user", "content": "B (m)"},
            ]},
        ),
        (
            {"messages": [{"role": "user", "content": PARTS}]},
            {"messages": [
                {"role": "user", "content": [{"type": "text", "text": "Hi (m)"}, PARTS[1]]},
            ]},
        ),
        ({"image": [1, 2]}, None),
        ({"input": [[1, 2], [3]]}, None),
        ({"prompt": None, "text": "Hi"}, {"prompt": None, "text": "Hi (m)"}),
        ({}, None),
    ],
)  # fmt: skip
def test_the_mark_is_in_a_text_and_nothing_else_changes(body: Any, marked: Any) -> None:
    before = json.dumps(body)
    assert with_mark(body, "m") == marked
    assert json.dumps(body) == before


@pytest.mark.parametrize(
    ("one", "body", "max_tokens"),
    [
        (Api.RUN, {"prompt": "Hi"}, 16),
        (Api.CHAT_COMPLETIONS, {"messages": []}, 16),
        (Api.CHAT_COMPLETIONS, {"messages": [], "max_tokens": 7}, 7),
        (Api.CHAT_COMPLETIONS, {"messages": [], "max_completion_tokens": 7}, None),
        (Api.EMBEDDINGS, {"input": "Hi"}, None),
    ],
)
def test_few_tokens_unless_declared(one: Api, body: Any, max_tokens: int | None) -> None:
    sent = call_without_token(
        gateway(), endpoint(api=one, body=body), "https://example.com", "1"
    ).body
    assert sent.get("max_tokens") == max_tokens
