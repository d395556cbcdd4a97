"""The findings as text for people."""

import unicodedata
from collections.abc import Mapping

from gatewright.model import Finding, Location, Severity
from gatewright.paint import Paint, Style, plain
from gatewright.spec.report.summary import counts
from gatewright.spec.result import Loaded
from gatewright.spec.words import printable

_WIDEST = 120
_STYLES = {
    Severity.ERROR: Style.ERROR,
    Severity.WARNING: Style.WARNING,
    Severity.INFO: Style.DIM,
}


def text(loaded: Loaded, paint: Paint = plain) -> str:
    """A block per finding, and a last line with the counts; no line end after it."""
    blocks = [block(found, loaded.sources, paint) for found in loaded.findings]
    return "\n\n".join([*blocks, counts(loaded, paint)])


def block(found: Finding, sources: Mapping[str, str], paint: Paint = plain) -> str:
    """One finding: place and sentence, the line with a caret, the hint."""
    where = found.location
    place = f"{printable(where.file)}:{where.line}:{where.column}:"
    label = paint(f"{found.severity} {found.rule}", _STYLES[found.severity])
    lines = [f"{paint(place, Style.BOLD)} {label}: {found.message}"]
    lines += _excerpt(where, sources.get(where.file, ""), paint, _STYLES[found.severity])
    if found.hint:
        lines.append(f"{paint('hint:', Style.BOLD)} {found.hint}")
    return "\n".join(lines)


def _excerpt(where: Location, source: str, paint: Paint, style: Style) -> list[str]:
    """The line with a caret under what is wrong in it; nothing for a whole file."""
    if where == Location(where.file) or not source:
        return []
    # Not splitlines(): that ends lines at characters which for editors end none.
    line = source.split("\n")[where.line - 1]
    start = where.column - 1
    end = where.end_column - 1 if where.end_line == where.line else len(line)
    before, marked, after = line[:start], line[start:end], line[end:]
    if len(line) > _WIDEST:
        before, marked, after = _shortened(before, marked, after)
    before, marked, after = (_shown(part) for part in (before, marked, after))
    number = str(where.line)
    carets = "^" * max(_width(marked), 1)
    gutter = paint(f"  {number} | ", Style.DIM)
    blank = paint(f"  {' ' * len(number)} | ", Style.DIM)
    return [
        f"{gutter}{before}{marked}{after}".rstrip(),
        f"{blank}{' ' * _width(before)}{paint(carets, style)}",
    ]


def _shortened(before: str, marked: str, after: str) -> tuple[str, str, str]:
    """A long line around its marked part."""
    third = _WIDEST // 3
    if len(before) > third:
        before = "…" + before[-third:]
    if len(marked) > third:
        marked, after = marked[:third] + "…", ""
    if len(after) > third:
        after = after[:third] + "…"
    return before, marked, after


def _shown(text: str) -> str:
    """As it is shown: tabs as a space, and nothing that could steer a terminal."""
    return "".join(
        character if character.isprintable() else " " if character == "\t" else "�"
        for character in text
    )


def _width(text: str) -> int:
    """The columns that ``text`` takes on a terminal."""
    return sum(
        0
        if unicodedata.combining(character)
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )
