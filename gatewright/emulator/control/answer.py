"""The shapes of successful answers."""

from dataclasses import dataclass
from typing import Protocol

from gatewright.emulator.control.json_schema import Schema, schema_of
from gatewright.emulator.control.schema import Array, Field, Kind, Number, Struct

_INFO = Struct(
    *(
        Field(name, Number(0), required=True)
        for name in ("page", "per_page", "count", "total_count")
    )
)


class Answer(Protocol):
    """What an endpoint answers when all is well."""

    def content(self) -> dict[str, Schema]:
        """Schema by content type."""


def object_schema(**properties: Schema) -> Schema:
    """An object that has these properties and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def envelope_schema(**more: Schema) -> Schema:
    """The envelope of a success, with what it carries."""
    return object_schema(
        success={"const": True},
        errors={"type": "array", "maxItems": 0},
        messages={"type": "array"},
        **more,
    )


@dataclass(frozen=True, slots=True)
class One:
    """One value under ``result``."""

    kind: Kind

    def content(self) -> dict[str, Schema]:
        """See `Answer`."""
        return {"application/json": envelope_schema(result=schema_of(self.kind))}


@dataclass(frozen=True, slots=True)
class Many:
    """A page of values under ``result``, and what page it is."""

    kind: Kind

    def content(self) -> dict[str, Schema]:
        """See `Answer`."""
        result = schema_of(Array(self.kind))
        schema = envelope_schema(result=result, result_info=schema_of(_INFO))
        return {"application/json": schema}


@dataclass(frozen=True, slots=True)
class Bare:
    """A body without the envelope; no kind, no more than any JSON.

    ``others`` are content types of which nothing more is known.
    """

    schema: Schema
    others: tuple[str, ...] = ()

    def content(self) -> dict[str, Schema]:
        """See `Answer`."""
        return {"application/json": self.schema} | {name: {} for name in self.others}
