"""`--quiet` and `--verbose`: options that every verb has, with one meaning.

Results, warnings and errors are always there. `--quiet` leaves out the rest: progress and
what to do next. `--verbose` adds each request to an API, each run of the engine, and at
the end the exit code and the time.
"""

import time
from typing import Any

import click

from gatewright.cli import console
from gatewright.errors import ExitCode, UsageError

#: Who logs what `--verbose` shows: httpx its requests, `gatewright` the runs of the engine.
_LOGGERS = ("httpx", "gatewright")


def add_options(command: click.Command) -> None:
    """Give both options to a command and to all below it."""
    command.params.extend(
        [
            click.Option(
                ["-q", "--quiet"],
                is_flag=True,
                expose_value=False,
                callback=_set_quiet,
                help="Only results, warnings and errors.",
            ),
            click.Option(
                ["-v", "--verbose"],
                is_flag=True,
                expose_value=False,
                callback=_set_verbose,
                help="Also each request, each run of the engine, and the time.",
            ),
        ]
    )
    for below in getattr(command, "commands", {}).values():
        add_options(below)


def reset() -> float:
    """Neither, as at the start of each run; returns the time of it."""
    console.volume.is_quiet = console.volume.is_verbose = False
    return time.monotonic()


def tell_end(code: int, since: float) -> None:
    """The last line of a verbose run."""
    if console.volume.is_verbose:
        meaning = ExitCode(code).meaning if code in set(ExitCode) else "pulumi's own"
        console.tell(f"exit code {code} ({meaning}) after {time.monotonic() - since:.2f} s")


def _set_quiet(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    del param
    if value and not ctx.resilient_parsing:
        console.volume.is_quiet = True
        _require_one()


def _set_verbose(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    del param
    if value and not ctx.resilient_parsing and not console.volume.is_verbose:
        console.volume.is_verbose = True
        _require_one()
        _listen()


def _require_one() -> None:
    if console.volume.is_quiet and console.volume.is_verbose:
        raise UsageError("either `--quiet` or `--verbose`", hint="leave one of them out")


def _listen() -> None:
    import logging  # noqa: PLC0415  # only `--verbose` needs it

    from gatewright.redaction import Redactor  # noqa: PLC0415  # the same

    class Told(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            console.tell(redactor.text(_line(record)))

    redactor = Redactor()
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(logging.INFO)
        logger.handlers = [Told()]
        logger.propagate = False


def _line(record: Any) -> str:
    """A request of httpx without the words around it; all else as it is."""
    if record.name == "httpx" and isinstance(record.args, tuple) and len(record.args) > 3:  # noqa: PLR2004  # method, URL, version, status, reason
        method, url, _, status, *_ = record.args
        return f"{method} {url} {status}"
    return str(record.getMessage())
