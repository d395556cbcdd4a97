"""Running checks against a deployment."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from datetime import UTC, datetime
from random import SystemRandom

import httpx

from gatewright.smoke.budget import budget
from gatewright.smoke.checks import Check, by_endpoint
from gatewright.smoke.client import Client
from gatewright.smoke.endpoint import EndpointRun
from gatewright.smoke.evidence import Attempt
from gatewright.smoke.layer import Fault, Layer
from gatewright.smoke.options import Options
from gatewright.smoke.patience import Patience
from gatewright.smoke.result import Result, Status, Verdict
from gatewright.smoke.session import Session
from gatewright.smoke.targets import Targets

_NONCE_DIGITS = 10
_RANDOM = SystemRandom().random

_UNJUDGED = Fault(Layer.RUN, "it was interrupted before this was judged", "run it again")


def _now() -> datetime:
    return datetime.now(UTC)


async def run(
    checks: Iterable[Check],
    targets: Targets,
    options: Options | None = None,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    random: Callable[[], float] = _RANDOM,
    now: Callable[[], datetime] = _now,
    on_attempt: Callable[[Check, Attempt], None] | None = None,
    on_verdict: Callable[[Verdict], None] | None = None,
) -> Result:
    """Run ``checks``, all endpoints at once, and at the end what waits or uses up limits.

    ``on_attempt`` sees each answer with a check of its endpoint, ``on_verdict`` each
    verdict, as they fall. ``clock`` counts seconds from anywhere, ``now`` is the time of
    day in UTC, ``random`` gives numbers from 0 to below 1.
    Cancelled, it leaves its requests and returns what has been judged. Raises
    `CouldNotRunError` if no client can be made; whatever happens to a request is a verdict.
    """
    wanted = tuple(checks)
    options = options or Options()
    started, time_of_day = clock(), now()
    nonce = f"{int(random() * 16**_NONCE_DIGITS):0{_NONCE_DIGITS}x}"
    async with Client(targets, options, transport=transport, clock=clock) as client:
        session = Session(
            client,
            targets,
            Patience(options.deadline, clock, sleep, random),
            on_attempt or _ignore,
            on_verdict or _ignore,
            asyncio.Lock(),
            client.stage() if any(check.is_local for check in wanted) else None,
        )
        runs = [
            EndpointRun(group, f"{nonce}-{number}", session)
            for number, group in enumerate(by_endpoint(wanted))
        ]
        is_interrupted = False
        try:
            for phase in (EndpointRun.run, EndpointRun.run_late, EndpointRun.exhaust):
                await _all(phase(one) for one in runs)
        except asyncio.CancelledError:
            is_interrupted = True
        verdicts = {verdict.check.id: verdict for one in runs for verdict in one.verdicts}
        if is_interrupted:
            left = (check for check in wanted if check.id not in verdicts)
            verdicts |= {each.id: Verdict(each, Status.SKIPPED, fault=_UNJUDGED) for each in left}
        return Result(
            tuple(verdicts[check.id] for check in wanted),
            budget(wanted),
            client.requests,
            clock() - started,
            time_of_day,
            targets.deployed,
            is_interrupted,
        )


async def _all(works: Iterable[Coroutine[None, None, None]]) -> None:
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)
    except BaseExceptionGroup as several:
        # Only a mistake of ours or of `on_verdict`, or the local Cloudflare's: the caller
        # knows single errors.
        raise several.exceptions[0] from several


def _ignore(*told: object) -> None:
    del told
