"""What several reports say alike."""

import json
from collections.abc import Iterator

from gatewright import deploy, readback, smoke
from gatewright.deploy import Operation, Property
from gatewright.errors import ExitCode
from gatewright.model import Finding, JsonValue
from gatewright.rehearsal.result import Result
from gatewright.spec.words import printable

_LONGEST = 60
_FAILED = (smoke.Status.FAILED, smoke.Status.ERROR)


def title(result: Result) -> str:
    """What was rehearsed."""
    stack = f", stack {result.stack}" if result.stack else ""
    if result.before:
        return f"{result.after} over {result.before}{stack}"
    return f"{result.after}, from nothing{stack}"


def verdict(result: Result) -> str:
    """In a sentence, how it came out."""
    code = result.exit_code
    if code is ExitCode.OK:
        return "passed"
    if code is ExitCode.DIFFERS and not result.left and not _differs(result):
        return "passed, and something changes"
    if code is ExitCode.REFUSED and result.refused_by and not result.is_protected:
        first = result.refused_by[0]
        return f"refused: the plan does `{first.operation}` to {first.kind} {first.key}"
    return f"failed: {_failure(result, code)}"


def with_what(result: Result) -> Iterator[str]:
    """The engine and the provider; neither where it did not come so far."""
    yield from filter(None, (result.engine, result.provider))


def finding(found: Finding) -> str:
    """A finding of `validate` in a line."""
    where = found.location
    return (
        f"{where.file}:{where.line}:{where.column}: {found.severity} {found.rule}: {found.message}"
    )


def _failure(result: Result, code: ExitCode) -> str:
    if code is ExitCode.FINDINGS:
        return f"the specs of {result.after} have errors"
    if result.is_protected:
        return "the plan deletes or replaces what its spec protects"
    if result.problems:
        return f"the engine could not deploy {result.after}"
    if result.teardown_problems:
        return "not all could be removed again"
    if code is ExitCode.DIFFERS:
        return "the account is not as declared"
    return code.meaning


def _differs(result: Result) -> bool:
    return bool(result.verified and result.verified.exit_code)


def planned(result: Result) -> str:
    """The plan's counts."""
    if result.plan is None or not result.plan.objects:
        return "no plan"
    if not result.changes:
        return f"nothing changes: all {len(result.plan.objects)} objects stay as they are"
    counts = result.plan.counts
    return ", ".join(f"{number} {operation}" for operation, number in counts.items())


def verified(result: Result) -> str:
    """What was read back."""
    if result.verified is None:
        return "not done"
    readings = result.verified.readings
    differing = sum(reading.differs for reading in readings)
    same = result.verified.counts[readback.Verdict.SAME]
    return f"{len(readings)} objects, {differing} not as declared; {same} fields the same"


def smoked(result: Result) -> str:
    """How many checks ended how."""
    if result.smoked is None:
        return "not done"
    counts = ", ".join(f"{n} {status}" for status, n in result.smoked.counts.items() if n)
    return f"{len(result.smoked.verdicts)} checks: {counts or 'none declared'}"


def failed(result: Result) -> tuple[smoke.Verdict, ...]:
    """The checks that failed."""
    return result.smoked.of(*_FAILED) if result.smoked else ()


def torn_down(result: Result) -> str:
    """What is left."""
    if result.left is None:
        return "failed" if result.teardown_problems else "nothing was deployed"
    kept = f"; {', '.join(result.kept)} stays, as its spec says" if result.kept else ""
    if result.left:
        return f"left in the account: {', '.join(result.left)}{kept}"
    return "the account holds nothing else" + kept if kept else "the account is empty"


def timed(result: Result) -> str:
    """The phases with their seconds."""
    phases = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in result.seconds)
    return f"{result.total:.1f} s: {phases}"


def properties(change: deploy.Change) -> Iterator[str]:
    """Each value that an update or a replacement changes: `rate_limiting_limit: 300 → 200`."""
    if change.operation not in {Operation.UPDATE, Operation.REPLACE}:
        return
    for each in change.properties:
        yield property_line(each)


def property_line(each: Property) -> str:
    """One of them."""
    cause = " (replaces it)" if each.replaces else ""
    return f"{printable(each.path)}: {_value(each.before)} → {_value(each.after)}{cause}"


def _value(value: JsonValue) -> str:
    if value is None:
        return "none"
    said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    said = printable(" ".join(said.split()))
    return said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"
