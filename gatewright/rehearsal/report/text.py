"""For a terminal."""

from collections.abc import Iterator

from gatewright import deploy, readback
from gatewright.errors import ExitCode
from gatewright.paint import Paint, Style, plain
from gatewright.rehearsal.report import words
from gatewright.rehearsal.result import Result


def text(result: Result, paint: Paint = plain) -> str:
    """What was rehearsed, the plan with its values, what came of it, and the verdict last."""
    lines = [paint(f"rehearsed: {words.title(result)}", Style.BOLD)]
    lines += [f"  with {each}" for each in words.with_what(result)]
    lines += [f"  note: {note}" for note in result.notes]
    lines += [f"  {words.finding(found)}" for found in result.findings]
    lines += _plan(result, paint)
    if result.problems:
        lines.append(deploy.report.problems(result.problems, result.places.get, paint))
    lines += _line("verify", words.verified(result), paint)
    if result.verified and result.verified.exit_code:
        lines.append(readback.report.text(result.verified, paint))
    lines += _line("smoke", words.smoked(result), paint)
    for each in words.failed(result):
        why = each.fault.sentence if each.fault else each.actual
        lines.append(f"  {paint(str(each.status), Style.ERROR)} {each.check.id}: {why}")
    lines += _line("teardown", words.torn_down(result), paint)
    if result.teardown_problems:
        lines.append(deploy.report.problems(result.teardown_problems, result.places.get, paint))
    lines += _line("time", words.timed(result), paint)
    style = Style.OK if result.exit_code is ExitCode.OK else Style.ERROR
    return "\n".join([*lines, paint(f"rehearsal {words.verdict(result)}", style)])


def _plan(result: Result, paint: Paint) -> Iterator[str]:
    yield from _line("plan", words.planned(result), paint)
    for each in sorted(result.changes, key=deploy.report.order):
        yield f"  {deploy.report.change(each, paint)}"
        yield from (f"      {line}" for line in words.properties(each))


def _line(name: str, said: str, paint: Paint) -> Iterator[str]:
    yield f"{paint(f'{name}:', Style.BOLD)} {said}"
