"""Options that several verbs share."""

import os
from pathlib import Path

import click

from gatewright.cli import candidates

#: Whoever is told that much earlier can still replace a token in office hours.
SOON_DAYS = 30

project_option = click.option(
    "--project",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The folder with Pulumi.yaml and gateways/; the current one by default.",
)

stack_option = click.option(
    "--stack",
    metavar="NAME",
    help="The Pulumi stack whose specs are meant.",
    shell_complete=candidates.stacks,
)

local_option = click.option(
    "--local", "is_local", is_flag=True, help="The local Cloudflare of this project."
)

ends_within_option = click.option(
    "--ends-within",
    type=click.IntRange(min=0),
    default=SOON_DAYS,
    show_default=True,
    metavar="DAYS",
    help="Warn of tokens that end sooner.",
)

report_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "junit"]),
    default="text",
    show_default=True,
    help="The form of the report; `--json` is short for one.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="JSON, for machines.")


def seen_from_here(project: Path) -> str:
    """The project's folder before the names of its files, as seen from the current one."""
    relative = Path(os.path.relpath(project)).as_posix()
    return "" if relative == "." else f"{relative}/"
