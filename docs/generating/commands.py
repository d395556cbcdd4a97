"""`docs/cli.md`: every verb with its help, from click."""

import inspect
from collections.abc import Iterator

import click

from gatewright.cli.boundary import cli
from gatewright.cli.verbs import VERBS

_INTRODUCTION = """\
# Commands

Every verb, as `gatewright VERB --help` has it. This page is generated: `make docs-generate`.

Results go to standard output, everything else to standard error. Every verb takes these, before or after its name:

| option | does |
|---|---|
| `-q`, `--quiet` | only results, warnings and errors |
| `-v`, `--verbose` | also each request to an API, each run of the engine, and at the end exit code and time |
| `-h`, `--help` | the help, with examples |

`gatewright --version` tells the versions of gatewright, Python, engine and provider. Colour is used on a terminal
only, and never if `NO_COLOR` is set. What the exit codes mean: [exit codes](exit-codes.md); what the environment
can set: [settings](settings.md).

`gatewright completion bash` (or `zsh`, `fish`) prints what makes a shell complete verbs, options, stacks, rules
and names of tokens; its help says where to put it.
"""
_COMMON = {"--quiet", "--verbose", "--help"}


def page() -> str:
    """The whole page."""
    context = click.Context(cli, info_name="gatewright")
    parts = [_INTRODUCTION]
    for name in VERBS:
        command = cli.get_command(context, name)
        if command is None:
            raise LookupError(name)
        parts += _sections(command, click.Context(command, info_name=name, parent=context))
    return "\n".join(parts)


def _sections(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"## {context.command_path}\n"
    yield f"```text\n{_usage(command, context)}\n```\n"
    yield from _description(inspect.cleandoc(command.help or ""))
    rows = [*_options(command)]
    if rows:
        yield "\n".join(["| option | does |", "|---|---|", *rows, ""])
    for name, below in getattr(command, "commands", {}).items():
        yield from _sections(below, click.Context(below, info_name=name, parent=context))


def _usage(command: click.Command, context: click.Context) -> str:
    return " ".join([context.command_path, *command.collect_usage_pieces(context)])


def _description(text: str) -> Iterator[str]:
    """Paragraphs; what click does not wrap is an example."""
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("\b\n"):
            shown = "\n".join(line[2:] for line in paragraph.splitlines()[2:])
            yield f"```sh\n{shown}\n```\n"
        else:
            yield f"{paragraph}\n"


def _options(command: click.Command) -> Iterator[str]:
    for option in command.params:
        if not isinstance(option, click.Option) or _COMMON & set(option.opts):
            continue
        names = ", ".join(f"`{name}`" for name in option.opts)
        value = "" if option.is_flag else f" {_value(option)}"
        told = [option.help or ""]
        if option.show_default:
            told.append(f"Default: `{option.default}`.")
        if option.multiple:
            told.append("May be repeated.")
        yield f"| {names}{value} | {' '.join(filter(None, told)).replace('|', chr(92) + '|')} |"


def _value(option: click.Option) -> str:
    if isinstance(option.type, click.Choice):
        return ", ".join(f"`{choice}`" for choice in option.type.choices)
    metavar = option.make_metavar(click.Context(click.Command("x")))
    return " or ".join(f"`{each}`" for each in metavar.split("|"))
