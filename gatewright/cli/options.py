"""Options that several verbs share."""

from pathlib import Path

import click

project_option = click.option(
    "--project",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The folder with Pulumi.yaml and gateways/; the current one by default.",
)

stack_option = click.option("--stack", metavar="NAME", help="The Pulumi stack.")
