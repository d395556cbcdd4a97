"""The phases of a longer run: told as they come, timed, and what is to be noted on the way."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from gatewright.cli import console


class Phases:
    """``seconds`` by phase, in their order; ``notes`` for the report."""

    def __init__(self) -> None:
        self.seconds: list[tuple[str, float]] = []
        self.notes: list[str] = []

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Say that it begins, and count its time, however it ends."""
        console.step(name)
        start = time.monotonic()
        try:
            yield
        finally:
            self.seconds.append((name, time.monotonic() - start))

    def note(self, said: str) -> None:
        """What readers of the report must know, too."""
        self.notes.append(said)
        console.say(f"note: {said}")
