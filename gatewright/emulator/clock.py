"""Time that a test can move."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime


class Clock:
    """Seconds since the epoch, ahead of ``source`` by as much as it was advanced."""

    def __init__(
        self,
        source: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._source = source
        self._ahead = 0.0
        self._sleep = sleep
        self.hurries = False

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._source() + self._ahead

    async def sleep(self, seconds: float) -> None:
        """Wait, for a provider that is slow on purpose and between retries.

        A clock that ``hurries`` moves on by so much instead.
        """
        if self.hurries:
            self.advance(seconds)
        else:
            await self._sleep(seconds)

    def advance(self, seconds: float) -> None:
        """Move time on; it never goes back."""
        self._ahead += seconds

    def reset(self) -> None:
        """Back to the source's time, and its pace."""
        self._ahead = 0.0
        self.hurries = False

    def timestamp(self) -> str:
        """Now, as Cloudflare writes it: RFC 3339 with ``Z`` and no fraction."""
        return timestamp(self.now())


def timestamp(seconds: float) -> str:
    """RFC 3339 in UTC with ``Z`` and no fraction."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def precise_timestamp(seconds: float) -> str:
    """RFC 3339 in UTC with ``Z`` and milliseconds."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
