"""The verbs, and a group that imports only the one that runs."""

import importlib
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from gatewright.cli import volume

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class Verb(NamedTuple):
    """A verb: its module, the command in it, and the line the list shows."""

    module: str
    summary: str


VERBS = {
    "init": Verb("gatewright.cli.init", "a new project, with CI if wanted"),
    "validate": Verb("gatewright.cli.validate", "check the specs: every mistake at its own place"),
    "fmt": Verb("gatewright.cli.fmt", "the specs in one form: order, spelling, indentation"),
    "explain": Verb("gatewright.cli.explain", "why a rule is there, with an example"),
    "deploy": Verb(
        "gatewright.cli.deploy", "preview, up, verify and smoke, with limits to the harm"
    ),
    "review": Verb("gatewright.cli.review", "what a change of the specs means, and its risk"),
    "rehearse": Verb(
        "gatewright.cli.rehearse", "deploy a change to a local Cloudflare made for it, and check it"
    ),
    "smoke": Verb("gatewright.cli.smoke", "call every declared endpoint of a deployed stack"),
    "verify": Verb("gatewright.cli.verify", "read each object back and compare it field by field"),
    "drift": Verb("gatewright.cli.drift", "the same, and what the account has beside the specs"),
    "stacks": Verb(
        "gatewright.cli.stacks", "the stacks of a repository, or those a change touches"
    ),
    "comment": Verb("gatewright.cli.comment", "the one comment on a pull request, made or edited"),
    "adopt": Verb("gatewright.cli.adopt", "write specs from what an account has"),
    "doctor": Verb("gatewright.cli.doctor", "what stands in the way, each with its fix"),
    "demo": Verb("gatewright.cli.demo", "the whole life of a gateway, on this machine"),
    "local": Verb("gatewright.cli.local", "run pulumi against the local Cloudflare"),
    "emulator": Verb("gatewright.cli.emulator", "a local Cloudflare to deploy to"),
    "env": Verb("gatewright.cli.env", "exports for a shell in which plain pulumi works"),
    "token": Verb("gatewright.cli.token", "API tokens of the account"),
    "schema": Verb("gatewright.cli.schema", "the JSON Schemas of the specs"),
    "completion": Verb("gatewright.cli.completion", "what makes a shell complete the rest"),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they run, not when they are listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs in the order of the table, which is the order of use."""
        del ctx
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the verb's module."""
        del ctx
        return _loaded(cmd_name) if cmd_name in VERBS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say what was probably meant."""
        name = args[0]
        if name not in VERBS and not ctx.resilient_parsing:
            from gatewright.cli import mistakes  # noqa: PLC0415  # only a mistake pays for it

            raise mistakes.unknown_command(name, VERBS)
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list["CompletionItem"]:
        """The table's own lines: nothing is imported to complete a verb."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415  # only shells ask

        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        return [
            CompletionItem(name, help=verb.summary)
            for name, verb in VERBS.items()
            if name.startswith(incomplete)
        ]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table's own lines: nothing is imported to show the help."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, verb.summary) for name, verb in VERBS.items()])


@cache
def _loaded(name: str) -> click.Command:
    command: click.Command = importlib.import_module(VERBS[name].module).command
    _mark_examples(command)
    volume.add_options(command)
    return command


def _mark_examples(command: click.Command) -> None:
    r"""Click's mark for "do not wrap" is a control character; raw docstrings spell it `\b`."""
    if command.help:
        command.help = command.help.replace("\\b\n", "\b\n")
    for verb in getattr(command, "commands", {}).values():
        _mark_examples(verb)


def context_settings(**more: Any) -> dict[str, Any]:
    """The settings every verb shares."""
    return {"help_option_names": ["-h", "--help"], "max_content_width": 100} | more
