"""A rehearsal as text, Markdown, JSON and JUnit XML; pure functions of the result."""

from collections.abc import Callable

from gatewright.rehearsal.report.as_json import as_json
from gatewright.rehearsal.report.junit import junit
from gatewright.rehearsal.report.markdown import markdown
from gatewright.rehearsal.report.text import text
from gatewright.rehearsal.result import Result

#: What can be written into a file.
FORMATS: dict[str, Callable[[Result], str]] = {
    "markdown": markdown,
    "json": as_json,
    "junit": junit,
}

__all__ = ["FORMATS", "as_json", "junit", "markdown", "text"]
