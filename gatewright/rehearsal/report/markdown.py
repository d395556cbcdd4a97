"""For a comment under a pull request and for a job's summary."""

from collections.abc import Iterator

from gatewright import deploy
from gatewright.deploy import Operation
from gatewright.errors import ExitCode
from gatewright.markdown_text import cut, plain
from gatewright.rehearsal.report import words
from gatewright.rehearsal.result import Result

#: By this line a CI job finds its own comment again.
MARK = "<!-- gatewright rehearse -->"
_MARKS = {
    Operation.CREATE: "🟢",
    Operation.ADOPT: "🟢",
    Operation.UPDATE: "🟡",
    Operation.RELEASE: "🟡",
    Operation.REPLACE: "🔴",
    Operation.DELETE: "🔴",
}
#: GitHub refuses a comment of 65,536 characters.
_LONGEST = 60_000
_CUT = "\n\n*The rest is cut off: `gatewright rehearse` shows all of it.*\n"


def markdown(result: Result) -> str:
    """One comment: the verdict first, then the plan, then what came of it."""
    return cut("\n".join(_lines(result)) + "\n", _LONGEST, _CUT)


def _lines(result: Result) -> Iterator[str]:
    mark = "✅" if result.exit_code is ExitCode.OK else "❌"
    yield from (MARK, f"### gatewright rehearse: {mark} {plain(words.verdict(result))}", "")
    yield f"{plain(words.title(result))}, on a local Cloudflare that was made for it."
    yield ""
    yield from (f"> {plain(note)}" for note in result.notes)
    if result.notes:
        yield ""
    yield from (f"- {plain(words.finding(found))}" for found in result.findings)
    if result.findings:
        yield ""
    yield from _plan(result)
    yield from ("| | |", "|---|---|")
    yield f"| plan | {plain(words.planned(result))} |"
    yield f"| verify | {plain(words.verified(result))} |"
    yield f"| smoke | {plain(words.smoked(result))} |"
    yield f"| teardown | {plain(words.torn_down(result))} |"
    yield f"| time | {plain(words.timed(result))} |"
    if named := "; ".join(map(plain, words.with_what(result))):
        yield f"| with | {named} |"


def _plan(result: Result) -> Iterator[str]:
    if result.problems or result.teardown_problems:
        found = (*result.problems, *result.teardown_problems)
        for line in deploy.report.problems(found, result.places.get).splitlines():
            yield f"- {plain(line)}"
        yield ""
    for check in words.failed(result):
        why = check.fault.sentence if check.fault else check.actual
        yield f"- {check.status} **{plain(check.check.id)}**: {plain(why)}"
    for reading in result.verified.readings if result.verified else ():
        if reading.differs:
            yield f"- {reading.kind} **{plain(reading.key)}** is not as declared"
    if not result.changes:
        return
    yield from ("", "| | object | what the engine does |", "|---|---|---|")
    for each in sorted(result.changes, key=deploy.report.order, reverse=True):
        values = "<br>".join(plain(line) for line in words.properties(each))
        said = f"{each.operation}{f'<br>{values}' if values else ''}"
        yield f"| {_MARKS[each.operation]} | {each.kind} **{plain(each.key)}** | {said} |"
    yield ""
