"""A dynamic route's elements, as the API returns them → the steps of a spec."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from gatewright.spec.durations import spelled

Element = Mapping[str, Any]
Fields = dict[str, Any]

_SECOND = 1_000
_END = "end"


def fields(elements: Sequence[Element]) -> Fields:
    """The route's `start` and `steps`; the ids of the elements are the steps' names.

    Raises:
        KeyError: an element lacks what the API's documentation says it has.

    """
    ends = {each["id"] for each in elements if each["type"] == "end"}
    (start,) = (each for each in elements if each["type"] == "start")
    steps = [each for each in elements if each["type"] not in {"start", "end"}]
    return {
        "start": _target(start, "next", ends),
        "steps": {each["id"]: _step(each, ends) for each in steps},
    }


def _step(element: Element, ends: set[str]) -> Fields:
    properties = element.get("properties") or {}
    match element["type"]:
        case "conditional":
            step: Fields = {
                "conditional": {
                    name: _condition(wanted)
                    for name, wanted in _conditions(properties["conditions"]).items()
                },
                "then": _target(element, "true", ends),
                "else": _target(element, "false", ends),
            }
        case "percentage":
            step = {"percentage": _shares(element, ends)}
        case "rate":
            step = {
                "rate": {
                    "key": properties["key"],
                    "limit": properties["limit"],
                    "limit_type": properties["limitType"],
                    "window": spelled(properties["window"] * _SECOND),
                },
                "success": _target(element, "success", ends),
                "fallback": _target(element, "fallback", ends),
            }
        case _:
            step = _model(element, properties, ends)
    return step


def _model(element: Element, properties: Mapping[str, Any], ends: set[str]) -> Fields:
    step = {
        "model": properties["model"],
        "provider": properties["provider"],
        "timeout": spelled(properties["timeout"]),
        "retries": properties["retries"],
    }
    for output in ("success", "fallback"):
        target = _target(element, output, ends)
        step |= {output: target} if output == "fallback" or target != _END else {}
    return step


def _conditions(held: Any) -> dict[str, Any]:
    """Some answers have them as a JSON text."""
    found: dict[str, Any] = json.loads(held) if isinstance(held, str) else held
    return found


def _condition(wanted: Any) -> Any:
    """`{$eq: paid}` is written as `paid`."""
    if isinstance(wanted, dict) and wanted.keys() == {"$eq"}:
        return wanted["$eq"]
    return wanted


def _shares(element: Element, ends: set[str]) -> dict[str, int]:
    """The per cents by step; of equal shares the one that is sent whole comes first."""
    outputs: dict[str, list[int]] = {}
    for share in element["outputs"]:
        per_cent = int(str(share).removesuffix("%"))
        outputs.setdefault(_target(element, share, ends), []).append(per_cent)
    return {
        target: sum(parts) for target, parts in sorted(outputs.items(), key=lambda e: len(e[1]))
    }


def _target(element: Element, output: str, ends: set[str]) -> str:
    target: str = element["outputs"][output]["elementId"]
    return _END if target in ends else target
