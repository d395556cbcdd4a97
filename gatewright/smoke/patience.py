"""Repeating a request while a fresh deployment or a passing fault explains its failure."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from tenacity import AsyncRetrying, RetryCallState, retry_if_result, wait_exponential

from gatewright.smoke.evidence import Attempt
from gatewright.smoke.expectation import Expecting, is_met, is_worth_repeating

#: In seconds.
_BACKOFF = wait_exponential(multiplier=0.25, max=8)

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
        call = _Call(self, send)
        repeating = AsyncRetrying(
            retry=retry_if_result(lambda last: _is_repeated(expecting, last)),
            stop=call.is_over,
            wait=call.wait,
            sleep=self.sleep,
            retry_error_callback=lambda _: None,
        )
        await repeating(call.attempt)
        return tuple(call.attempts)


def _is_repeated(expecting: Expecting, last: Attempt) -> bool:
    return not is_met(expecting, last.evidence) and is_worth_repeating(expecting, last.evidence)


@dataclass(slots=True)
class _Call:
    """One request and its repetitions, in the time of ``patience``, which tests can give."""

    patience: Patience
    send: Callable[[], Awaitable[Attempt]]
    attempts: list[Attempt] = field(default_factory=list)
    give_up: float = 0

    async def attempt(self) -> Attempt:
        last = await self.send()
        if not self.attempts:
            self.give_up = self.patience.clock() - last.seconds + self.patience.deadline
        self.attempts.append(last)
        return last

    def is_over(self, _: RetryCallState) -> bool:
        left = self._left()
        lost = sum(attempt.evidence.trouble is not None for attempt in self.attempts)
        return left <= 0 or lost >= _MAX_LOST or self._asked() > left

    def wait(self, state: RetryCallState) -> float:
        jittered = _BACKOFF(state) * (1 + self.patience.random()) / 2
        return max(min(jittered, self._left()), self._asked())

    def _left(self) -> float:
        return self.give_up - self.patience.clock()

    def _asked(self) -> float:
        """Seconds that the last answer asks to wait."""
        return self.attempts[-1].evidence.retry_after or 0
