"""JUnit XML: a suite for each gateway."""

from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree as ET

from gatewright.smoke.report.details import details, gateway_of
from gatewright.smoke.result import Result, Status, Verdict
from gatewright.xml_text import xml_text

_OUTCOMES = {Status.FAILED: "failure", Status.ERROR: "error", Status.SKIPPED: "skipped"}


def junit(result: Result) -> str:
    """An XML document; a flaky check passes and says so in its output."""
    root = ET.Element("testsuites", {"name": "gatewright smoke", **_totals(result.verdicts)})
    root.set("time", f"{result.seconds:.3f}")
    for gateway, verdicts in groupby(result.verdicts, gateway_of):
        root.append(_suite(gateway, list(verdicts), f"{result.started:%Y-%m-%dT%H:%M:%S}"))
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


def _totals(verdicts: Sequence[Verdict]) -> dict[str, str]:
    def count(status: Status) -> str:
        return str(sum(verdict.status is status for verdict in verdicts))

    return {
        "tests": str(len(verdicts)),
        "failures": count(Status.FAILED),
        "errors": count(Status.ERROR),
        "skipped": count(Status.SKIPPED),
    }
