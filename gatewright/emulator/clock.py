"""Time that a test can move."""

import time
from collections.abc import Callable
from datetime import UTC, datetime


class Clock:
    """Seconds since the epoch, ahead of ``source`` by as much as it was advanced."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._ahead = 0.0

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._source() + self._ahead

    def advance(self, seconds: float) -> None:
        """Move time on; it never goes back."""
        self._ahead += seconds

    def reset(self) -> None:
        """Back to the source's time."""
        self._ahead = 0.0

    def timestamp(self) -> str:
        """Now, as Cloudflare writes it: RFC 3339 with ``Z`` and no fraction."""
        return timestamp(self.now())


def timestamp(seconds: float) -> str:
    """RFC 3339 in UTC with ``Z`` and no fraction."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
