"""How long the good answers took, from the cache and from the model."""

from typing import NamedTuple

from gatewright.smoke.checks import Check
from gatewright.smoke.evidence import Attempt
from gatewright.smoke.expectation import is_accepted
from gatewright.smoke.result import Result


class Latency(NamedTuple):
    """Seconds of an endpoint's good answers, in the order of the requests."""

    gateway: str
    endpoint: str
    hits: tuple[float, ...]
    misses: tuple[float, ...]


def latencies(result: Result) -> tuple[Latency, ...]:
    """One for each endpoint that gave a good answer; what several checks share counts once."""
    found: dict[tuple[str, str], set[Attempt]] = {}
    for verdict in result.verdicts:
        found.setdefault(_key(verdict.check), set()).update(
            attempt for attempt in verdict.attempts if is_accepted(attempt.evidence)
        )
    return tuple(
        Latency(*key, _seconds(attempts, is_hit=True), _seconds(attempts, is_hit=False))
        for key, attempts in found.items()
        if attempts
    )


def _key(check: Check) -> tuple[str, str]:
    return check.gateway.id, check.endpoint.name


def _seconds(attempts: set[Attempt], *, is_hit: bool) -> tuple[float, ...]:
    wanted = (one for one in attempts if (one.evidence.cache == "HIT") is is_hit)
    return tuple(one.seconds for one in sorted(wanted, key=lambda one: one.started))
