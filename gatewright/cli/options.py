"""Options that several verbs share."""

import os
from functools import partial
from pathlib import Path

import click

from gatewright.cli import candidates
from gatewright.errors import UsageError

#: Whoever is told that much earlier can still replace a token in office hours.
SOON_DAYS = 30
#: Of many projects below a folder.
_SHOWN = 3


def _require_one(context: click.Context, parameter: click.Parameter, project: Path) -> Path:
    """Refuse a folder that is no project but has some below."""
    del parameter
    if context.resilient_parsing or (project / "Pulumi.yaml").is_file():
        return project
    from gatewright import fleet  # noqa: PLC0415  # most who come here stand in a project

    if fleet.is_fleet(project):
        below = [f"`{seen_from_here(project)}{each}`" for each in fleet.projects(project)]
        more = ", …" if len(below) > _SHOWN else ""
        raise UsageError(
            f"`{project}` is no project but has {len(below)} below, "
            f"and `{context.command_path}` is about one",
            hint=f"say which with `--project`: {', '.join(below[:_SHOWN])}{more}",
        )
    return project


_option = partial(
    click.option,
    "--project",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The folder with Pulumi.yaml and gateways/; the current one by default.",
)

#: Of verbs that need none, or mean all projects below a folder that is none.
project_option = _option()

#: Of verbs that are about one.
one_project_option = _option(callback=_require_one)

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
