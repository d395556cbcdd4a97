"""A sign of life during long work."""

from collections.abc import Callable

EVERY = 15.0
"""Seconds between two signs."""


class Heartbeat:
    """Says what is being done and for how long, at most every 15 s."""

    def __init__(
        self, doing: str, *, say: Callable[[str], None], clock: Callable[[], float]
    ) -> None:
        self._doing = doing
        self._say = say
        self._clock = clock
        self._started = self._last = clock()

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return self._clock() - self._started

    def beat(self) -> None:
        """Say so if it is time."""
        now = self._clock()
        if now - self._last >= EVERY:
            self._last = now
            self._say(f"still {self._doing}: {duration(now - self._started)}")


def duration(seconds: float) -> str:
    """`45 s` or `2 min 05 s`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
