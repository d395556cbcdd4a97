"""JUnit XML: a suite for each gateway."""

from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree as ET

from gatewright.smoke.report.details import details, gateway_of
from gatewright.smoke.result import Result, Status, Verdict
from gatewright.xml_text import xml_text

_NAME = "gatewright smoke"
_OUTCOMES = {Status.FAILED: "failure", Status.ERROR: "error", Status.SKIPPED: "skipped"}


def junit(result: Result) -> str:
    """An XML document; a flaky check passes and says so in its output."""
    extra = int(result.is_interrupted)
    totals = _totals(result.verdicts, extra)
    root = ET.Element("testsuites", {"name": _NAME, **totals})
    root.set("time", f"{result.seconds:.3f}")
    for gateway, verdicts in groupby(result.verdicts, gateway_of):
        root.append(_suite(gateway, list(verdicts), f"{result.started:%Y-%m-%dT%H:%M:%S}"))
    if result.is_interrupted:  # skipped checks alone would look good
        suite = ET.SubElement(root, "testsuite", {"name": _NAME, **_totals((), extra)})
        case = ET.SubElement(suite, "testcase", {"classname": _NAME, "name": "run"})
        ET.SubElement(case, "error", {"message": "the run was interrupted"})
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="utf-8"?>\n', "\n")
    )


def _suite(gateway: str, verdicts: Sequence[Verdict], started: str) -> ET.Element:
    suite = ET.Element("testsuite", {"name": xml_text(gateway), **_totals(verdicts)})
    suite.set("time", f"{sum(verdict.seconds for verdict in verdicts):.3f}")
    suite.set("timestamp", started)
    suite.extend(map(_case, verdicts))
    return suite


def _case(verdict: Verdict) -> ET.Element:
    check = verdict.check
    case = ET.Element(
        "testcase",
        {
            "classname": xml_text(f"{check.gateway.id}.{check.endpoint.name}"),
            "name": str(check.kind),
            "time": f"{verdict.seconds:.3f}",
        },
    )
    fault = verdict.fault
    if fault is None:
        return case
    lines = "\n".join(f"{label}: {text}" for label, text in details(verdict))
    outcome = _OUTCOMES.get(verdict.status)
    if outcome is None:
        ET.SubElement(case, "system-out").text = xml_text(f"{verdict.status}\n{lines}")
        return case
    said = ET.SubElement(case, outcome, {"message": xml_text(fault.sentence)})
    if verdict.status is not Status.SKIPPED:
        said.set("type", str(fault.layer))
        said.text = xml_text(lines)
    return case


def _totals(verdicts: Sequence[Verdict], errors: int = 0) -> dict[str, str]:
    """With so many ``errors`` beside those of the checks."""

    def count(status: Status) -> int:
        return sum(verdict.status is status for verdict in verdicts)

    return {
        "tests": str(len(verdicts) + errors),
        "failures": str(count(Status.FAILED)),
        "errors": str(count(Status.ERROR) + errors),
        "skipped": str(count(Status.SKIPPED)),
    }
