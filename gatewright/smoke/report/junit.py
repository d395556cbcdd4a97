"""JUnit XML: a suite for each gateway."""

import re
from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree as ET

from gatewright.smoke.report.details import details, gateway_of
from gatewright.smoke.result import Result, Status, Verdict

#: What XML 1.0 cannot hold in any form. Source: its definition of a character.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

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
    suite = ET.Element("testsuite", {"name": _text(gateway), **_totals(verdicts)})
    suite.set("time", f"{sum(verdict.seconds for verdict in verdicts):.3f}")
    suite.set("timestamp", started)
    suite.extend(map(_case, verdicts))
    return suite


def _case(verdict: Verdict) -> ET.Element:
    check = verdict.check
    case = ET.Element(
        "testcase",
        {
            "classname": _text(f"{check.gateway.id}.{check.endpoint.name}"),
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
        ET.SubElement(case, "system-out").text = _text(f"{verdict.status}\n{lines}")
        return case
    said = ET.SubElement(case, outcome, {"message": _text(fault.sentence)})
    if verdict.status is not Status.SKIPPED:
        said.set("type", str(fault.layer))
        said.text = _text(lines)
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


def _text(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
