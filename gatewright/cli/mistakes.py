"""Click's errors in our words: lower case, backticks, the nearest name, the page that helps."""

import re
from collections.abc import Iterable

import click

from gatewright.errors import UsageError
from gatewright.spec.words import did_you_mean


def explained(error: click.ClickException) -> UsageError:
    """The same mistake, with the next step."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "gatewright"
    page = f"`{path} --help` shows what it takes"
    match error:
        case click.NoSuchOption():
            known = _options(context) if context else ()
            hint = did_you_mean(error.option_name, known) or page
            return UsageError(f"no such option `{error.option_name}`", hint=hint)
        case click.exceptions.NoSuchCommand():
            return unknown_command(error.command_name, _commands(context))
        case click.BadParameter(param=click.Parameter(type=click.Choice(choices=choices))):
            hint = _near_choice(error.message, choices) or page
        case _:
            hint = page
    message = error.format_message().rstrip(".")
    message = re.sub(r"(?<![\w`])'([^'\n]+)'(?!\w)", r"`\1`", message)
    return UsageError(message[:1].lower() + message[1:], hint=hint)


def unknown_command(name: str, known: Iterable[str]) -> UsageError:
    """A verb that is not there."""
    known = list(known)
    hint = did_you_mean(name, known) or f"it is one of {', '.join(known)}"
    return UsageError(f"no such command `{name}`", hint=hint)


def _options(context: click.Context) -> list[str]:
    return [name for each in context.command.get_params(context) for name in each.opts]


def _commands(context: click.Context | None) -> list[str]:
    if context is None or not isinstance(context.command, click.Group):
        return []
    return context.command.list_commands(context)


def _near_choice(message: str, choices: Iterable[object]) -> str | None:
    """Click tells the value in its sentence only: `'jsn' is not one of …`."""
    given = re.match(r"'([^']*)'", message)
    return did_you_mean(given[1], map(str, choices)) if given else None
