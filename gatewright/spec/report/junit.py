"""The outcome as JUnit's XML: a test case per file, which fails if the file has an error.

Readers of JUnit differ about several failures of one case, so a case has one, with
all findings of its file in it. Warnings do not fail a file: they are its output.
"""

from xml.etree import ElementTree as ET

from gatewright.model import Finding, Severity
from gatewright.spec.report.terminal import block
from gatewright.spec.result import Loaded
from gatewright.spec.words import printable

_NAME = "gatewright validate"


def suites(loaded: Loaded, folder: str) -> str:
    """See ``gatewright.spec.report``."""
    by_file: dict[str, list[Finding]] = {name: [] for name in loaded.files}
    for found in loaded.findings:
        by_file.setdefault(found.location.file, []).append(found)
    cases = [_case(loaded, folder + name, found) for name, found in by_file.items()]
    failures = sum(case.find("failure") is not None for case in cases)
    counts = {"tests": str(len(cases)), "failures": str(failures), "errors": "0", "skipped": "0"}
    root = ET.Element("testsuites", {"name": _NAME, **counts})
    suite = ET.SubElement(root, "testsuite", {"name": _NAME, **counts})
    suite.extend(cases)
    ET.indent(root)
    # Its own declaration would name the encoding of the machine.
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode")


def _case(loaded: Loaded, name: str, findings: list[Finding]) -> ET.Element:
    # XML has no way to write the control characters that a file's name may have.
    shown = printable(name)
    case = ET.Element("testcase", {"classname": _NAME, "name": shown, "file": shown})
    errors = [found for found in findings if found.severity is Severity.ERROR]
    text = "\n\n".join(block(found, loaded.sources) for found in findings)
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        attributes = {"type": errors[0].rule, "message": errors[0].message + more}
        ET.SubElement(case, "failure", attributes).text = text
    elif findings:
        ET.SubElement(case, "system-out").text = text
    return case
