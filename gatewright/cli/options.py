"""Options that several verbs share."""

from pathlib import Path

import click

project_option = click.option(
    "--project",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The folder with Pulumi.yaml and gateways/; the current one by default.",
)

stack_option = click.option(
    "--stack", metavar="NAME", help="The Pulumi stack whose specs are meant."
)

local_option = click.option(
    "--local", "is_local", is_flag=True, help="The local Cloudflare of this project."
)

json_option = click.option("--json", "as_json", is_flag=True, help="JSON, for machines.")
