"""`gatewright verify`."""

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
    r"""Read each declared object back and compare it field by field.

    A clean plan compares with the state; this compares with the account. A field that
    the API does not return is said to be so and never called the same. Needs
    CLOUDFLARE_ACCOUNT_ID and a CLOUDFLARE_API_TOKEN with `AI Gateway Read` and
    `Account API Tokens Read`, for Workers `Workers Scripts Read` too. Exits with 7 if
    something differs.

    \b
    Examples:
      gatewright verify --stack prod
      gatewright verify --local --json
    """
    return compare(
        project,
        stack=stack,
        is_local=is_local,
        form="json" if as_json else form,
        undeclared=False,
        soon_days=ends_within,
    )
