"""The fields of a body, one by one."""

from collections.abc import Iterator, Mapping
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
    """A field by its path, what it takes and within which bounds, and its default.

    ``forms`` says in how much of the object's forms it must be there: in "all", "some" or none.
    """

    path: str
    takes: str
    bounds: Mapping[str, Any]
    forms: str = ""
    default: Any = None


def body_of(operation: Mapping[str, Any]) -> Schema:
    """The JSON that an endpoint takes: its body, or that part of a form which is; else nothing."""
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        schema: Schema = content["application/json"]["schema"]
        return schema
    form = content.get("multipart/form-data", {}).get("schema", {}).get("properties", {})
    return next(iter(form.values()), {})


def rows(schema: Schema) -> Iterator[Row]:
    """The fields of an object and of what is in them, each once, whatever form has it."""
    yield from _rows(schema, "").values()


def _rows(schema: Schema, path: str) -> dict[str, Row]:
    found: dict[str, Row] = {}
    required = schema.get("required", ())
    for name, one in schema.get("properties", {}).items():
        place = f"{path}.{name}".lstrip(".")
        forms = "all" if name in required else ""
        found[place] = Row(place, _takes(one), _bounds(one), forms, one.get("default"))
        found |= _rows(one, place)
    for word in ("anyOf", "oneOf"):
        options = [_rows(one, path) for one in schema.get(word, ())]
        found |= _merged([one for one in options if one])  # null has no fields
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            found |= _rows(schema[word], path)
    return found


def _merged(options: list[dict[str, Row]]) -> dict[str, Row]:
    """The rows of several forms as one: what any of them takes."""
    places = dict.fromkeys(place for option in options for place in option)
    merged = {}
    for place in places:
        found = [option[place] for option in options if place in option]
        takes = " or ".join(dict.fromkeys(row.takes for row in found))
        bounds = {word: value for row in found for word, value in row.bounds.items()}
        forms = {row.forms for row in found} | ({""} if len(found) < len(options) else set())
        needed = "all" if forms == {"all"} else "some" if forms != {""} else ""
        merged[place] = Row(place, takes, bounds, needed, found[0].default)
    return merged


def _bounds(schema: Schema) -> dict[str, Any]:
    """The bounds of a value, of which any form may be."""
    found = {word: schema[word] for word, _ in _BOUNDS if word in schema}
    for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        found |= _bounds(one)
    return found


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
