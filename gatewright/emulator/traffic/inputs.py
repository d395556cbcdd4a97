"""What the models take. Clients send more than is documented, and none of it is refused.

Raises `errors.ProviderError` (400, 5004) for what a model can't work with.
"""

from dataclasses import dataclass
from typing import Any

from gatewright.emulator.traffic import errors
from gatewright.emulator.web import JsonValue

#: What most models stop at unless told.
DEFAULT_MAX_TOKENS = 256


@dataclass(frozen=True, slots=True)
class TextInput:
    """Input of a text generation: the texts of the conversation, the last one to be answered."""

    texts: list[str]
    max_tokens: int
    stream: bool


def object_of(body: JsonValue) -> dict[str, Any]:
    """The body, which must be an object."""
    if not isinstance(body, dict):
        raise errors.bad_input("the body must be an object")
    return body


def prompt_or_messages(body: dict[str, Any]) -> TextInput:
    """The native form: a prompt or a conversation."""
    if body.get("prompt") is None:
        if body.get("messages") is None:
            raise errors.bad_input("required properties at '/' are 'prompt' or 'messages'")
        return conversation(body)
    prompt = body["prompt"]
    if not isinstance(prompt, str) or not prompt:
        raise errors.bad_input("'prompt' must be a string that is not empty")
    return TextInput([prompt], _max_tokens(body), _streams(body))


def conversation(body: dict[str, Any]) -> TextInput:
    """The form of chat completions."""
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise errors.bad_input("'messages' must be an array that is not empty")
    texts = [_text_of(message) for message in messages]
    return TextInput(texts, _max_tokens(body), _streams(body))


def one_text(body: dict[str, Any]) -> str:
    """A text to classify."""
    text = body.get("text")
    if not isinstance(text, str) or not text:
        raise errors.bad_input("'text' must be a string that is not empty")
    return text


def many_texts(body: dict[str, Any], name: str) -> list[str]:
    """A text or several, to embed."""
    given = body.get(name)
    values = given if isinstance(given, list) else [given]
    texts = [value for value in values if isinstance(value, str) and value]
    if not texts or len(texts) < len(values):
        raise errors.bad_input(f"'{name}' must be a string or an array of strings, none empty")
    return texts


def _text_of(message: Any) -> str:
    if not isinstance(message, dict) or not isinstance(message.get("role"), str):
        raise errors.bad_input("each message must have a 'role'")
    content = message.get("content")
    if isinstance(content, str):
        return content
    if content is None:  # an assistant that called a tool said nothing
        return ""
    if not isinstance(content, list):
        raise errors.bad_input("'content' of a message must be a string or an array")
    parts = (part.get("text") for part in content if isinstance(part, dict))
    return " ".join(part for part in parts if isinstance(part, str))


def _max_tokens(body: dict[str, Any]) -> int:
    given = body.get("max_tokens")
    if given is None:
        given = body.get("max_completion_tokens")
    if given is None:
        return DEFAULT_MAX_TOKENS
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        raise errors.bad_input("'max_tokens' must be an integer of at least 1")
    return given


def _streams(body: dict[str, Any]) -> bool:
    return body.get("stream") is True
