"""`gatewright validate`."""

import re
import sys
from pathlib import Path

import click

from gatewright import spec
from gatewright.cli import candidates, console
from gatewright.cli.options import project_option, seen_from_here
from gatewright.cli.verbs import context_settings
from gatewright.cli.verdict import checked, shown
from gatewright.errors import CouldNotRunError, UsageError
from gatewright.spec.words import did_you_mean, quoted, there_is

_STDIN = Path("-")
#: What Pulumi takes as the name of a stack; the schemas say the same of `stacks`.
_STACK = re.compile("[A-Za-z0-9_.-]{1,100}")


@click.command(context_settings=context_settings())
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--format",
    "form",
    type=click.Choice(spec.report.FORMATS),
    default="text",
    show_default=True,
    help="The form of the report.",
)
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the report to a file, in place of standard output.",
)
@click.option(
    "--stack",
    metavar="NAME",
    help="Only as this Pulumi stack sees the specs.",
    shell_complete=candidates.stacks,
)
@click.option(
    "--kind",
    type=click.Choice(sorted(spec.KINDS)),
    help="What standard input (`-`) declares.",
)
@project_option
def command(
    *,
    paths: tuple[Path, ...],
    form: str,
    output: Path | None,
    stack: str | None,
    kind: str | None,
    project: Path,
) -> int:
    """Check the specs of a project; PATHS narrow the report to some of them.

    They are checked without any stack, and for each stack that a file names. `-` is a
    spec on standard input, which takes the place of the file that declares the same.
    Where there is no project but there are some below, all of them are checked.
    Exits with 3 if there is an error; warnings alone are fine.

    \b
    Examples:
      gatewright validate
      gatewright validate gateways/support.yaml
      gatewright validate --stack prod --format sarif --output findings.sarif
      gatewright validate - --kind gateway < draft.yaml
    """  # noqa: D301  # click wants the control character, not its escape
    if stack is not None and not _STACK.fullmatch(stack):
        raise UsageError(
            f"no Pulumi stack can have the name {quoted(stack)}",
            hint="letters, digits, `-`, `_` and `.`, at most 100; `gatewright stacks` lists them",
        )
    given = _given(paths, kind)
    loaded = checked(project, () if given else paths, stack=stack, given=given)
    if stack and loaded.stacks and stack not in loaded.stacks:
        near = did_you_mean(stack, loaded.stacks) or there_is(loaded.stacks)
        console.tell(f"warning: no file names the stack {quoted(stack)}, so it has no differences")
        console.tell(f"hint: {near}")
    if form == "text" and output is None:
        return shown(loaded)
    text = spec.report.render(loaded, form, folder="" if given else seen_from_here(project))
    _write(text, output)
    return loaded.exit_code


def _given(paths: tuple[Path, ...], kind: str | None) -> spec.SpecFile | None:
    if _STDIN not in paths:
        if kind is not None:
            raise UsageError(
                "`--kind` is for standard input", hint="`gatewright validate - --kind gateway`"
            )
        return None
    if len(paths) > 1:
        raise UsageError("`-` cannot stand beside files", hint="check them one after the other")
    if kind is None:
        raise UsageError(
            "standard input has no name that tells what it declares",
            hint=f"add `--kind` with one of {', '.join(sorted(spec.KINDS))}",
        )
    return spec.standard_input(kind, sys.stdin.buffer)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        console.out(text)
        return
    try:
        output.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise CouldNotRunError(f"cannot write `{output}`: {error.strerror}") from error
    console.say(f"wrote {output}")
