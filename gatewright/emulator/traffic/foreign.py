"""Canned answers of other providers, in the shapes of OpenAI, Anthropic and Google.

Fidelity: the endpoint's last segment decides the shape, whoever the provider is; a
path of none of these shapes is answered with an object that says so.
"""

import re
from http import HTTPStatus
from typing import Any

from gatewright.emulator.traffic import answers, errors, inference, inputs, usage
from gatewright.emulator.traffic.answers import Answer, Moment, Stream
from gatewright.emulator.traffic.errors import ProviderError
from gatewright.emulator.traffic.exchange import EVENT_STREAM, Answered, Ask
from gatewright.emulator.traffic.models import Model, Task
from gatewright.emulator.traffic.streams import pieces
from gatewright.emulator.web import json_bytes

_DIMENSIONS = 256
_GOOGLE = re.compile(r"models/([^/:]+):(?:stream)?[gG]enerateContent$")


def answer(ask: Ask, moment: Moment) -> Answered:
    """A canned answer, or a refusal: of who has no credential, and of what can't be worked with.

    Fidelity: each provider refuses in words of its own; they have `error` in common.
    """
    if ask.anonymous:
        return _refused(HTTPStatus.UNAUTHORIZED, "authentication_error", "No API key was sent")
    try:
        return _answer(ask, moment)
    except ProviderError as error:
        return _refused(error.status, "invalid_request_error", error.reason)


def _refused(status: int, kind: str, message: str) -> Answered:
    return Answered(status, json_bytes({"error": {"type": kind, "message": message}}))


def _answer(ask: Ask, moment: Moment) -> Answered:
    if ask.method != "POST":
        return Answered(200, json_bytes({"object": "list", "data": []}))
    body = inputs.object_of(ask.body)
    if ask.path.endswith("embeddings"):
        model = Model(ask.model, Task.TEXT_EMBEDDINGS, dimensions=_DIMENSIONS)
        return _answered(answers.embeddings(model, body, moment), model)
    model = Model(ask.model, Task.TEXT_GENERATION)
    google = _GOOGLE.search(ask.path)
    if google:
        return _answered(_generated_content(google[1], body, moment), model)
    for ending, respond in _SHAPES:
        if ask.path.endswith(ending):
            return _answered(respond(model, body, moment), model)
    return _answered({"object": "canned", "path": ask.path, "model": ask.model}, model)


def _answered(given: Answer, model: Model) -> Answered:
    kind = model.task.value
    if isinstance(given, Stream):
        used = usage.of_document({"usage": given.usage})
        return Answered(
            200, content_type=EVENT_STREAM, usage=used, model_type=kind, stream=pieces(given.events)
        )
    return Answered(200, json_bytes(given), usage=usage.of_document(given), model_type=kind)


def response(model: Model, body: dict[str, Any], moment: Moment) -> Answer:
    """OpenAI's response object. Fidelity, not modelled: it is not streamed here."""
    asked = body.get("input")
    if not asked or not isinstance(asked, str | list):
        raise errors.bad_input("'input' must be a string or an array, neither empty")
    messages = asked if isinstance(asked, list) else [{"role": "user", "content": asked}]
    given = inputs.conversation({"messages": messages})
    generation = inference.generate(model.id, given.texts, given.max_tokens, moment.seed)
    counts = generation.usage
    text = {"type": "output_text", "text": generation.text, "annotations": []}
    said = {"type": "message", "role": "assistant", "status": "completed", "content": [text]}
    return {
        "id": f"resp_{int(moment.now * 1000):x}",
        "object": "response",
        "created_at": int(moment.now),
        "status": "completed",
        "model": model.id,
        "output": [said],
        "usage": {
            "input_tokens": counts["prompt_tokens"],
            "output_tokens": counts["completion_tokens"],
            "total_tokens": counts["total_tokens"],
        },
    }


def message(model: Model, body: dict[str, Any], moment: Moment) -> Answer:
    """Anthropic's message."""
    given = inputs.conversation(body)
    generation = inference.generate(model.id, given.texts, given.max_tokens, moment.seed)
    stop = "end_turn" if generation.finish_reason == "stop" else "max_tokens"
    counts = generation.usage
    used = {
        "input_tokens": counts["prompt_tokens"],
        "output_tokens": counts["completion_tokens"],
    }
    head = {"id": f"msg_{int(moment.now * 1000):x}", "type": "message", "role": "assistant"}
    if not given.stream:
        content = [{"type": "text", "text": generation.text}]
        return head | {"model": model.id, "content": content, "stop_reason": stop, "usage": used}
    first: dict[str, Any] = {
        "type": "message_start",
        "message": head | {"model": model.id, "content": []},
    }
    deltas: list[dict[str, Any]] = [
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
        for piece in generation.pieces
    ]
    last = {"type": "message_delta", "delta": {"stop_reason": stop}, "usage": used}
    events = (first, *deltas, last, {"type": "message_stop"})
    encoded = (
        f"event: {event['type']}\n".encode() + b"data: " + json_bytes(event) + b"\n\n"
        for event in events
    )
    return Stream(tuple(encoded), counts)


def _generated_content(model: str, body: dict[str, Any], moment: Moment) -> Answer:
    contents = body.get("contents")
    parts = [
        part.get("text")
        for content in (contents if isinstance(contents, list) else [])
        if isinstance(content, dict) and isinstance(content.get("parts"), list)
        for part in content["parts"]
        if isinstance(part, dict)
    ]
    texts = [part for part in parts if isinstance(part, str)]
    if not texts:
        raise errors.bad_input("'contents' must have a part with a text")
    generation = inference.generate(model, texts, inputs.DEFAULT_MAX_TOKENS, moment.seed)
    content = {"role": "model", "parts": [{"text": generation.text}]}
    counts = generation.usage
    return {
        "candidates": [{"content": content, "finishReason": "STOP", "index": 0}],
        "usageMetadata": {
            "promptTokenCount": counts["prompt_tokens"],
            "candidatesTokenCount": counts["completion_tokens"],
            "totalTokenCount": counts["total_tokens"],
        },
        "modelVersion": model,
    }


_SHAPES = (
    ("messages", message),
    ("responses", response),
    ("completions", answers.chat_completion),
)
