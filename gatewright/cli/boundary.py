"""The one error boundary: every outcome becomes an exit code here."""

import gc
import signal
import sys
from types import FrameType

import click

from gatewright import __version__
from gatewright.cli import console
from gatewright.cli.verbs import LazyGroup, context_settings
from gatewright.errors import CouldNotRunError, ExitCode, FindingsError, GatewrightError, UsageError

#: Allocations between two passes of the garbage collector. By default there are so few
#: that a short command spends a tenth of its time on passes over its own modules.
_BETWEEN_PASSES = 100_000

EPILOG = "Start with `gatewright demo`; `gatewright COMMAND --help` has examples."


@click.group(
    cls=LazyGroup,
    context_settings=context_settings(),
    epilog=EPILOG,
    no_args_is_help=True,
)
@click.version_option(__version__, "-V", "--version", prog_name="gatewright")
def cli() -> None:
    """Cloudflare AI gateways as code: specs, `pulumi up`, smoke checks."""


def run(arguments: list[str]) -> int:
    """Run one command; returns its exit code, never raises."""
    gc.set_threshold(_BETWEEN_PASSES)
    # httpx brings a command line of its own, with rich where that is installed: to read it in
    # takes as long as the library. `None` is Python's way to say that a module is not there.
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # see above
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _terminated)
    try:
        outcome = cli.main(arguments, prog_name="gatewright", standalone_mode=False)
        return int(outcome) if isinstance(outcome, int) else ExitCode.OK
    except Exception as error:  # noqa: BLE001  # the boundary: a report instead of a traceback
        return show(error)
    except KeyboardInterrupt:
        console.say("interrupted")
        return ExitCode.INTERRUPTED


def show(error: Exception) -> int:
    """Say what is wrong; returns the exit code."""
    code = ExitCode.UNEXPECTED
    match error:
        case FindingsError():
            console.out(error.message)
            code = error.exit_code
        case GatewrightError():
            console.error(error)
            code = error.exit_code
        case click.exceptions.NoArgsIsHelpError():
            console.say(error.message)
            code = ExitCode.USAGE
        case click.ClickException():
            console.error(_usage(error))
            code = ExitCode.USAGE
        case click.Abort():
            console.say("interrupted")
            code = ExitCode.INTERRUPTED
        case BrokenPipeError():  # `gatewright … | head`
            sys.stdout = None
            code = ExitCode.OK
        case OSError():
            console.error(CouldNotRunError(_of_the_system(error)))
            code = ExitCode.COULD_NOT_RUN
        case _:
            console.say(_report(error))
    return code


def _of_the_system(error: OSError) -> str:
    """A full disk, a folder that may not be read."""
    said = (error.strerror or str(error)).lower()
    return f"{said}: `{error.filename}`" if error.filename else said


def _usage(error: click.ClickException) -> UsageError:
    """Click's own errors in our words, with the page that helps."""
    message = error.format_message().rstrip(".")
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "gatewright"
    hint = f"`{command} --help` shows what it takes"
    return UsageError(message[:1].lower() + message[1:], hint=hint)


def _terminated(signum: int, frame: FrameType | None) -> None:
    """A SIGTERM and a closed terminal unwind like Ctrl-C: child processes are stopped."""
    del signum, frame
    raise KeyboardInterrupt


def _report(error: Exception) -> str:
    import platform  # noqa: PLC0415  # only a mistake of ours pays for the imports
    import traceback  # noqa: PLC0415

    trace = "".join(traceback.format_exception(error))
    return (
        "error: gatewright failed in a way it did not expect; this is our mistake, not yours\n"
        "hint: please open an issue with the lines below\n\n"
        f"gatewright {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
        f"{trace}"
    )
