"""Results as text and as JSON; pure."""

import json
from typing import Any

from gatewright.model import JsonValue
from gatewright.paint import Paint, Style, plain
from gatewright.readback.reading import Field, Reading, Result, Verdict

_STYLES = {
    Verdict.SAME: Style.OK,
    Verdict.DIFFERS: Style.ERROR,
    Verdict.MISSING: Style.ERROR,
    Verdict.NOT_RETURNED: Style.WARNING,
    Verdict.UNDECLARED: Style.WARNING,
    Verdict.NOT_MANAGED: Style.DIM,
    Verdict.HIDDEN: Style.DIM,
}


def text(result: Result, paint: Paint = plain, *, undeclared: bool = False) -> str:
    """Each object with every field that is not the same, and a line with the counts."""
    shown = [*result.readings, *(result.undeclared if undeclared else ())]
    blocks = [_block(reading, paint) for reading in shown]
    return "\n".join([*blocks, "", _counts(result, paint, undeclared=undeclared)])


def as_json(result: Result) -> str:
    """All of it, for machines."""
    document = {
        "readings": [_object(reading) for reading in result.readings],
        "undeclared": [_object(reading) for reading in result.undeclared],
        "counts": {verdict.name.lower(): result.counts[verdict] for verdict in Verdict},
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _block(reading: Reading, paint: Paint) -> str:
    head = paint(f"{reading.kind} {reading.key}", Style.BOLD)
    if reading.verdict:
        said = paint(reading.verdict, _STYLES[reading.verdict])
        return f"{head}: {said}" + (f" ({reading.note})" if reading.note else "")
    same = sum(field.verdict is Verdict.SAME for field in reading.fields)
    lines = [f"{head}: {same} of {len(reading.fields)} fields the same"]
    others = [field for field in reading.fields if field.verdict is not Verdict.SAME]
    return "\n".join([*lines, *(_line(field, paint) for field in others)])


def _line(field: Field, paint: Paint) -> str:
    said = paint(field.verdict, _STYLES[field.verdict])
    match field.verdict:
        case Verdict.DIFFERS:
            detail = f": declared {_value(field.declared)}, found {_value(field.actual)}"
        case Verdict.NOT_MANAGED:
            detail = f": {_value(field.actual)}"
        case _:
            detail = ""
    return f"  {field.name}: {said}{detail}"


def _value(value: JsonValue) -> str:
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def _counts(result: Result, paint: Paint, *, undeclared: bool) -> str:
    counts = result.counts
    parts = [
        paint(f"{counts[verdict]} {verdict}", _STYLES[verdict])
        for verdict in Verdict
        if counts[verdict]
    ]
    if undeclared:
        parts.append(f"{len(result.undeclared)} {Verdict.UNDECLARED}")
    differing = sum(reading.differs for reading in result.readings)
    head = f"{len(result.readings)} objects, {differing} not as declared"
    return f"{head}; fields: {', '.join(parts)}"


def _object(reading: Reading) -> dict[str, Any]:
    return {
        "kind": reading.kind,
        "key": reading.key,
        "differs": reading.differs,
        "verdict": reading.verdict.name.lower() if reading.verdict else None,
        "note": reading.note,
        "fields": [
            {
                "name": field.name,
                "verdict": field.verdict.name.lower(),
                "declared": field.declared,
                "actual": field.actual,
            }
            for field in reading.fields
        ],
    }
