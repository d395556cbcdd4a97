"""The fields of a body, one by one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gatewright.emulator.control.json_schema import Schema

_BOUNDS = (
    ("minimum", "≥ {}"),
    ("maximum", "≤ {}"),
    ("minLength", "from {} characters"),
    ("maxLength", "to {} characters"),
    ("minItems", "from {} items"),
    ("maxItems", "to {} items"),
    ("pattern", "like `{}`"),
)
#: More values of an enumeration than these are not all shown.
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Row:
    """A field by its path, what it takes, whether it must be there, and its default."""

    path: str
    takes: str
    required: bool
    default: Any = None


def rows(schema: Schema, path: str = "") -> Iterator[Row]:
    """The fields of an object, and of what is in them, each once."""
    seen = set()
    for row in _rows(schema, path):
        if row.path not in seen:
            seen.add(row.path)
            yield row


def _rows(schema: Schema, path: str) -> Iterator[Row]:
    required = schema.get("required", ())
    for name, one in schema.get("properties", {}).items():
        place = f"{path}.{name}".lstrip(".")
        yield Row(place, _takes(one), name in required, one.get("default"))
        yield from _rows(one, place)
    for word in ("anyOf", "oneOf"):
        for one in schema.get(word, ()):
            yield from _rows(one, path)
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            yield from _rows(schema[word], path)


def _takes(schema: Schema) -> str:
    options = schema.get("anyOf", schema.get("oneOf"))
    if options is not None:
        return " or ".join(dict.fromkeys(_takes(one) for one in options))
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return _values(schema["enum"])
    kind = str(schema.get("type", "anything"))
    if kind == "array":
        kind = f"array of {_takes(schema['items'])}"
    bounds = [text.format(schema[word]) for word, text in _BOUNDS if word in schema]
    return ", ".join([kind, *bounds])


def _values(values: list[Any]) -> str:
    if len(values) > _SHOWN:
        return f"one of {len(values)} values"
    return " or ".join("`null`" if value is None else f"`{value}`" for value in values)
