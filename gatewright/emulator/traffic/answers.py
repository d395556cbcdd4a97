"""Answers in the shapes of Workers AI: its own envelope, and OpenAI's objects."""

import base64
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from gatewright.emulator.traffic import errors, inference, inputs
from gatewright.emulator.traffic.inference import Generation
from gatewright.emulator.traffic.models import MODELS, Model, Task
from gatewright.emulator.web import json_bytes

#: Neurons a token, in the order of magnitude of a small model.
_NEURONS = 0.03


@dataclass(frozen=True, slots=True)
class Moment:
    """When an answer is given, in seconds since the epoch, and the seed of its choices."""

    now: float
    seed: str = ""


@dataclass(frozen=True, slots=True)
class Stream:
    """Server-sent events, one a piece of text, and what they cost."""

    events: tuple[bytes, ...]
    usage: dict[str, Any]


Answer: TypeAlias = dict[str, Any] | Stream

_ENCODINGS = ("float", "base64")


def native(model: Model, body: dict[str, Any], moment: Moment) -> Answer:
    """The model's own form of input and answer, in Cloudflare's envelope."""
    if model.task is Task.TEXT_CLASSIFICATION:
        return enveloped(inference.classify(inputs.one_text(body)))
    if model.task is Task.TEXT_EMBEDDINGS:
        return enveloped(_vectors(model, inputs.many_texts(body, "text"), moment.seed))
    given = inputs.prompt_or_messages(body)
    generation = inference.generate(model.id, given.texts, given.max_tokens, moment.seed)
    if given.stream:
        return _stream(_native_events(generation), generation.usage)
    return enveloped({"response": generation.text, "usage": generation.usage})


def chat_completion(model: Model, body: dict[str, Any], moment: Moment) -> Answer:
    """OpenAI's chat completion, bare."""
    if model.task is not Task.TEXT_GENERATION:
        raise errors.no_model(model.id)
    given = inputs.conversation(body)
    generation = inference.generate(model.id, given.texts, given.max_tokens, moment.seed)
    created = int(moment.now)
    head = {"id": f"chatcmpl-{int(moment.now * 1000):x}", "created": created, "model": model.id}
    usage = _usage(model, generation)
    if given.stream:
        events = _chat_events(generation, head, usage if _wants_usage(body) else None)
        return _stream(events, usage)
    message = {"role": "assistant", "content": generation.text}
    choice = {"index": 0, "message": message, "finish_reason": generation.finish_reason}
    return head | {"object": "chat.completion", "choices": [choice], "usage": usage}


def embeddings(model: Model, body: dict[str, Any], moment: Moment) -> Answer:
    """OpenAI's list of embeddings, bare.

    Fidelity, differs: ``dimensions`` is taken and has no effect; these models have one size.
    """
    if model.task is not Task.TEXT_EMBEDDINGS:
        raise errors.no_model(model.id)
    texts = inputs.many_texts(body, "input")
    encoding = body.get("encoding_format")
    if encoding not in (None, *_ENCODINGS):
        raise errors.bad_input(f"'encoding_format' must be one of {', '.join(_ENCODINGS)}")
    encode = _base64 if encoding == "base64" else list
    data = [
        {
            "object": "embedding",
            "index": index,
            "embedding": encode(inference.embed(model.id, text, model.dimensions, moment.seed)),
        }
        for index, text in enumerate(texts)
    ]
    tokens = inference.count_tokens(texts)
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "data": data, "model": model.id, "usage": usage}


def enveloped(result: Any) -> dict[str, Any]:
    """Cloudflare's envelope."""
    return {"result": result, "success": True, "errors": [], "messages": []}


def _vectors(model: Model, texts: list[str], seed: str) -> dict[str, Any]:
    data = [inference.embed(model.id, text, model.dimensions, seed) for text in texts]
    result: dict[str, Any] = {"shape": [len(texts), model.dimensions], "data": data}
    return result | {"pooling": model.pooling} if model.pooling else result


def _usage(model: Model, generation: Generation) -> dict[str, Any]:
    usage = generation.usage
    if model.id not in MODELS:  # others know no neurons
        return usage
    return usage | {"neurons": round(usage["total_tokens"] * _NEURONS, 4)}


def _wants_usage(body: dict[str, Any]) -> bool:
    options = body.get("stream_options")
    return isinstance(options, dict) and options.get("include_usage") is True


def _native_events(generation: Generation) -> Iterator[dict[str, Any]]:
    for piece in generation.pieces:
        yield {"response": piece}
    yield {"response": "", "usage": generation.usage}


def _chat_events(
    generation: Generation, head: dict[str, Any], usage: dict[str, Any] | None
) -> Iterator[dict[str, Any]]:
    """The last event has the reason and, if asked for, the usage: ``null`` breaks a client."""
    head = head | {"object": "chat.completion.chunk"}
    role: dict[str, Any] = {"role": "assistant"}
    for piece in generation.pieces:
        delta = role | {"content": piece}
        role = {}
        yield head | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    last = {"index": 0, "delta": {}, "finish_reason": generation.finish_reason}
    yield head | {"choices": [last]} | ({"usage": usage} if usage else {})


def _stream(events: Iterator[dict[str, Any]], usage: dict[str, Any]) -> Stream:
    encoded = [b"data: " + json_bytes(event) + b"\n\n" for event in events]
    return Stream((*encoded, b"data: [DONE]\n\n"), usage)


def _base64(vector: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode("ascii")
