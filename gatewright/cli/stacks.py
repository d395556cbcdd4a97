"""`gatewright stacks`."""

import json
from pathlib import Path

import click

from gatewright import fleet
from gatewright.cli import console
from gatewright.cli.options import json_option
from gatewright.cli.verbs import context_settings
from gatewright.git import Repository


@click.command(context_settings=context_settings())
@click.option(
    "--changed",
    "base",
    metavar="BASE",
    help="Only those whose deployment differs from that revision's.",
)
@click.option(
    "--only-here", is_flag=True, help="Only those of the project in ROOT, of none below it."
)
@json_option
@click.argument(
    "root", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path()
)
def command(*, base: str | None, only_here: bool, as_json: bool, root: Path) -> None:
    r"""List the stacks of all projects below ROOT, the current folder by default.

    A stack is an account and an environment. With `--changed`, the deployment that the
    specs compile to is compared with that of the revision where BASE and HEAD part: a
    comment or a renamed file touches no stack. `--json` is a matrix for a CI system's
    own fan-out, one job a stack, with one word for each as `id`; without stacks its list
    is empty.

    \b
    Examples:
      gatewright stacks
      gatewright stacks --changed origin/main
      gatewright stacks --changed "$BASE" --json  # the matrix of a workflow
    """
    found = fleet.stacks(root) if base is None else fleet.touched(root, Repository.of(root), base)
    if only_here:
        found = [each for each in found if each.project == "."]
    if as_json:
        if not only_here:
            fleet.require_own_ids(root, found)
        rows = [{"project": each.project, "stack": each.name, "id": each.id} for each in found]
        console.out(json.dumps({"include": rows}))
        return
    for each in found:
        console.out(each.name if each.project == "." else f"{each.project} {each.name}")
    if not found:
        console.say("no stack is touched" if base else "no stack is known")
