"""What every report tells of a check that did not simply pass."""

from collections.abc import Iterator

from gatewright.smoke.evidence import Attempt
from gatewright.smoke.report.command import curl
from gatewright.smoke.report.cost import counted
from gatewright.smoke.report.grid import seconds
from gatewright.smoke.result import Result, Verdict


def gateway_of(verdict: Verdict) -> str:
    """The gateway's id."""
    return verdict.check.gateway.id


def endpoint_of(verdict: Verdict) -> tuple[str, str]:
    """The gateway's id and the endpoint's name."""
    return verdict.check.gateway.id, verdict.check.endpoint.name


def details(verdict: Verdict) -> Iterator[tuple[str, str]]:
    """Label and text: expected, actual, layer, next step, attempts, reproduction."""
    yield from facts(verdict)
    if verdict.call:
        yield "reproduction", "\n".join(curl(verdict.call))


def facts(verdict: Verdict, space: str = " ") -> Iterator[tuple[str, str]]:
    """`details` without the command; ``space`` stands between the words of one attempt."""
    yield "expected", verdict.expected
    if verdict.actual:
        yield "actual", verdict.actual
    if verdict.fault:
        yield "layer", f"{verdict.fault.layer}: {verdict.fault.sentence}"
        yield "next step", verdict.fault.next_step
    if verdict.attempts:
        shown = (_attempt(one).replace(" ", space) for one in verdict.attempts)
        yield "attempts", ", ".join(shown)


def totals(result: Result, space: str = " ") -> str:
    """One sentence: checks by status, requests, time; ``space`` is the one within the time."""
    counts = ", ".join(f"{count} {status}" for status, count in result.counts.items() if count)
    planned, at_most = result.budget.planned, result.budget.at_most
    plan = f"{planned} planned" if planned == at_most else f"{planned} to {at_most} planned"
    time = seconds(result.seconds).replace(" ", space)
    return (
        f"{counted(len(result.verdicts), 'check')}: {counts or 'none declared'}; "
        f"{counted(result.requests, 'request')} ({plan}) in {time}"
        f"{', then interrupted' if result.is_interrupted else ''}"
    )


def _attempt(one: Attempt) -> str:
    """What came, when it was sent and how long it took: `401/2009 at 0.31 s (12 ms)`."""
    evidence = one.evidence
    seen = evidence.trouble or "/".join(
        str(part) for part in (evidence.status, evidence.code, evidence.cache) if part is not None
    )
    return f"{seen} at {one.started:.2f} s ({seconds(one.seconds)})"
