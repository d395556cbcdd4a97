"""The one error boundary: every outcome becomes an exit code here."""

import gc
import signal
import sys
from types import FrameType

import click

from gatewright import __version__
from gatewright.cli import console, volume
from gatewright.cli.verbs import VERBS, LazyGroup, context_settings
from gatewright.errors import CouldNotRunError, ExitCode, FindingsError, GatewrightError, UsageError

#: Allocations between two passes of the garbage collector. By default there are so few
#: that a short command spends a tenth of its time on passes over its own modules.
_BETWEEN_PASSES = 100_000

EPILOG = "Start with `gatewright demo`; `gatewright COMMAND --help` has examples."


def _show_version(ctx: click.Context, param: click.Parameter, value: object) -> None:
    del param
    if value and not ctx.resilient_parsing:
        from gatewright.cli import edition  # noqa: PLC0415  # only here the engine is looked for

        console.out(edition.text())
        ctx.exit()


@click.group(
    cls=LazyGroup,
    context_settings=context_settings(),
    epilog=EPILOG,
    no_args_is_help=True,
)
@click.option(
    "-V",
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the versions of gatewright, engine and provider.",
)
def cli() -> None:
    """Cloudflare AI gateways as code: specs, `pulumi up`, smoke checks."""


volume.add_options(cli)


def run(arguments: list[str]) -> int:
    """Run one command; returns its exit code, never raises."""
    gc.set_threshold(_BETWEEN_PASSES)
    # httpx brings a command line of its own, with rich where that is installed: to read it in
    # takes as long as the library. `None` is Python's way to say that a module is not there.
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # see above
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
            signal.signal(number, _terminated)
    since = volume.reset()
    code = _coded(arguments)
    volume.tell_end(code, since)
    return code


def _coded(arguments: list[str]) -> int:
    try:
        outcome = cli.main(arguments, prog_name="gatewright", standalone_mode=False)
        return int(outcome) if isinstance(outcome, int) else ExitCode.OK
    except UsageError as error:
        verb = next((each for each in arguments if each in VERBS), "COMMAND")
        error.hint = error.hint or f"`gatewright {verb} --help` has examples"
        return show(error)
    except Exception as error:  # noqa: BLE001  # the boundary: a report instead of a traceback
        return show(error)
    except KeyboardInterrupt:
        console.tell("interrupted")
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
            console.tell(error.message)
            code = ExitCode.USAGE
        case click.ClickException():
            from gatewright.cli import mistakes  # noqa: PLC0415  # only a mistake pays for it

            console.error(mistakes.explained(error))
            code = ExitCode.USAGE
        case click.Abort():
            console.tell("interrupted")
            code = ExitCode.INTERRUPTED
        case BrokenPipeError():  # `gatewright … | head`
            sys.stdout = None
            code = ExitCode.OK
        case OSError():
            console.error(CouldNotRunError(_of_the_system(error)))
            code = ExitCode.COULD_NOT_RUN
        case _:
            console.tell(_report(error))
    return code


def _of_the_system(error: OSError) -> str:
    """A full disk, a folder that may not be read."""
    said = (error.strerror or str(error)).lower()
    return f"{said}: `{error.filename}`" if error.filename else said


def _terminated(signum: int, frame: FrameType | None) -> None:
    """A SIGTERM and a closed terminal unwind like Ctrl-C: child processes are stopped."""
    del signum
    interrupted = signal.getsignal(signal.SIGINT)
    if not callable(interrupted):  # ignored, as a shell has it in the background
        raise KeyboardInterrupt
    interrupted(signal.SIGINT, frame)


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
