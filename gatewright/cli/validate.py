"""`gatewright validate`."""

import sys
from pathlib import Path

import click

from gatewright import spec
from gatewright.cli import console
from gatewright.cli.options import project_option
from gatewright.cli.verbs import context_settings
from gatewright.errors import ExitCode


@click.command(context_settings=context_settings())
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@project_option
def command(*, paths: tuple[Path, ...], project: Path) -> int:
    r"""Check the specs of a project; PATHS narrow the report to some of them.

    Exits with 3 if there is an error; warnings alone are fine.

    \b
    Examples:
      gatewright validate
      gatewright validate gateways/support.yaml
    """
    loaded = spec.load(project, only=paths or None)
    console.out(spec.report.text(loaded, console.paint_for(sys.stdout)))
    return ExitCode.OK if loaded.deployment is not None else ExitCode.FINDINGS
