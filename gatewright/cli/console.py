"""What is printed where: results to standard output, everything else to standard error."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TextIO, TypeVar

from gatewright.errors import GatewrightError
from gatewright.paint import Paint, Style, ansi, plain

_Item = TypeVar("_Item")
#: So many are done before a bar could be read.
_FEW = 5


class _Volume:
    """How much is said beside results, warnings and errors: `--quiet` and `--verbose`."""

    is_quiet = False
    is_verbose = False


volume = _Volume()


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
    """Progress, and what to do next: nothing of it with `--quiet`."""
    if not volume.is_quiet:
        tell(text)


def tell(text: str) -> None:
    """Warnings and whatever else must be known, on standard error even with `--quiet`."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def counted(items: Sequence[_Item], label: str) -> Iterator[_Item]:
    """``items``, with a bar on a terminal that says how many are done."""
    bar: AbstractContextManager[Iterable[_Item]]
    if volume.is_quiet or len(items) <= _FEW or not sys.stderr.isatty():
        bar = nullcontext(items)
    else:
        import click  # noqa: PLC0415  # the short way of `validate` is without it

        bar = click.progressbar(items, label=label, file=sys.stderr, show_pos=True)
    with bar as each:
        yield from each


def step(title: str) -> None:
    """The head of one part of a longer run."""
    paint = paint_for(sys.stderr)
    say("\n" + paint(f"── {title} ".ljust(min(width(), 80), "─"), Style.BOLD))


def error(problem: GatewrightError) -> None:
    """An expected error: what is wrong, and the next step."""
    paint = paint_for(sys.stderr)
    tell(f"{paint('error:', Style.ERROR)} {problem.message}")
    if problem.hint:
        tell(f"{paint('hint:', Style.BOLD)} {problem.hint}")
