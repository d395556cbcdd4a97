"""`gatewright fmt`."""

import difflib
import sys
from dataclasses import replace
from pathlib import Path

import click

from gatewright import fleet, spec
from gatewright.cli import console
from gatewright.cli.options import project_option
from gatewright.cli.verbs import context_settings
from gatewright.errors import ExitCode, UsageError
from gatewright.paint import Paint, Style
from gatewright.spec.files import LARGEST
from gatewright.spec.layout.project import Outcome, State, of_content, outcomes, write

_STDIN = Path("-")


@click.command(context_settings=context_settings())
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--check", is_flag=True, help="Change nothing; exit with 3 if a file would change.")
@click.option("--diff", is_flag=True, help="Change nothing; print what would change.")
@click.option(
    "--stdin-filename",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The file whose new text standard input (`-`) is: its name tells what it declares.",
)
@project_option
def command(
    *,
    paths: tuple[Path, ...],
    check: bool,
    diff: bool,
    stdin_filename: Path | None,
    project: Path,
) -> int:
    """Write the specs of a project in one form; PATHS narrow it to some of them.

    Keys get the order of the schema, values one spelling, collections one indentation.
    Comments stay with what they are about. A file is written only if it is proved to
    mean the same. One that is no sound YAML stays as it is, its findings are printed,
    and the exit code is 3. `-` reads a spec and prints it. Where there is no project but
    there are some below, all of them are formatted.

    \b
    Examples:
      gatewright fmt
      gatewright fmt --check --diff
      gatewright fmt gateways/support.yaml
      gatewright fmt - --stdin-filename gateways/support.yaml < draft.yaml
    """  # noqa: D301  # click wants the control character, not its escape
    if _STDIN in paths or stdin_filename:
        return _of_stdin(paths, stdin_filename, project, check=check, diff=diff)
    made = _outcomes(project, paths)
    for each in made:
        if each.state is State.CHANGED and not (check or diff):
            write(each)
            console.out(f"formatted {each.file.name}")
        elif each.state is State.CHANGED and diff:
            console.out(_difference(each, console.paint_for(sys.stdout)))
        elif each.state is State.CHANGED:
            console.out(f"would format {each.file.name}")
        _complain(each)
    console.say(_summary(made, is_dry=check or diff))
    return _exit_code(made, check=check)


def _outcomes(project: Path, paths: tuple[Path, ...]) -> list[Outcome]:
    """Of one project, or of all below a folder that is none."""
    if paths or not fleet.is_fleet(project):
        return outcomes(project, paths or None)
    return [
        replace(
            made,
            file=made.file._replace(name=f"{each}/{made.file.name}"),
            findings=tuple(fleet.placed(found, f"{each}/") for found in made.findings),
        )
        for each in fleet.projects(project)
        for made in outcomes(project / each)
    ]


def _of_stdin(
    paths: tuple[Path, ...], name: Path | None, project: Path, *, check: bool, diff: bool
) -> int:
    if paths != (_STDIN,):
        raise UsageError("`-` and `--stdin-filename` go together, without other files")
    if name is None:
        raise UsageError(
            "standard input has no name that tells what it declares",
            hint="add `--stdin-filename` with the file that it is for",
        )
    made = of_content(project, name, sys.stdin.buffer.read(LARGEST + 1))
    is_done = made.state is State.CHANGED
    if diff and is_done:
        console.out(_difference(made, console.paint_for(sys.stdout)))
    elif not (check or diff):
        # What cannot be formatted is handed back as it came.
        sys.stdout.buffer.write(made.text.encode() if is_done else made.content)
        sys.stdout.buffer.flush()
    _complain(made)
    return _exit_code([made], check=check)


def _exit_code(made: list[Outcome], *, check: bool) -> ExitCode:
    states = {each.state for each in made}
    bad = {State.REFUSED, State.UNPROVED} | ({State.CHANGED} if check else set())
    return ExitCode.FINDINGS if states & bad else ExitCode.OK


def _complain(made: Outcome) -> None:
    """Say why a file is left as it is."""
    paint = console.paint_for(sys.stderr)
    for found in made.findings:
        console.tell(spec.report.block(found, {made.file.name: made.shown[0]}, paint) + "\n")
    if made.state is State.UNPROVED:
        console.tell(
            f"{made.file.name}: left as it is: it is not sure to mean the same afterwards\n"
            "hint: that is our mistake; please open an issue with the file"
        )


def _summary(made: list[Outcome], *, is_dry: bool) -> str:
    count = {state: sum(each.state is state for each in made) for state in State}
    left = count[State.REFUSED] + count[State.UNPROVED]
    parts = [
        f"{_files(count[State.CHANGED])} {'to format' if is_dry else 'formatted'}",
        f"{count[State.SAME]} in form",
        *([f"{left} left as they are"] if left else []),
    ]
    return ", ".join(parts)


def _files(count: int) -> str:
    return f"{count} file" if count == 1 else f"{count} files"


def _difference(made: Outcome, paint: Paint) -> str:
    before, after = (text.splitlines(keepends=False) for text in made.shown)
    name = made.file.name
    styles = {"+": Style.OK, "-": Style.ERROR, "@": Style.DIM}
    lines = difflib.unified_diff(before, after, name, f"{name} (formatted)", lineterm="")
    return "\n".join(paint(line, styles[line[0]]) if line[0] in styles else line for line in lines)
