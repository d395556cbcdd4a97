"""Markdown for a job summary: what failed first, everything else folded."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from gatewright.markdown_text import code, sentence
from gatewright.smoke.report.command import curl
from gatewright.smoke.report.details import endpoint_of, facts, totals
from gatewright.smoke.report.grid import seconds
from gatewright.smoke.result import Result, Status, Verdict

#: A job summary has room for 1 MiB; this many failures are more than anybody reads.
_MOST_TOLD = 50

_MARKS = {
    Status.PASSED: "✅",
    Status.FLAKY: "⚠️",
    Status.FAILED: "❌",
    Status.ERROR: "💥",
    Status.SKIPPED: "⏭️",
}


def markdown(result: Result) -> str:
    """GitHub's kind of Markdown."""
    return "\n".join(_lines(result)) + "\n"


def _lines(result: Result) -> Iterator[str]:
    broken = result.of(Status.FAILED, Status.ERROR)
    name = result.deployed.stack
    stack = f" of {code(name)}" if name else ""
    yield f"## {_MARKS[result.outcome]} Smoke checks{stack}"
    yield ""
    yield totals(result)
    for verdict in broken[:_MOST_TOLD]:
        yield ""
        yield from _failure(verdict)
    if len(broken) > _MOST_TOLD:
        yield f"\nAnd {len(broken) - _MOST_TOLD} more."
    if notes := result.of(Status.FLAKY, Status.SKIPPED)[:_MOST_TOLD]:
        yield from ("", "| | Check | Reason |", "| --- | --- | --- |")
        yield from map(_note, notes)
    if result.verdicts:
        yield ""
        yield "<details><summary>All checks</summary>\n"
        yield from ("| Endpoint | Checks |", "| --- | --- |")
        for (gateway, endpoint), verdicts in groupby(result.verdicts, endpoint_of):
            yield f"| {sentence(f'{gateway}/{endpoint}')} | {_cells(list(verdicts))} |"
        yield "\n</details>"


def _failure(verdict: Verdict) -> Iterator[str]:
    yield f"### {_MARKS[verdict.status]} {sentence(verdict.check.id)}"
    yield ""
    for label, text in facts(verdict):
        yield f"- **{label}** {sentence(text)}"
    if verdict.call:
        command = "\n".join(curl(verdict.call))
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", command)), default=0))
        yield from ("", f"{fence}sh", command, fence)


def _note(verdict: Verdict) -> str:
    reason = f"{verdict.fault.layer}: {verdict.fault.sentence}" if verdict.fault else ""
    return f"| {_MARKS[verdict.status]} | {sentence(verdict.check.id)} | {sentence(reason)} |"


def _cells(verdicts: Sequence[Verdict]) -> str:
    return ", ".join(
        f"{_MARKS[verdict.status]} {verdict.check.kind}"
        + (f" {seconds(verdict.seconds)}" if verdict.attempts else "")
        for verdict in verdicts
    )
