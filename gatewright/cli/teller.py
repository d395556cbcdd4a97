"""The progress of a longer run, for people or for machines."""

import json
import sys
from typing import Any

from gatewright.cli import console


class Teller:
    """Progress for people on standard error, or one event a line on standard output."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.paint = console.paint_for(sys.stderr)

    def step(self, title: str) -> None:
        """The head of the next part."""
        if not self.as_json:
            console.step(title)

    def say(self, text: str) -> None:
        """What people read."""
        if not self.as_json and text:
            console.say(text)

    def tell(self, text: str) -> None:
        """What people must know, even with `--quiet`."""
        if not self.as_json and text:
            console.tell(text)

    def event(self, event: str, **details: Any) -> None:
        """What machines read."""
        if self.as_json:
            console.out(json.dumps({"event": event, **details}, ensure_ascii=False))
