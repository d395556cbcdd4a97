"""`gatewright local`."""

from pathlib import Path

import click

from gatewright.cli import console
from gatewright.cli.options import project_option
from gatewright.cli.verbs import context_settings
from gatewright.local import open_session


@click.command(
    context_settings=context_settings(ignore_unknown_options=True, allow_interspersed_args=False)
)
@project_option
@click.argument("arguments", nargs=-1, required=True, type=click.UNPROCESSED)
def command(*, project: Path, arguments: tuple[str, ...]) -> int:
    r"""Run `pulumi ARGUMENTS` against the local Cloudflare, stack `local`.

    The local Cloudflare is started for it and stopped after it; what was deployed
    stays in .gatewright/. The exit code is Pulumi's own.

    \b
    Examples:
      gatewright local preview --diff
      gatewright local up
      gatewright local stack output
      gatewright local destroy
    """
    with open_session(project, console.say) as session:
        console.say(f"provider: {session.provider.description}")
        return session.stack.run(*arguments)
