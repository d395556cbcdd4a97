"""The outcome of validation in the forms that people and tools read.

    text    for people, the default
    json    for scripts; schemas/validate-report.schema.json describes it
    sarif   SARIF 2.1.0, for code scanning
    junit   a test case per file, for CI servers
    github  workflow commands, which GitHub shows beside the changed lines

Each is a pure function of one ``Loaded``.
"""

from collections.abc import Mapping

from gatewright.model import Finding
from gatewright.paint import Paint, plain
from gatewright.spec.report.summary import counts
from gatewright.spec.result import Loaded

FORMATS = ("text", "json", "sarif", "junit", "github")

__all__ = ["FORMATS", "block", "render", "text"]


def text(loaded: Loaded, paint: Paint = plain) -> str:
    """A block per finding, and a last line with the counts; no line end after it."""
    if not loaded.findings:
        return counts(loaded, paint)
    blocks = [block(found, loaded.sources, paint) for found in loaded.findings]
    return "\n\n".join([*blocks, counts(loaded, paint)])


def block(found: Finding, sources: Mapping[str, str], paint: Paint = plain) -> str:
    """One finding: place and sentence, the line with a caret, the hint."""
    from gatewright.spec.report import terminal  # noqa: PLC0415  # where nothing is found, unused

    return terminal.block(found, sources, paint)


def render(loaded: Loaded, form: str, *, folder: str = "") -> str:
    """The report in one of ``FORMATS``, without colour and without a last line end.

    ``folder`` is the project's folder as the readers of file names see it, empty if
    they stand in it; reports for tools have it before each name.
    """
    # Imported late: one of them is needed, and the text most often.
    match form:
        case "json":
            from gatewright.spec.report.machine import document  # noqa: PLC0415  # see above

            return document(loaded, folder)
        case "sarif":
            from gatewright.spec.report.sarif import log  # noqa: PLC0415  # see above

            return log(loaded, folder)
        case "junit":
            from gatewright.spec.report.junit import suites  # noqa: PLC0415  # see above

            return suites(loaded, folder)
        case "github":
            from gatewright.spec.report.github import annotations  # noqa: PLC0415  # see above

            return annotations(loaded, folder)
        case _:
            return text(loaded)
