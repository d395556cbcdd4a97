"""The elements of a dynamic route: their table, and the graph they must make.

Fidelity: that every output must lead somewhere, that there is one start and no circle,
is our reading; what else Cloudflare refuses with 7001 is in the table.
"""

from collections.abc import Mapping
from typing import Any

from gatewright.emulator.control.json_schema import Schema, schema_of
from gatewright.emulator.control.schema import (
    Anything,
    Array,
    Enum,
    Field,
    Issue,
    Kind,
    Number,
    Path,
    Record,
    Struct,
    Text,
)

_TARGET = Struct(Field("elementId", Text(1), required=True))
_WHOLE = 100.0
#: Documented as "up to 5 named percentage outputs". Fidelity: what is said of more is not.
_MOST_SHARES = 5


def _outputs(*names: str) -> Field:
    return Field(
        "outputs", Struct(*(Field(name, _TARGET, required=True) for name in names)), required=True
    )


class _Shares:
    """The outputs of a percentage element: shares that make a whole."""

    def read(self, value: Any, path: Path, issues: list[Issue]) -> Any:
        """See `Kind`."""
        before = len(issues)
        Record(_TARGET).read(value, path, issues)
        if len(issues) > before:
            return value
        shares = {name: _share(name) for name in value}
        for name, share in shares.items():
            if share is None:
                issues.append(((*path, name), "Invalid key: expected a percentage"))
        if len(shares) > _MOST_SHARES:
            issues.append((path, f"Object must contain at most {_MOST_SHARES} key(s)"))
        known = [share for share in shares.values() if share is not None]
        if len(known) == len(shares) and abs(sum(known) - _WHOLE) > 1e-6:  # noqa: PLR2004 - rounding
            issues.append((path, "Percentages must total 100%"))
        return value

    def schema(self) -> Schema:
        """See `Described`; that they total 100 can't be said."""
        return {
            "type": "object",
            "patternProperties": {r"^\d+(\.\d+)?%$": schema_of(_TARGET)},
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": _MOST_SHARES,
        }


def _share(name: str) -> float | None:
    digits = name.removesuffix("%")
    if digits == name or not digits.replace(".", "", 1).isdigit() or not digits.isascii():
        return None
    return float(digits)


_RATE = Struct(
    Field("key", Text(1), required=True),
    Field("limit", Number(0, integer=False), required=True),
    Field("limitType", Enum("count", "cost"), required=True),
    Field("window", Number(0, integer=False), required=True),
)

_MODEL = Struct(
    Field("provider", Text(1), required=True),
    Field("model", Text(1), required=True),
    Field("retries", Number(0, integer=False), required=True),
    Field("timeout", Number(0, integer=False), required=True),
)

#: Beside ``id`` and ``type``, by type.
_TYPES: Mapping[str, tuple[Field, ...]] = {
    "start": (_outputs("next"),),
    "conditional": (
        _outputs("true", "false"),
        Field("properties", Struct(Field("conditions", Anything())), required=True),
    ),
    "percentage": (Field("outputs", _Shares(), required=True),),
    "rate": (_outputs("success", "fallback"), Field("properties", _RATE, required=True)),
    "model": (_outputs("success", "fallback"), Field("properties", _MODEL, required=True)),
    "end": (Field("outputs", Struct(), required=True),),
}

_HEAD = (Field("id", Text(1), required=True), Field("type", Enum(*_TYPES), required=True))
_KINDS = {name: Struct(*_HEAD, *fields) for name, fields in _TYPES.items()}
#: The official provider sends empty `properties` for some that have none.
_BARE = frozenset(("start", "percentage", "end"))


class _Element:
    """One element, by its type."""

    def read(self, value: Any, path: Path, issues: list[Issue]) -> Any:
        """See `Kind`."""
        kind = value.get("type") if isinstance(value, dict) else None
        known = _KINDS.get(kind) if isinstance(kind, str) else None
        if known is None:
            return Struct(*_HEAD, ignored=("outputs", "properties")).read(value, path, issues)
        if kind in _BARE and value.get("properties", {}) in ({}, None):
            value = {name: one for name, one in value.items() if name != "properties"}
        return known.read(value, path, issues)

    def schema(self) -> Schema:
        """See `Described`."""
        return {"oneOf": [_element_schema(name) for name in _TYPES]}


def _element_schema(name: str) -> Schema:
    schema = schema_of(_KINDS[name])
    schema["properties"]["type"] = {"const": name}
    if name in _BARE:
        schema["properties"]["properties"] = {"enum": [{}, None]}
    return schema


class _Graph:
    """A list of elements that lead from one start to ends."""

    def read(self, value: Any, path: Path, issues: list[Issue]) -> Any:
        """See `Kind`."""
        before = len(issues)
        elements: list[dict[str, Any]] = Array(_Element(), minimum=1).read(value, path, issues)
        if len(issues) == before:
            _check_graph(elements, path, issues)
        return elements

    def schema(self) -> Schema:
        """See `Described`; what makes them a graph can't be said."""
        return {"type": "array", "minItems": 1, "items": _Element().schema()}


def _check_graph(elements: list[dict[str, Any]], path: Path, issues: list[Issue]) -> None:
    ids = [one["id"] for one in elements]
    for index, element in enumerate(elements):
        if ids.index(element["id"]) != index:
            issues.append(((*path, index, "id"), f"Duplicate element id '{element['id']}'"))
        for name, target in element["outputs"].items():
            if target["elementId"] not in ids:
                place = (*path, index, "outputs", name, "elementId")
                issues.append((place, f"Element '{target['elementId']}' not found"))
    if [one["type"] for one in elements].count("start") != 1:
        issues.append((path, "A route must have exactly one start element"))
    if _has_circle(elements):
        issues.append((path, "A route must not lead back to an element"))


def _has_circle(elements: list[dict[str, Any]]) -> bool:
    """Take away what leads nowhere further, until nothing or only circles are left."""
    left = {one["id"]: {to["elementId"] for to in one["outputs"].values()} for one in elements}
    while True:
        ends = [key for key, targets in left.items() if not targets & left.keys()]
        if not ends:
            return bool(left)
        for key in ends:
            del left[key]


ELEMENTS: Kind = _Graph()
_NAME = Field("name", Text(1), required=True)

CREATE = Struct(_NAME, Field("elements", ELEMENTS, required=True))
RENAME = Struct(_NAME)
VERSION = Struct(Field("elements", ELEMENTS, required=True))
DEPLOYMENT = Struct(Field("version_id", Text(1), required=True))
