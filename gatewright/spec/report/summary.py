"""The last line of a report for people, and all of it where nothing was found."""

from gatewright.model import Severity
from gatewright.paint import Paint, Style, plain
from gatewright.spec.result import Loaded


def counts(loaded: Loaded, paint: Paint = plain) -> str:
    """The last line: how many findings of which severity in how many files."""
    ignored = f" ({len(loaded.suppressed)} ignored)" if loaded.suppressed else ""
    if not loaded.findings:
        return paint(f"{_plural(len(loaded.files), 'file')}, no findings{ignored}", Style.OK)
    found = [
        _plural(loaded.count(severity), noun)
        for severity, noun in (
            (Severity.ERROR, "error"),
            (Severity.WARNING, "warning"),
            (Severity.INFO, "note"),
        )
        if loaded.count(severity)
    ]
    worst = Style.ERROR if loaded.count(Severity.ERROR) else Style.WARNING
    places = len({found.location.file for found in loaded.findings})
    return paint(f"{', '.join(found)} in {_plural(places, 'file')}{ignored}", worst)


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
