"""`gatewright env`."""

import os
import sys
from pathlib import Path

import click

from gatewright import engine
from gatewright.cli import console
from gatewright.cli.options import one_project_option
from gatewright.cli.verbs import context_settings
from gatewright.local import Folder


@click.command(context_settings=context_settings())
@one_project_option
def command(*, project: Path) -> None:
    r"""Print the exports for a shell in which plain `pulumi` works.

    Engine and environment come first on PATH. Where no backend is set, the one in
    .gatewright/state is used, with a passphrase made for it. Nothing printed is a
    secret.

    \b
    Example:
      eval "$(gatewright env)"
    """
    folder = Folder.of(project)
    found = engine.find(say=console.say)
    has_backend = any(name in os.environ for name in ("PULUMI_BACKEND_URL", "PULUMI_ACCESS_TOKEN"))
    variables = found.variables(
        os.environ,
        python_bin=Path(sys.executable).parent,
        backend=None if has_backend else folder.backend_url,
    )
    if not has_backend and "PULUMI_CONFIG_PASSPHRASE" not in os.environ:
        variables["PULUMI_CONFIG_PASSPHRASE_FILE"] = str(folder.passphrase_file)
    console.out(engine.exports(variables, os.environ.get("SHELL", "sh")))
