"""Colour as an argument: reports are pure, and whoever prints decides."""

from collections.abc import Callable
from enum import StrEnum


class Style(StrEnum):
    """What a piece of text is, not what it looks like."""

    BOLD = "bold"
    DIM = "dim"
    ERROR = "error"
    WARNING = "warning"
    OK = "ok"


Paint = Callable[[str, Style], str]

_SGR = {
    Style.BOLD: "1",
    Style.DIM: "2",
    Style.ERROR: "1;31",
    Style.WARNING: "33",
    Style.OK: "32",
}


def plain(text: str, style: Style) -> str:
    """No colour: for files, pipes and NO_COLOR."""
    del style
    return text


def ansi(text: str, style: Style) -> str:
    """The terminal's own sixteen colours, legible on dark and light."""
    return f"\x1b[{_SGR[style]}m{text}\x1b[0m"
