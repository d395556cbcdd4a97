"""Whether an answer has the shape that the endpoint's API and model promise.

Source of the shapes: Cloudflare's documentation of the models and of the
OpenAI-compatible endpoints.
"""

import json
from collections.abc import Callable, Sequence

from gatewright.model import Api, Endpoint, JsonValue
from gatewright.smoke.task import Task, task_of

#: What is wrong, or None.
Flaw = str | None

_END_OF_STREAM = "[DONE]"
#: The flaw of a stream that was good so far.
CUT_OFF = f"the stream does not end with `{_END_OF_STREAM}`"


def documents_in(endpoint: Endpoint, text: str) -> list[JsonValue]:
    """The JSON of a body, or of each event of a stream; what is no JSON is left out."""
    parts = _events(text) if endpoint.is_streamed else [text]
    return [value for part in parts for value in _parsed(part)]


def flaw(endpoint: Endpoint, text: str, documents: Sequence[JsonValue]) -> Flaw:
    """What is wrong with ``text`` as the body of a 200 from ``endpoint``.

    ``documents`` are those in it.
    """
    if endpoint.is_streamed:
        return _stream(_events(text), documents)
    if not documents:
        return "the body is not JSON"
    (document,) = documents
    match endpoint.contract:
        case Api.CHAT_COMPLETIONS:
            return _completion(document)
        case Api.EMBEDDINGS:
            return _embedding_list(document)
        case Api.RUN:
            return _envelope(document, task_of(endpoint.model))
        case _:
            return None


def _parsed(text: str) -> list[JsonValue]:
    try:
        return [json.loads(text)]
    except (ValueError, RecursionError):
        return []


def _envelope(document: JsonValue, task: Task | None) -> Flaw:
    match document:
        case {"success": True, "result": result}:
            return _RESULTS[task](result) if task else None
        case {"success": True}:
            return "`result` is missing"
        case dict():
            return "`success` is not true"
    return "the body is not a JSON object"


def _generation(result: JsonValue) -> Flaw:
    match result:
        case {"response": dict()} | {"tool_calls": [_, *_]} | {"finish_reason": "length"}:
            return None
        case {"response": str() as response}:
            return None if response else "`result.response` is empty"
        case {"choices": _}:
            return _completion(result, "result.")
    return "`result.response` is missing"


def _classification(result: JsonValue) -> Flaw:
    if not isinstance(result, list) or not result:
        return "`result` is not a list of labels with scores"
    for item in result:
        match item:
            case {"label": str(), "score": int() | float() as score} if 0 <= score <= 1:
                continue
        return "`result` has an item without a label and a score between 0 and 1"
    return None


def _embeddings(result: JsonValue) -> Flaw:
    match result:
        case {"shape": [int() as count, int() as dimensions], "data": [_, *_] as vectors}:
            if len(vectors) == count and all(_is_vector(item, dimensions) for item in vectors):
                return None
            return "`result.data` is not of the size that `result.shape` says"
    return "`result.shape` or `result.data` is missing"


_RESULTS: dict[Task, Callable[[JsonValue], Flaw]] = {
    Task.TEXT_GENERATION: _generation,
    Task.TEXT_CLASSIFICATION: _classification,
    Task.TEXT_EMBEDDINGS: _embeddings,
}


def _completion(document: JsonValue, prefix: str = "") -> Flaw:
    """Few tokens are asked for, and a model may have spent them on thinking: `length`."""
    match document:
        case {"choices": [{"message": dict(), "finish_reason": "length"}, *_]}:
            return None
        case {"choices": [{"message": dict() as message}, *_]}:
            if message.get("content") or message.get("tool_calls"):
                return None
            return f"`{prefix}choices[0].message.content` is empty"
    return f"`{prefix}choices[0].message` is missing"


def _embedding_list(document: JsonValue) -> Flaw:
    match document:
        case {"data": [_, *_] as items}:
            if all(_is_embedding(item) for item in items):
                return None
            return "`data` has an item without an `embedding`"
    return "`data` is missing or empty"


def _is_embedding(item: JsonValue) -> bool:
    match item:
        case {"embedding": [_, *_] as vector}:
            return _is_vector(vector, len(vector))
        case {"embedding": str() as base64}:  # `encoding_format: base64`
            return bool(base64)
    return False


def _is_vector(value: JsonValue, dimensions: int) -> bool:
    return (
        isinstance(value, list)
        and len(value) == dimensions > 0
        and all(isinstance(number, int | float) for number in value)
    )


def _events(text: str) -> list[str]:
    lines = text.splitlines()
    return [line.removeprefix("data:").strip() for line in lines if line.startswith("data:")]


def _stream(events: Sequence[str], documents: Sequence[JsonValue]) -> Flaw:
    if not events:
        return "the body is not a stream of events"
    if not any(map(_is_delta, documents)):
        return "the stream has no piece of an answer"
    return None if events[-1] == _END_OF_STREAM else CUT_OFF


def _is_delta(event: JsonValue) -> bool:
    """Native events have `response`, OpenAI's have `delta`; other providers have their own."""
    match event:
        case {"choices": [{"delta": dict()}, *_]} | {"response": str()}:
            return True
        case {"choices": _} | {"error": _} | {"errors": _}:
            return False
    return isinstance(event, dict)
