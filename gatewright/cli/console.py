"""What is printed where: results to standard output, everything else to standard error."""

import os
import sys
from typing import TextIO

from gatewright.errors import GatewrightError
from gatewright.paint import Paint, Style, ansi, plain


def paint_for(stream: TextIO) -> Paint:
    """Colour on a terminal, unless NO_COLOR is set; FORCE_COLOR has it anyway."""
    if os.environ.get("NO_COLOR"):
        return plain
    if os.environ.get("FORCE_COLOR") or (stream.isatty() and os.environ.get("TERM") != "dumb"):
        return ansi
    return plain


def width() -> int:
    """Columns of the terminal; 80 where there is none."""
    import shutil  # noqa: PLC0415  # most runs ask for no width, and it is slow to import

    return shutil.get_terminal_size((80, 24)).columns


def out(text: str) -> None:
    """A result."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()


def say(text: str) -> None:
    """Progress."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def step(title: str) -> None:
    """The head of one part of a longer run."""
    paint = paint_for(sys.stderr)
    say("\n" + paint(f"── {title} ".ljust(min(width(), 80), "─"), Style.BOLD))


def error(problem: GatewrightError) -> None:
    """An expected error: what is wrong, and the next step."""
    paint = paint_for(sys.stderr)
    say(f"{paint('error:', Style.ERROR)} {problem.message}")
    if problem.hint:
        say(f"{paint('hint:', Style.BOLD)} {problem.hint}")
