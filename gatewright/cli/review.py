"""`gatewright review`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from gatewright import fleet, report_file, review
from gatewright.cli import console
from gatewright.cli.options import project_option, seen_from_here
from gatewright.cli.verbs import context_settings
from gatewright.errors import ExitCode, UsageError
from gatewright.git import ends
from gatewright.spec.files import FOLDER, is_project

_RISKS = {risk.word: risk for risk in review.Risk if risk}
_FORMATS = ("text", "markdown", "json", "sarif", "mermaid", "svg")


@click.command(context_settings=context_settings())
@click.option(
    "--format",
    "format_name",
    type=click.Choice(_FORMATS),
    default="text",
    show_default=True,
    help="How to show it.",
)
@click.option(
    "--fail-on",
    type=click.Choice([*_RISKS]),
    help="Exit with 5 if there is a change with that risk or a higher one.",
)
@click.option("--exit-code", "is_coded", is_flag=True, help="Exit with 7 if anything changes.")
@click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="FORMAT=FILE",
    help="Write one into a file, too, the diagram as `svg` for instance; may be repeated.",
)
@project_option
@click.argument("what", nargs=-1, metavar="[BASE[..HEAD] | BEFORE AFTER]")
def command(
    *,
    format_name: str,
    fail_on: str | None,
    is_coded: bool,
    reports: tuple[str, ...],
    project: Path,
    what: tuple[str, ...],
) -> int:
    r"""Say what a change of the specs means: effects and risks, for every stack.

    Compares what the specs compile to at the point where BASE and HEAD part with HEAD,
    or with the files as they are where no HEAD is given; BASE is HEAD by default. Two
    folders, each with a `gateways/`, are compared as they are. Renamed files, other
    orders and comments are no change. The checksum is the one for `deploy --checksum`.
    Where there is no project but there are some below, all of them are compared, and
    the stacks that change are told.

    \b
    Examples:
      gatewright review
      gatewright review origin/main
      gatewright review v1.4..v1.5 --format markdown
      gatewright review before/ after/ --fail-on high
      gatewright review origin/main --report svg=c.svg --report sarif=c.sarif
    """
    files = report_file.asked_for(reports, _FORMATS)
    with _reviewed(project, what) as (reviewed, folder):
        rendered = {
            name: _rendered(reviewed, name, folder)
            for name in {format_name, *(file.format for file in files)}
        }
    if not any(file.is_standard_output for file in files):
        console.out(rendered[format_name])
    for file in files:
        file.write_text(rendered[file.format].rstrip("\n") + "\n")
    if reviewed.broken:
        return ExitCode.FINDINGS
    if fail_on and reviewed.risk >= _RISKS[fail_on]:
        return ExitCode.REFUSED
    return ExitCode.DIFFERS if is_coded and not reviewed.is_empty else ExitCode.OK


@contextmanager
def _reviewed(project: Path, what: tuple[str, ...]) -> Iterator[tuple[review.Review, str]]:
    """The review, and the folder that its files' names are below."""
    match what:
        case (before, after) if all((Path(each) / FOLDER).is_dir() for each in what):
            yield review.review(Path(before), Path(after)), seen_from_here(Path(after))
        case () | (_,):
            base, head = ends(what[0] if what else None)
            here = seen_from_here(project)
            if fleet.is_fleet(project):
                yield fleet.review(project, base, head), here
                return
            with review.sides(project, base, head) as (old, new):
                _require_project(project, old, new)
                yield review.review(old, new), here
        case (_, _):
            empty = next(each for each in what if not (Path(each) / FOLDER).is_dir())
            raise UsageError(
                f"`{empty}` is no folder that holds `{FOLDER}/`",
                hint="two revisions are compared by `BASE..HEAD`",
            )
        case _:
            raise UsageError("say what to compare: `BASE`, `BASE..HEAD`, or two folders")


def _require_project(folder: Path, *sides: review.Side) -> None:
    """Whoever asks in the wrong folder must not be told that nothing changes."""
    if not any(map(is_project, sides)):
        raise UsageError(
            f"there is no folder `{FOLDER}` in `{folder}`, and there was none",
            hint="run gatewright in the folder that holds `Pulumi.yaml` and `gateways/`",
        )


def _rendered(reviewed: review.Review, format_name: str, folder: str) -> str:
    match format_name:
        case "markdown":
            return review.report.markdown(reviewed)
        case "json":
            return review.report.as_json(reviewed)
        case "sarif":
            return review.report.sarif(reviewed, folder)
        case "mermaid":
            return review.report.mermaid(reviewed.stacks)
        case "svg":
            return review.report.svg(reviewed.stacks)
        case _:
            return review.report.text(reviewed, console.paint_for(sys.stdout))
