"""The report for people at a terminal."""

import textwrap
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gatewright.paint import Paint, Style
from gatewright.smoke.report.command import curl
from gatewright.smoke.report.details import facts, totals
from gatewright.smoke.report.grid import grid, seconds
from gatewright.smoke.report.styles import STYLES
from gatewright.smoke.result import Result, Status, Verdict

_INDENT = 12
_NARROWEST_TEXT = 20
_MOST_NAMED = 3

#: A space at which no line is broken.
_GLUE = "\N{NO-BREAK SPACE}"


def table(result: Result, paint: Paint, width: int) -> str:
    """One line a check, the totals, and what is to know of each that did not pass.

    ``width`` is in columns; only a command that is to be copied is longer.
    """
    if not result.verdicts:
        return "no checks: no gateway declares an endpoint"
    page = _Page(paint, width)
    lines = [*grid(result.verdicts, paint, width), "", *page.wrapped(totals(result, space=_GLUE))]
    notes = list(_notes([*result.of(Status.FLAKY), *result.of(Status.SKIPPED)], page))
    if notes:
        lines += ["", *notes]
    for verdict in result.of(Status.FAILED, Status.ERROR):
        lines += ["", *_failure(verdict, page)]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class _Page:
    paint: Paint
    width: int

    def wrapped(self, text: str, indent: int = 0) -> list[str]:
        room = max(self.width - indent, _NARROWEST_TEXT)
        lines = textwrap.wrap(text, room, break_on_hyphens=False, break_long_words=False)
        return [line.replace(_GLUE, " ") for line in lines]

    def labelled(self, label: str, text: str, style: Style) -> Iterator[str]:
        """``text`` in a column of its own, to the right of ``label``."""
        first, *rest = self.wrapped(text, _INDENT) or [""]
        yield f"{self.paint(label.ljust(_INDENT), style)}{first}"
        yield from (f"{' ' * _INDENT}{line}" for line in rest)


def _notes(verdicts: Sequence[Verdict], page: _Page) -> Iterator[str]:
    """The flaky and the skipped, those with the same reason together."""
    groups: dict[tuple[Status, str], list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        if verdict.fault:
            reason = f"{verdict.fault.layer}: {verdict.fault.sentence}"
            groups[verdict.status, reason].append(verdict)
    for (status, reason), group in groups.items():
        names = [f"`{verdict.check.id}`" for verdict in group[:_MOST_NAMED]]
        if len(group) > _MOST_NAMED:
            names.append(f"and {len(group) - _MOST_NAMED} more")
        longest = seconds(max(verdict.seconds for verdict in group))
        passed = f"; passed within {longest}" if status is Status.FLAKY else ""
        yield from page.labelled(status, f"{reason}{passed}: {', '.join(names)}", STYLES[status])


def _failure(verdict: Verdict, page: _Page) -> Iterator[str]:
    status = page.paint(verdict.status, STYLES[verdict.status])
    yield f"{status} {page.paint(verdict.check.id, Style.BOLD)}"
    for label, text in facts(verdict, space=_GLUE):
        yield from page.labelled(f"  {label}", text, Style.DIM)
    if verdict.call:
        yield from (f"  {line}" for line in curl(verdict.call))
