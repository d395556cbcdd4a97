"""The kinds of values as JSON Schema, for the description that the stand-in gives of itself."""

from typing import Any, Protocol, TypeAlias, runtime_checkable

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

Schema: TypeAlias = dict[str, Any]


@runtime_checkable
class Described(Protocol):
    """A kind of its own, which says itself what it takes."""

    def schema(self) -> Schema:
        """What it takes, as far as JSON Schema can say it."""


_PLAIN: dict[type, Schema] = {Bool: {"type": "boolean"}, Anything: {}}


def schema_of(kind: Kind) -> Schema:  # noqa: PLR0911 - one return a kind
    """What ``kind`` takes; raises `TypeError` for a kind that can't be described."""
    if type(kind) in _PLAIN:
        return dict(_PLAIN[type(kind)])
    match kind:
        case Number():
            name = "integer" if kind.integer else "number"
            return {"type": name} | _given(minimum=kind.minimum, maximum=kind.maximum)
        case Text():
            bounds = _given(minLength=kind.minimum or None, maxLength=kind.maximum)
            said = _given(format=kind.form, pattern=kind.pattern)
            return {"type": "string"} | bounds | said
        case Enum():
            return {"type": "string", "enum": list(kind.values)}
        case Array():
            bounds = _given(minItems=kind.minimum or None, maxItems=kind.maximum)
            return {"type": "array", "items": schema_of(kind.item)} | bounds
        case Record():
            return {"type": "object", "additionalProperties": schema_of(kind.value)}
        case Struct():
            return _struct(kind)
        case Union():
            return {"anyOf": [schema_of(one) for one in kind.kinds]}
        case Described():
            return kind.schema()
        case _:
            raise TypeError(f"no schema for {kind!r}")


def field_schema(field: Field, *, nullable: bool | None = None) -> Schema:
    """What a field takes, its default included."""
    schema = schema_of(field.kind)
    if field.nullable if nullable is None else nullable:
        schema = {"anyOf": [schema, {"type": "null"}]}
    default = list(field.default) if isinstance(field.default, tuple) else field.default
    return schema | _given(default=default)


def _struct(kind: Struct) -> Schema:
    properties: Schema = {name: {} for name in sorted(kind.ignored)}
    for field in kind.fields:
        nullable = field.nullable or (kind.lenient_null and not field.required)
        properties[field.name] = field_schema(field, nullable=nullable)
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    required = [field.name for field in kind.fields if field.required]
    return schema | _given(required=required or None)


def _given(**words: Any) -> Schema:
    return {word: value for word, value in words.items() if value is not None}
