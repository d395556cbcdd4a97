"""`gatewright env`."""

import os
import sys
from pathlib import Path

import click

from gatewright import engine
from gatewright.cli import console
from gatewright.cli.options import project_option
from gatewright.cli.verbs import context_settings
from gatewright.local import Folder


@click.command(context_settings=context_settings())
@project_option
def command(*, project: Path) -> None:
    r"""Print the exports for a shell in which plain `pulumi` works.

    Engine and environment come first on PATH. Where no backend is set, the one in
    .gatewright/state is used, with a passphrase made for it. Nothing printed is a
    secret.

    \b
    Example:
      eval "$(gatewright env)"
    """
    found = engine.find(say=console.say)
    folder = Folder(project)
    environment = found.environment(os.environ, python_bin=Path(sys.executable).parent)
    if not any(name in environment for name in ("PULUMI_BACKEND_URL", "PULUMI_ACCESS_TOKEN")):
        environment["PULUMI_BACKEND_URL"] = folder.backend_url
        if "PULUMI_CONFIG_PASSPHRASE" not in environment:
            environment.setdefault("PULUMI_CONFIG_PASSPHRASE_FILE", str(folder.passphrase_file))
    changed = {name: value for name, value in environment.items() if os.environ.get(name) != value}
    console.out(engine.exports(changed))
