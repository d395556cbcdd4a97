"""`gatewright drift`."""

from pathlib import Path

import click

from gatewright.cli.live import compare
from gatewright.cli.options import (
    ends_within_option,
    json_option,
    local_option,
    one_project_option,
    report_option,
    stack_option,
)
from gatewright.cli.verbs import context_settings


@click.command(context_settings=context_settings())
@stack_option
@local_option
@report_option
@json_option
@ends_within_option
@one_project_option
def command(
    *,
    stack: str | None,
    is_local: bool,
    form: str,
    as_json: bool,
    ends_within: int,
    project: Path,
) -> int:
    r"""Compare as `verify` does, and list what the account has that no spec manages.

    Meant for a schedule. What no spec manages is told and is no difference: the gateway
    `default`, for one, is made by Cloudflare itself. An earlier or later generation of a
    declared token beside it is one: nobody looks after it. With `--stack`, and a Pulumi
    that can read its state (no passphrase is needed), so is a token of a declared name that
    the state does not have. Exits with 7 if something that is declared differs, or such a
    token is there.

    \b
    Examples:
      gatewright drift --stack prod
      gatewright drift --json > drift.json
      gatewright drift --format junit --ends-within 60 > drift.xml
    """
    return compare(
        project,
        stack=stack,
        is_local=is_local,
        form="json" if as_json else form,
        undeclared=True,
        soon_days=ends_within,
    )
