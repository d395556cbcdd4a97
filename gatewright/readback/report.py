"""Results as text, as JSON and as JUnit XML; pure."""

import json
from collections import Counter
from typing import Any
from xml.etree import ElementTree as ET

from gatewright.model import JsonValue
from gatewright.paint import Paint, Style, plain
from gatewright.readback.reading import Field, Reading, Result, Verdict
from gatewright.xml_text import xml_text

_STYLES = {
    Verdict.SAME: Style.OK,
    Verdict.DIFFERS: Style.ERROR,
    Verdict.MISSING: Style.ERROR,
    Verdict.NOT_RETURNED: Style.WARNING,
    Verdict.UNDECLARED: Style.WARNING,
    Verdict.ORPHANED: Style.ERROR,
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
    listed = Counter(each.verdict for each in result.undeclared)
    document = {
        "readings": [as_object(reading) for reading in result.readings],
        "undeclared": [as_object(reading) for reading in result.undeclared],
        "counts": {
            verdict.name.lower(): result.counts[verdict] + listed[verdict] for verdict in Verdict
        },
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def junit(result: Result) -> str:
    """An XML document: a test for each object, failed where it differs."""
    shown = [*result.readings, *result.undeclared]
    failures = sum(reading.differs for reading in shown)
    counts = {"tests": str(len(shown)), "failures": str(failures), "errors": "0"}
    root = ET.Element("testsuites", {"name": "gatewright", **counts})
    suite = ET.SubElement(root, "testsuite", {"name": "account", **counts})
    for reading in shown:
        case = ET.SubElement(suite, "testcase", {"classname": reading.kind, "name": reading.key})
        text = xml_text(_block(reading, plain))
        if reading.differs:
            message = text.partition("\n")[0]
            ET.SubElement(case, "failure", {"message": message}).text = text
        else:
            ET.SubElement(case, "system-out").text = text
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode")


def _block(reading: Reading, paint: Paint) -> str:
    head = paint(f"{reading.kind} {reading.key}", Style.BOLD)
    if reading.verdict:
        said = paint(reading.verdict, _STYLES[reading.verdict])
        return f"{head}: {said}" + (f" ({reading.note})" if reading.note else "")
    same = sum(field.verdict is Verdict.SAME for field in reading.fields)
    lines = [f"{head}: {same} of {len(reading.fields)} fields the same"]
    others = [field for field in reading.fields if field.verdict is not Verdict.SAME]
    lines += [_line(field, paint) for field in others]
    lines += [f"  {paint('warning', Style.WARNING)}: {said}" for said in reading.warnings]
    return "\n".join(lines)


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
    count = len(result.readings)
    head = f"{count} object{'' if count == 1 else 's'}, {differing} not as declared"
    return f"{head}; fields: {', '.join(parts)}"


def as_object(reading: Reading) -> dict[str, Any]:
    """One object, for machines."""
    return {
        "kind": reading.kind,
        "key": reading.key,
        "differs": reading.differs,
        "verdict": reading.verdict.name.lower() if reading.verdict else None,
        "note": reading.note,
        "warnings": [*reading.warnings],
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
