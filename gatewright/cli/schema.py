"""`gatewright schema`."""

import json

import click

from gatewright import spec
from gatewright.cli import console
from gatewright.cli.verbs import context_settings


@click.command(context_settings=context_settings())
@click.argument("name", type=click.Choice([*spec.KINDS, "settings", "validate-report"]))
def command(*, name: str) -> None:
    r"""Print a JSON Schema (draft 2020-12): of a kind of spec, or of the other two files.

    `settings` is `gatewright.yaml`, `validate-report` what `validate --format json` prints.

    \b
    Example:
      gatewright schema gateway > gateway.schema.json
    """
    console.out(json.dumps(spec.schema(name), indent=2, ensure_ascii=False))
