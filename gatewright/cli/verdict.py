"""What `gatewright validate` finds, and how it tells people."""

import sys
from collections.abc import Sequence

from gatewright import spec
from gatewright.cli import console
from gatewright.spec.choice import StrPath


def checked(
    project: StrPath,
    paths: Sequence[StrPath],
    *,
    stack: str | None = None,
    given: spec.SpecFile | None = None,
) -> spec.Loaded:
    """The specs of a project, or of all projects below a folder that is none."""
    if not (paths or given or spec.files.is_project(project)):
        from pathlib import Path  # noqa: PLC0415  # most who validate have one project

        from gatewright import fleet  # noqa: PLC0415  # see above

        if fleet.is_fleet(root := Path(project)):
            return fleet.check(root, stack=stack)
    return spec.check(project, paths or None, stack=stack, given=given)


def shown(loaded: spec.Loaded) -> int:
    """Print the report; returns the exit code."""
    console.out(spec.report.text(loaded, console.paint_for(sys.stdout)))
    if loaded.findings:
        console.say(f"`gatewright explain {loaded.findings[0].rule}` says why that matters")
    return loaded.exit_code
