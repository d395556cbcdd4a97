"""One line that moves while the checks run, and a line for each that fails."""

from collections.abc import Callable
from typing import TextIO

from gatewright.paint import Paint, Style
from gatewright.smoke.checks import Check
from gatewright.smoke.evidence import Attempt
from gatewright.smoke.report.styles import STYLES
from gatewright.smoke.result import Status, Verdict

_HOME = "\r\x1b[K"
#: The eye sees no more, and a terminal far away should not have to draw more.
_SECONDS_BETWEEN = 0.1
_BROKEN = (Status.FAILED, Status.ERROR)


class Progress:
    """For a terminal; ``clock`` counts seconds from anywhere, ``width`` is in columns."""

    def __init__(
        self, stream: TextIO, paint: Paint, *, total: int, width: int, clock: Callable[[], float]
    ) -> None:
        self._stream = stream
        self._paint = paint
        self._total = total
        self._width = width
        self._clock = clock
        self._drawn = float("-inf")
        self._requests = 0
        self._counts = dict.fromkeys(Status, 0)

    def attempted(self, check: Check, attempt: Attempt) -> None:
        """An answer came."""
        self._requests += 1
        status = attempt.evidence.trouble or attempt.evidence.status
        self._draw(f"{check.gateway.id}/{check.endpoint.name}: {status}")

    def judged(self, verdict: Verdict) -> None:
        """A check ended."""
        self._counts[verdict.status] += 1
        if verdict.status in _BROKEN and verdict.fault:
            status = self._paint(verdict.status, STYLES[verdict.status])
            said = f"{verdict.fault.layer}: {verdict.fault.sentence}"
            self._stream.write(f"{_HOME}{status} {verdict.check.id}  {said}\n")
            self._drawn = float("-inf")
        self._draw(verdict.check.id)

    def done(self) -> None:
        """Leave no trace but the failures."""
        self._stream.write(_HOME)
        self._stream.flush()

    def _draw(self, what: str) -> None:
        now = self._clock()
        if now - self._drawn < _SECONDS_BETWEEN:
            return
        self._drawn = now
        line = f"{sum(self._counts.values())}/{self._total} checks, {self._requests} requests"
        broken = sum(self._counts[status] for status in _BROKEN)
        if broken:
            line += f", {broken} not good"
        # The last column stays free: some terminals break the line when it is written to.
        room = max(self._width - 1, 1)
        shown = f"{line}  {what}"[:room]
        self._stream.write(_HOME + self._paint(shown, Style.DIM))
        self._stream.flush()
