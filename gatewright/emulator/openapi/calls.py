"""The operations that call models: through a gateway, and on the account API's host."""

from collections.abc import Iterator
from typing import Any

from gatewright.emulator import control, traffic
from gatewright.emulator.control.json_schema import Schema
from gatewright.emulator.openapi.shapes import (
    JSON,
    Operation,
    json_body,
    path_parameter,
    reference,
    response,
)
from gatewright.emulator.traffic import workers_ai
from gatewright.emulator.traffic.exchange import EVENT_STREAM
from gatewright.emulator.traffic.models import MODELS, Task
from gatewright.emulator.traffic.providers import WORKERS_AI
from gatewright.emulator.traffic.rest import BY_BODY
from gatewright.emulator.traffic.targets import FIXED

_FAILURES = {
    "400": "what is asked can't be read, or the gateway is unknown",
    "401": "a token is missing or wrong: the gateway's or the provider's",
    "402": "no credits",
    "404": "no such model",
    "413": "the body is too large",
    "422": "a guardrail refuses, on the account API's host",
    "424": "a guardrail refuses",
    "429": "over a limit of rate or of spending",
}

_TEXT: Schema = {"type": "string", "minLength": 1}
_TEXTS: Schema = {"anyOf": [_TEXT, {"type": "array", "minItems": 1, "items": _TEXT}]}
# What is not a truth is taken for false: who sends `null` is not refused either.
_STREAM: Schema = {"default": False}
_LENGTH: Schema = {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]}
_MESSAGE: Schema = {
    "type": "object",
    "properties": {"role": {"type": "string"}, "content": {"type": ["string", "array", "null"]}},
    "required": ["role"],
}
_MESSAGES: Schema = {"type": "array", "minItems": 1, "items": _MESSAGE}


def operations(account_id: str) -> Iterator[tuple[str, str, Operation]]:
    """Path, method and operation of each call."""
    gateway = f"{traffic.PREFIX}/{account_id}/{{gateway_id}}"
    for model in MODELS.values():
        yield (
            f"{gateway}/{WORKERS_AI}/{model.id}",
            "post",
            _call(f"run-{model.id}", "A model's own form.", _native(model.task)),
        )
    for kind in FIXED:
        named = f"{WORKERS_AI}/" if kind.startswith("compat") else ""
        yield f"{gateway}/{kind}", "post", _call(kind, "OpenAI's form.", _named(kind, named))
    yield gateway, "post", _call("universal", "Several requests, in turn.", _universal())
    models = _call("models", "The models of the unified endpoints.", None)
    yield f"{gateway}/compat/models", "get", models
    host = f"{control.PREFIX}/accounts/{account_id}/ai"
    for rest, (_, kind) in BY_BODY.items():
        schema = _named(kind, "")
        yield (
            f"{host}/{rest}",
            "post",
            _call(f"rest-{rest}", "Past any gateway.", schema, rest=True),
        )


def _call(name: str, summary: str, body: Schema | None, *, rest: bool = False) -> Operation:
    failure = {"anyOf": [reference("GatewayFailure"), reference("Failure")]}
    responses = {status: response(text, {JSON: failure}) for status, text in _FAILURES.items()}
    answer = {JSON: {"type": "object"}, EVENT_STREAM: {}}
    described: Operation = {
        "operationId": name.replace("/", "-").replace("@", ""),
        "tags": ["Models"],
        "summary": summary,
        "responses": {"200": response("the answer", answer)} | responses,
        "security": [{"token": []}],
    }
    if body is None:  # who only looks needs no token of the provider's
        del described["security"]
    if not rest:
        described["parameters"] = [path_parameter("gateway_id", {"type": "string", "minLength": 1})]
    if body is not None:
        described["requestBody"] = json_body(body)
    return described


def _native(task: Task) -> Schema:
    if task is Task.TEXT_CLASSIFICATION:
        return _object(["text"], text=_TEXT)
    if task is Task.TEXT_EMBEDDINGS:
        return _object(["text"], text=_TEXTS)
    options = {"stream": _STREAM, "max_tokens": _LENGTH}
    return {
        "anyOf": [
            _object(["prompt"], prompt=_TEXT, **options),
            _object(["messages"], messages=_MESSAGES, **options),
        ]
    }


def _named(kind: str, prefix: str) -> Schema:
    """The model is in the body."""
    embeds = kind.endswith("embeddings")
    task = Task.TEXT_EMBEDDINGS if embeds else Task.TEXT_GENERATION
    names = [f"{prefix}{model.id}" for model in MODELS.values() if model.task is task]
    model: Schema = {"type": "string", "enum": names}
    options = {"stream": _STREAM, "max_tokens": _LENGTH}
    if embeds:
        encoding: Schema = {"enum": ["float", "base64", None]}
        return _object(["model", "input"], model=model, input=_TEXTS, encoding_format=encoding)
    if kind == workers_ai.RUN:
        return _object(["model", "input"], model=model, input=_native(task))
    if kind == workers_ai.RESPONSES:
        asked = {"anyOf": [_TEXT, _MESSAGES]}
        return _object(["model", "input"], model=model, input=asked)
    return _object(["model", "messages"], model=model, messages=_MESSAGES, **options)


def _universal() -> Schema:
    models = [model.id for model in MODELS.values() if model.task is Task.TEXT_GENERATION]
    entry = _object(
        ["provider", "endpoint", "headers", "query"],
        provider={"const": WORKERS_AI},
        endpoint={"type": "string", "enum": models},
        headers={"type": "object", "additionalProperties": {"type": "string"}},
        query=_object(["prompt"], prompt=_TEXT),
    )
    return {"type": "array", "minItems": 1, "maxItems": 5, "items": entry}


def _object(required: list[str], **properties: Any) -> Schema:
    return {"type": "object", "properties": properties, "required": required}
