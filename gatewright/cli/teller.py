"""The progress of a longer run, for people or for machines."""

import json
import sys
from typing import Any

from gatewright.cli import console
from gatewright.paint import Style

_HOME = "\r\x1b[K"


class Teller:
    """Progress for people on standard error, or one event a line on standard output."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.paint = console.paint_for(sys.stderr)
        self._is_live = not as_json and sys.stderr.isatty()
        self._is_drawn = False

    def step(self, title: str) -> None:
        """The head of the next part."""
        if not self.as_json:
            self._wipe()
            console.step(title)

    def say(self, text: str) -> None:
        """What people read."""
        if not self.as_json and text:
            self._wipe()
            console.say(text)

    def tell(self, text: str) -> None:
        """What people must know, even with `--quiet`."""
        if not self.as_json and text:
            self._wipe()
            console.tell(text)

    def now(self, text: str) -> None:
        """What happens at this moment: on a terminal, until something else is said."""
        if self._is_live:
            # The last column stays free: some terminals break the line when it is written to.
            shown = text[: max(console.width() - 1, 1)]
            sys.stderr.write(_HOME + self.paint(shown, Style.DIM))
            sys.stderr.flush()
            self._is_drawn = True

    def _wipe(self) -> None:
        if self._is_drawn:
            sys.stderr.write(_HOME)
            self._is_drawn = False

    def event(self, event: str, **details: Any) -> None:
        """What machines read."""
        if self.as_json:
            console.out(json.dumps({"event": event, **details}, ensure_ascii=False))
