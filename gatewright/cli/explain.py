"""`gatewright explain`."""

import click

from gatewright import spec
from gatewright.cli import candidates, console
from gatewright.cli.verbs import context_settings
from gatewright.errors import UsageError
from gatewright.spec.rules.page import overview, section
from gatewright.spec.words import did_you_mean


@click.command(context_settings=context_settings())
@click.argument("rule", required=False, shell_complete=candidates.rules)
def command(*, rule: str | None) -> None:
    """Say why a rule is there, with an example of the mistake; without RULE, list all.

    \b
    Examples:
      gatewright explain
      gatewright explain unknown-key
    """  # noqa: D301  # click wants the control character, not its escape
    if rule is None:
        console.out(overview())
        return
    if rule not in spec.RULES:
        raise UsageError(
            f"there is no rule `{rule}`",
            hint=did_you_mean(rule, spec.RULES) or "`gatewright explain` lists them",
        )
    console.out(section(spec.RULES[rule]))
