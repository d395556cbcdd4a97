"""Tokens that a call used, and what they cost in dollars."""

import json
from dataclasses import dataclass
from typing import Any

from gatewright.emulator.traffic.models import MODELS
from gatewright.emulator.traffic.options import CustomCost

_MILLION = 1_000_000
#: No answer has more tokens; a provider that says so is not believed, nor one below nought.
_MOST = 10**12

#: Dollars for a million tokens in and out, of models that others serve; the order
#: of magnitude is what matters.
_FOREIGN_PRICES = {
    "gpt-4o": (2.5, 10.0),
    "gpt-4o-mini": (0.15, 0.6),
    "gpt-4.1": (2.0, 8.0),
    "gpt-4.1-mini": (0.4, 1.6),
    "gpt-5": (1.25, 10.0),
    "gpt-5-mini": (0.25, 2.0),
    "text-embedding-3-small": (0.02, 0.0),
    "claude-sonnet-4-5": (3.0, 15.0),
    "claude-haiku-4-5": (1.0, 5.0),
    "gemini-2.5-flash": (0.3, 2.5),
    "gemini-2.5-pro": (1.25, 10.0),
    "mistral-large-latest": (2.0, 6.0),
    "deepseek-chat": (0.28, 0.42),
}


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of the prompt and of the answer."""

    tokens_in: int = 0
    tokens_out: int = 0


NONE = Usage()


def prices_of(model: str) -> tuple[float, float]:
    """Dollars for a million tokens in and out; nothing for a model without a price."""
    own = MODELS.get(model)
    if own is not None:
        return own.price_in, own.price_out
    return _FOREIGN_PRICES.get(model, (0.0, 0.0))


def cost_of(model: str, usage: Usage, custom: CustomCost | None) -> float:
    """Dollars, by the caller's own price where one was sent."""
    if custom is not None:
        if custom.total is not None:
            return custom.total
        per_in, per_out = custom.per_token_in, custom.per_token_out
    else:
        per_in, per_out = (price / _MILLION for price in prices_of(model))
    return usage.tokens_in * per_in + usage.tokens_out * per_out


def of_document(document: Any) -> Usage:
    """Counts in an answer of Workers AI, OpenAI, Anthropic or Google."""
    if not isinstance(document, dict):
        return NONE
    inner = document.get("result")
    holder = inner if isinstance(inner, dict) else document
    usage = holder.get("usage") or holder.get("usageMetadata")
    if not isinstance(usage, dict):
        return NONE
    return Usage(
        _count(usage, "prompt_tokens", "input_tokens", "promptTokenCount"),
        _count(usage, "completion_tokens", "output_tokens", "candidatesTokenCount"),
    )


def of_bytes(content: bytes, content_type: str) -> Usage:
    """Counts in an answer as it was sent; of a stream those of the last event that has any."""
    if content_type.startswith("text/event-stream"):
        events = (line[5:] for line in content.splitlines() if line.startswith(b"data:"))
        found = [of_document(_parsed(event)) for event in events if b"usage" in event.lower()]
        return next((usage for usage in reversed(found) if usage != NONE), NONE)
    return of_document(_parsed(content))


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _count(usage: dict[str, Any], *names: str) -> int:
    for name in names:
        value = usage.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST:
            return value
    return 0
