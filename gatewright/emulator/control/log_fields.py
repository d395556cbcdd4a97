"""The tables of the logs API: what can be filtered and ordered by, and what can be changed."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeAlias

from gatewright.emulator.control.schema import (
    Anything,
    Array,
    Bool,
    Enum,
    Field,
    Kind,
    Number,
    Record,
    Struct,
    Text,
    Union,
)
from gatewright.emulator.traffic.logbook import LogEntry

#: No more than a float can hold.
_NUMBER = re.compile(r"[+-]?\d{1,300}(\.\d{1,300})?([eE][+-]?\d{1,2})?", re.ASCII)

Values: TypeAlias = Callable[[LogEntry], tuple[Any, ...]]

#: What an entry has under each key of a filter: all its values, for some have several.
FILTERED: dict[str, Values] = {
    "id": lambda entry: (entry.id,),
    "created_at": lambda entry: (entry.created,),
    "request_content_type": lambda entry: (entry.request_content_type,),
    "response_content_type": lambda entry: (entry.response_content_type,),
    "request_type": lambda entry: (entry.request_type,),
    "success": lambda entry: (entry.success,),
    "cached": lambda entry: (entry.cached,),
    "provider": lambda entry: (entry.provider,),
    "model": lambda entry: (entry.model,),
    "model_type": lambda entry: (entry.model_type,),
    "cost": lambda entry: (entry.cost,),
    "tokens": lambda entry: (entry.tokens_in + entry.tokens_out,),
    "tokens_in": lambda entry: (entry.tokens_in,),
    "tokens_out": lambda entry: (entry.tokens_out,),
    "duration": lambda entry: (entry.duration,),
    "feedback": lambda entry: (entry.feedback,),
    "event_id": lambda entry: (entry.event_id,),
    # Two filters on these are not about the same entry, as seen live.
    "metadata.key": lambda entry: tuple(entry.metadata),
    "metadata.value": lambda entry: tuple(entry.metadata.values()),
    "authentication": lambda entry: (entry.authentication,),
    "wholesale": lambda entry: (entry.wholesale,),
    "compatibilityMode": lambda entry: (entry.compatible,),
    "dlp_action": lambda entry: (entry.dlp_action,),
    "user_agent": lambda entry: (entry.user_agent,),
}

_FILTER = Struct(
    Field("key", Enum(*FILTERED), required=True),
    Field("operator", Enum("eq", "neq", "contains", "lt", "gt"), required=True),
    Field("value", Array(Anything()), required=True),
)

FILTERS = Array(_FILTER)

_ORDERS = ("created_at", "provider", "model", "model_type", "success", "cached")
_MORE_ORDERS = ("cost", "tokens_in", "tokens_out", "duration", "feedback")
_DIRECTION = Enum("asc", "desc")

LIST = (
    Field("order_by", Enum(*_ORDERS), default="created_at"),
    Field("order_by_direction", _DIRECTION),
    Field("direction", _DIRECTION),
)

DELETE = (
    Field("order_by", Enum(*_ORDERS, *_MORE_ORDERS), default="created_at"),
    Field("order_by_direction", _DIRECTION),
)

#: Plain parameters of a list, and the filter that each is short for.
SHORT = {
    name: (name, "eq")
    for name in (
        "cached",
        "success",
        "feedback",
        "provider",
        "model",
        "model_type",
        "request_content_type",
        "response_content_type",
    )
}

_SHORT_KINDS: dict[str, Kind] = {"cached": Bool(), "success": Bool(), "feedback": Number(0, 1)}

_METADATA = Record(Union(Text(), Bool(), Number(integer=False)))

#: Parameters with bounds, which are part of what they let through.
BOUNDS = {
    f"{side}_{name}": (key, side)
    for name, key in (
        ("cost", "cost"),
        ("duration", "duration"),
        ("tokens_in", "tokens_in"),
        ("tokens_out", "tokens_out"),
        ("total_tokens", "tokens"),
    )
    for side in ("min", "max")
}

#: As JSON text.
BY = Field("filters", Text())

#: Which logs: what `SHORT` and `BOUNDS` name, a stretch of time, a text, filters.
CHOICE = (
    *(Field(name, _SHORT_KINDS.get(name, Text())) for name in SHORT),
    *(Field(name, Number(integer=False)) for name in BOUNDS),
    Field("start_date", Text()),
    Field("end_date", Text()),
    Field("search", Text()),
    # Fidelity: ``meta_info`` is taken, because the official SDK has it; what it does is
    # not documented.
    Field("meta_info", Bool()),
    BY,
)

PATCH = Struct(
    Field("feedback", Number(-1, 1, integer=False), nullable=True),
    Field("score", Number(0, 100, integer=False), nullable=True),
    Field("metadata", _METADATA, nullable=True),
)


_TEXT, _COUNT = Text(), Number(0)
_ROW = (
    *(
        Field(name, kind, required=True)
        for kind, names in (
            (_TEXT, ("id", "provider", "model", "model_type", "path", "request_type")),
            (_TEXT, ("request_content_type", "response_content_type", "user_agent")),
            (Bool(), ("success", "cached", "custom_cost", "authentication", "wholesale", "byok")),
            (_COUNT, ("duration", "status_code", "tokens_in", "tokens_out", "step")),
        )
        for name in names
    ),
    Field("created_at", Text(form="date-time"), required=True),
    Field("cost", Number(0, integer=False), required=True),
    # The SDK's type is a string; an object was seen live.
    Field("metadata", _METADATA, required=True),
    Field("event_id", _TEXT, required=True, nullable=True),
    Field("feedback", Number(-1, 1, integer=False), required=True, nullable=True),
    Field("score", Number(0, 100, integer=False), required=True, nullable=True),
    Field("dlp_action", _TEXT, required=True, nullable=True),
)

#: A log in a list, and alone: with the beginnings of its bodies.
ROW = Struct(*_ROW)
DETAIL = Struct(
    *_ROW,
    *(
        field
        for side in ("request", "response")
        for field in (
            Field(f"{side}_head", _TEXT, required=True),
            Field(f"{side}_head_complete", Bool(), required=True),
            Field(f"{side}_size", _COUNT, required=True),
        )
    ),
)


def comparable(value: Any) -> Any:
    """A value as it is ordered: numbers and times as numbers, all else as text.

    Clients send numbers and truths as text too, in a query there is nothing else.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    given = text(value)
    if _NUMBER.fullmatch(given):
        return float(given)
    moment = seconds(given)
    return given if moment is None else moment


def text(value: Any) -> str:
    """A value as it is written."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def seconds(given: str) -> float | None:
    """A time of day on some day, in UTC unless it says, as seconds since the epoch."""
    try:
        moment = datetime.fromisoformat(given) if "-" in given and ":" in given else None
        if moment is None:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
