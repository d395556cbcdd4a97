"""`gatewright demo`."""

import platform
import shutil
import sys
from pathlib import Path
from typing import Any

import click

from gatewright import __version__, smoke, spec
from gatewright.cli import console
from gatewright.cli.options import one_project_option
from gatewright.cli.smoking import Stacked, check
from gatewright.cli.verbs import context_settings
from gatewright.errors import CouldNotRunError, ExitCode
from gatewright.local import Session, open_session
from gatewright.paint import Style


@click.command(context_settings=context_settings())
@one_project_option
def command(*, project: Path) -> int:
    """Validate the specs, deploy them to a local Cloudflare, and check every endpoint.

    The real Pulumi engine, no account, nothing but loopback. What was deployed stays in
    .gatewright/, so a second run changes nothing.

    \b
    Examples:
      gatewright demo
      gatewright demo --project examples/shop
    """  # noqa: D301  # click wants the control character, not its escape
    console.step("environment")
    console.say(f"gatewright {__version__}, Python {platform.python_version()}")
    with open_session(project, console.say) as session:
        console.say(f"cloudflare: local, at {session.emulator.api_url}")
        console.say(f"provider:   {session.provider.description}")

        console.step("gatewright validate")
        loaded = spec.load(project, stack=session.stack.name)
        show = console.tell if loaded.findings else console.say
        show(spec.report.text(loaded, console.paint_for(sys.stderr)))
        if loaded.deployment is None:
            return ExitCode.FINDINGS

        console.step("pulumi up")
        code = session.stack.run("up", "--yes")
        if code:
            raise _failed(code)

        console.step("gatewright smoke")
        stacked = Stacked.local(session)
        checks = smoke.compile_checks(loaded.deployment, smoke.Scope(is_local=True))
        code = check(loaded.deployment, stacked, smoke.Options(), checks=checks)
        _summary(session, stacked.outputs)
    return code


def _failed(code: int) -> CouldNotRunError:
    """Why `pulumi up` failed, as far as this side knows, and the next step."""
    ended = f"was ended by signal {-code}" if code < 0 else f"failed with exit code {code}"
    hint = "if it said why, that is above; the same command goes on from where it stopped"
    return CouldNotRunError(f"`pulumi up` {ended}", hint=hint)


def _summary(session: Session, outputs: dict[str, Any]) -> None:
    """What exists now, and what to try next."""
    paint = console.paint_for(sys.stderr)
    console.step("what now exists")
    for name, gateway in outputs["gateways"].items():
        console.say(f"gateway {paint(name, Style.BOLD)}\n  {gateway['url']}")
    for name in outputs["tokens"]:
        console.say(f"token {paint(name, Style.BOLD)}, its value encrypted in the stack's state")
    shown = _own_command()
    console.step("what to try next")
    console.say(
        f"  {shown} validate              after breaking a spec in gateways/\n"
        f"  {shown} local preview --diff  what an edit would change\n"
        f"  {shown} local up              deploy it\n"
        f"  {shown} smoke --local         check again\n"
        f"  {shown} local destroy         remove everything\n\n"
        f"The local Cloudflare has stopped; its data and the state are in "
        f"{session.folder.path.name}/."
    )


def _own_command() -> str:
    """What a person types here to run gatewright again."""
    own = Path(sys.argv[0]).absolute()
    if shutil.which(own.name) == str(own):
        return own.name
    return str(own.relative_to(Path.cwd()) if own.is_relative_to(Path.cwd()) else own)
