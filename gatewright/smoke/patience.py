"""Repeating a request while a fresh deployment or a passing fault explains its failure."""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from gatewright.smoke.evidence import Attempt
from gatewright.smoke.expectation import Expecting, is_met, is_worth_repeating

_FIRST_WAIT = 0.25
_LONGEST_WAIT = 8.0

#: A lost connection is over in seconds or not at all; nobody should wait the whole
#: deadline for a host that is down.
_MAX_LOST = 6


class Patience(NamedTuple):
    """``deadline`` in seconds from a call's first attempt; ``random`` gives 0 to 1."""

    deadline: float
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    random: Callable[[], float]

    async def until_met(
        self, send: Callable[[], Awaitable[Attempt]], expecting: Expecting
    ) -> tuple[Attempt, ...]:
        """Send until the expectation is met or waiting makes no sense; the last one counts."""
        attempts = [await send()]
        give_up = self.clock() - attempts[0].seconds + self.deadline
        while (wait := self._wait(attempts, expecting, give_up - self.clock())) is not None:
            await self.sleep(wait)
            attempts.append(await send())
        return tuple(attempts)

    def _wait(self, attempts: Sequence[Attempt], expecting: Expecting, left: float) -> float | None:
        """Seconds until the next attempt; None if there is to be none."""
        last = attempts[-1].evidence
        if is_met(expecting, last) or not is_worth_repeating(expecting, last) or left <= 0:
            return None
        if sum(attempt.evidence.trouble is not None for attempt in attempts) >= _MAX_LOST:
            return None
        if last.retry_after is not None and last.retry_after > left:
            return None
        backoff = min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** (len(attempts) - 1))
        jittered = backoff * (1 + self.random()) / 2
        return max(min(jittered, left), last.retry_after or 0)
