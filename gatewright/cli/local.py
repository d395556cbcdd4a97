"""`gatewright local`."""

import re
from pathlib import Path

import click

from gatewright.cli import console
from gatewright.cli.options import one_project_option
from gatewright.cli.verbs import context_settings
from gatewright.errors import RefusedError
from gatewright.local import open_session

#: Seen with engine 3.259.0: each property that goes to a plugin, secret or not.
_TELLS_SECRETS = 9
_VERBOSE = re.compile(r"\0(?:-v|--verbose)[=\0]?(\d{1,9})(?=\0)")


@click.command(
    context_settings=context_settings(ignore_unknown_options=True, allow_interspersed_args=False)
)
@one_project_option
@click.argument("arguments", nargs=-1, required=True, type=click.UNPROCESSED)
def command(*, project: Path, arguments: tuple[str, ...]) -> int:
    r"""Run `pulumi ARGUMENTS` against the local Cloudflare, stack `local`.

    The local Cloudflare is started for it and stopped after it; what was deployed
    stays in .gatewright/. The exit code is Pulumi's own. From `-v=9` on Pulumi logs the
    values of secrets: that is refused, `-v=8` logs none.

    \b
    Examples:
      gatewright local preview --diff
      gatewright local up
      gatewright local stack output
      gatewright local destroy
    """
    level = _verbosity(arguments)
    if level >= _TELLS_SECRETS:
        raise RefusedError(
            f"with `-v={level}` Pulumi logs the values of secrets; nothing was started",
            hint='`-v=8` logs none; after `eval "$(gatewright env)"` pulumi itself takes any level',
        )
    with open_session(project, console.say) as session:
        console.say(f"provider: {session.provider.description}")
        return session.stack.run(*arguments)


def _verbosity(arguments: tuple[str, ...]) -> int:
    """The level that Pulumi's own `-v` or `--verbose` asks for; 0 without."""
    found = _VERBOSE.findall("\0".join(("", *arguments, "")))
    return int(found[-1]) if found else 0
