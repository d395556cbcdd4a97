"""Workers AI, answered for in this process."""

from collections.abc import Callable
from typing import Any, TypeAlias

from gatewright.emulator.traffic import answers, errors, foreign, inputs, usage
from gatewright.emulator.traffic.answers import Answer, Moment, Stream
from gatewright.emulator.traffic.exchange import EVENT_STREAM, Answered, Ask
from gatewright.emulator.traffic.models import MODELS, Model
from gatewright.emulator.traffic.streams import pieces
from gatewright.emulator.web import json_bytes

Respond: TypeAlias = Callable[[Model, dict[str, Any], Moment], Answer]

RUN = "workers-ai/run"
CHAT = "workers-ai/v1/chat/completions"
EMBEDDINGS = "workers-ai/v1/embeddings"
COMPAT_CHAT = "compat/chat/completions"
COMPAT_EMBEDDINGS = "compat/embeddings"
#: On the host of the account API only.
RESPONSES = "workers-ai/v1/responses"
MESSAGES = "workers-ai/v1/messages"

_RESPONDERS: dict[str, Respond] = {
    RUN: answers.native,
    CHAT: answers.chat_completion,
    EMBEDDINGS: answers.embeddings,
    COMPAT_CHAT: answers.chat_completion,
    COMPAT_EMBEDDINGS: answers.embeddings,
    RESPONSES: foreign.response,
    MESSAGES: foreign.message,
}


def answer(ask: Ask, moment: Moment) -> Answered:
    """The model's answer; raises `errors.ProviderError`."""
    body = inputs.object_of(ask.body)
    model = MODELS.get(ask.model)
    if model is None:
        raise errors.no_model(ask.model)
    given = _RESPONDERS[ask.kind](model, body, moment)
    kind = model.task.value
    if isinstance(given, Stream):
        return Answered(
            200,
            content_type=EVENT_STREAM,
            usage=usage.of_document({"usage": given.usage}),
            model_type=kind,
            stream=pieces(given.events),
        )
    return Answered(200, json_bytes(given), usage=usage.of_document(given), model_type=kind)
