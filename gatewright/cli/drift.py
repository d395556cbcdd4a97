"""`gatewright drift`."""

from pathlib import Path

import click

from gatewright.cli.live import compare
from gatewright.cli.options import json_option, local_option, project_option, stack_option
from gatewright.cli.verbs import context_settings


@click.command(context_settings=context_settings())
@stack_option
@local_option
@json_option
@project_option
def command(*, stack: str | None, is_local: bool, as_json: bool, project: Path) -> int:
    r"""Compare as `verify` does, and list what the account has that no spec manages.

    Meant for a schedule. What no spec manages is told and is no difference: the gateway
    `default`, for one, is made by Cloudflare itself. Exits with 7 if something that is
    declared differs.

    \b
    Examples:
      gatewright drift --stack prod
      gatewright drift --json > drift.json
    """
    return compare(project, stack=stack, is_local=is_local, as_json=as_json, undeclared=True)
