"""JUnit XML: a test for each step, and the smoke run's own suites."""

from xml.etree import ElementTree as ET

from gatewright import deploy, readback
from gatewright.model import Severity
from gatewright.rehearsal.report import words
from gatewright.rehearsal.result import Result
from gatewright.smoke.report.junit import junit as smoke_junit
from gatewright.xml_text import xml_text


def junit(result: Result) -> str:
    """An XML document; what did not come about is skipped."""
    root = ET.Element("testsuites", {"name": "gatewright rehearse"})
    cases = _cases(result)
    suite = ET.SubElement(
        root,
        "testsuite",
        {
            "name": "rehearsal",
            "tests": str(len(cases)),
            "failures": str(sum(failure is not None for _, failure, _ in cases)),
            "errors": "0",
            "skipped": str(sum(is_skipped for _, _, is_skipped in cases)),
            "time": f"{result.total:.3f}",
        },
    )
    for name, failure, is_skipped in cases:
        case = ET.SubElement(suite, "testcase", {"classname": "rehearsal", "name": name})
        if failure is not None:
            message = xml_text(failure.partition("\n")[0])
            ET.SubElement(case, "failure", {"message": message}).text = xml_text(failure)
        elif is_skipped:
            ET.SubElement(case, "skipped", {"message": "something before it failed"})
    if result.smoked:
        root.extend(ET.fromstring(smoke_junit(result.smoked)))  # noqa: S314  # our own
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _cases(result: Result) -> list[tuple[str, str | None, bool]]:
    """Name, failure, and whether it was not done."""
    errors = [each for each in result.findings if each.severity is Severity.ERROR]
    if errors:
        return [("validate", "\n".join(map(words.finding, errors)), False)]
    problems = deploy.report.problems(result.problems, result.places.get) or None
    refused = words.verdict(result) if result.refused_by else None
    verified, differs = result.verified, None
    if verified and verified.exit_code:
        differs = readback.report.text(verified)
    torn = deploy.report.problems(result.teardown_problems, result.places.get) or None
    return [
        ("validate", None, False),
        ("deploy", problems, False),
        ("plan", refused, False),
        ("verify", differs, verified is None),
        ("teardown", torn or (words.torn_down(result) if result.left else None), False),
    ]
