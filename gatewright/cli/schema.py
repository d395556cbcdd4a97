"""`gatewright schema`."""

import json

import click

from gatewright import spec
from gatewright.cli import console
from gatewright.cli.verbs import context_settings


@click.command(context_settings=context_settings())
@click.argument("name", type=click.Choice(["gateway", "cache-policy", "token"]))
def command(*, name: str) -> None:
    r"""Print the JSON Schema (draft 2020-12) of one kind of spec.

    \b
    Example:
      gatewright schema gateway > gateway.schema.json
    """
    console.out(json.dumps(spec.schema(name), indent=2, ensure_ascii=False))
