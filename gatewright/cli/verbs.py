"""The verbs, and a group that imports only the one that runs."""

import importlib
from typing import Any, NamedTuple

import click

from gatewright.errors import UsageError


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
        verb = VERBS.get(cmd_name)
        if verb is None:
            return None
        command: click.Command = importlib.import_module(verb.module).command
        _mark_examples(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say what was probably meant."""
        name = args[0]
        if name not in VERBS:
            import difflib  # noqa: PLC0415  # only a mistake pays for the import

            near = difflib.get_close_matches(name, VERBS, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"it is one of {', '.join(VERBS)}"
            raise UsageError(f"no such command `{name}`", hint=hint)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table's own lines: nothing is imported to show the help."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, verb.summary) for name, verb in VERBS.items()])


def _mark_examples(command: click.Command) -> None:
    r"""Click's mark for "do not wrap" is a control character; raw docstrings spell it `\b`."""
    if command.help:
        command.help = command.help.replace("\\b\n", "\b\n")
    for verb in getattr(command, "commands", {}).values():
        _mark_examples(verb)


def context_settings(**more: Any) -> dict[str, Any]:
    """The settings every verb shares."""
    return {"help_option_names": ["-h", "--help"], "max_content_width": 100} | more
