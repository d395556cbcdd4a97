"""For a comment under a pull request and for a job's summary."""

from collections.abc import Iterator

from gatewright import deploy
from gatewright.deploy import Operation
from gatewright.errors import ExitCode
from gatewright.rehearsal.report import words
from gatewright.rehearsal.result import Result
from gatewright.smoke.report.markdown import escaped

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
    text = "\n".join(_lines(result)) + "\n"
    return text if len(text) <= _LONGEST else text[: _LONGEST - len(_CUT)] + _CUT


def _lines(result: Result) -> Iterator[str]:
    mark = "✅" if result.exit_code is ExitCode.OK else "❌"
    yield from (MARK, f"### gatewright rehearse: {mark} {_text(words.verdict(result))}", "")
    yield f"{_text(words.title(result))}, on a local Cloudflare that was made for it."
    yield ""
    yield from (f"> {_text(note)}" for note in result.notes)
    if result.notes:
        yield ""
    yield from (f"- {_text(words.finding(found))}" for found in result.findings)
    if result.findings:
        yield ""
    yield from _plan(result)
    yield from ("| | |", "|---|---|")
    yield f"| plan | {_text(words.planned(result))} |"
    yield f"| verify | {_text(words.verified(result))} |"
    yield f"| smoke | {_text(words.smoked(result))} |"
    yield f"| teardown | {_text(words.torn_down(result))} |"
    yield f"| time | {_text(words.timed(result))} |"
    if named := "; ".join(map(_text, words.with_what(result))):
        yield f"| with | {named} |"


def _plan(result: Result) -> Iterator[str]:
    if result.problems or result.teardown_problems:
        found = (*result.problems, *result.teardown_problems)
        for line in deploy.report.problems(found, result.places.get).splitlines():
            yield f"- {_text(line)}"
        yield ""
    for check in words.failed(result):
        why = check.fault.sentence if check.fault else check.actual
        yield f"- {check.status} **{_text(check.check.id)}**: {_text(why)}"
    for reading in result.verified.readings if result.verified else ():
        if reading.differs:
            yield f"- {reading.kind} **{_text(reading.key)}** is not as declared"
    if not result.changes:
        return
    yield from ("", "| | object | what the engine does |", "|---|---|---|")
    for each in sorted(result.changes, key=deploy.report.order, reverse=True):
        values = "<br>".join(_text(line) for line in words.properties(each))
        said = f"{each.operation}{f'<br>{values}' if values else ''}"
        yield f"| {_MARKS[each.operation]} | {each.kind} **{_text(each.key)}** | {said} |"
    yield ""


def _text(said: str) -> str:
    """Text that comes from specs must not become markup."""
    return escaped(" ".join(said.split()))
