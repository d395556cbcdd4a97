"""Dynamic routes, declared against the version in force; pure."""

import json
from collections.abc import Mapping
from typing import Any

from gatewright.model import Gateway, JsonValue, Route
from gatewright.model.wire_route import elements
from gatewright.readback.reading import Field, Reading, Verdict

_KIND = "route"
_COMPARED = ("type", "outputs", "properties")


def key(gateway_id: str, name: object) -> str:
    """What a reading of a route is about."""
    return f"{gateway_id}/{name}"


def route(declared: Route, gateway: Gateway, actual: Mapping[str, Any] | None) -> Reading:
    """Element by element, where the API returned them (as a JSON text in the version)."""
    name = key(gateway.id, declared.name)
    if actual is None:
        return Reading(_KIND, name, verdict=Verdict.MISSING)
    fields = [Field("name", Verdict.SAME, declared.name, declared.name)]
    wanted = _by_id(elements(declared))
    seen = _in_force(actual)
    if seen is None:
        fields.append(Field("elements", Verdict.NOT_RETURNED))
    else:
        fields += [
            _element(ident, wanted.get(ident), seen.get(ident))
            for ident in sorted(wanted.keys() | seen.keys())
        ]
    return Reading(_KIND, name, tuple(fields))


def _element(ident: str, declared: JsonValue, seen: JsonValue) -> Field:
    verdict = Verdict.SAME if declared == seen else Verdict.DIFFERS
    return Field(f"elements.{ident}", verdict, declared, seen)


def _in_force(actual: Mapping[str, Any]) -> dict[str, JsonValue] | None:
    data = (actual.get("version") or {}).get("data")
    try:
        found = json.loads(data) if isinstance(data, str) else data
    except ValueError:
        return None
    return _by_id(found) if isinstance(found, list) else None


def _by_id(found: list[Any]) -> dict[str, JsonValue]:
    return {str(element["id"]): _compared(element) for element in found}


def _compared(element: Mapping[str, Any]) -> JsonValue:
    kept = {name: element[name] for name in _COMPARED if element.get(name)}
    properties = kept.get("properties", {})
    if isinstance(properties.get("conditions"), str):
        kept["properties"] = properties | {"conditions": json.loads(properties["conditions"])}
    return kept
