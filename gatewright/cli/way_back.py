"""What is deployed after a failure, and the commands that put the last good revision back."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gatewright.errors import GatewrightError
from gatewright.git import Repository
from gatewright.spec.files import FOLDER

_DIRTY = "-dirty"


def revision(good: str | None) -> str | None:
    """The commit of a recorded revision; None where there is none to go back to."""
    return good.removesuffix(_DIRTY) if good and good != "unknown" else None


def commands(project: Path, target: str, commit: str, made: int) -> list[str]:
    """The whole project as it was, and its deployment to ``target``, an option of `deploy`.

    ``made`` is the number of objects that the way back deletes or replaces. The project is
    restored as a whole: specs name scripts, which import others. What is not committed is
    put aside first. The commands are for a shell in the current folder.
    """
    is_here = project.resolve() == Path.cwd()
    place = shlex.quote(str(project))
    git = "git" if is_here else f"git -C {place}"
    deploy = f"gatewright deploy {target}" + ("" if is_here else f" --project {place}")
    # One is always allowed.
    deploy += f" --max-destroyed {made}" if made > 1 else ""
    return [*_before(project, git, commit), f"{git} restore --source={commit} .", deploy]


def text(
    now: Mapping[str, Any],
    good: str | None,
    commands: Sequence[str],
    *,
    is_told: bool,
    is_whole: bool,
) -> str:
    """``now`` are the stack's outputs, which may tell of a part (``is_whole``) or of before."""
    shown = f"deployed now: revision {now.get('revision', 'none')}"
    if not is_told:
        # The engine did not come to its end.
        shown += ", and perhaps a part of what was to be deployed"
    elif not is_whole:
        shown += ", perhaps in part"
    if not commands:
        return f"{shown}\nno way back is known; `gatewright deploy` goes on from here"
    lines = [f"  {command}" for command in commands]
    return "\n".join([shown, f"the last good revision: {good}", "to put it back:", *lines])


def _before(project: Path, git: str, commit: str) -> list[str]:
    try:
        repository = Repository.of(project)
        found = [] if repository.has(commit) else [f"{git} fetch --depth=1 origin {commit}"]
        if repository.has_new(project / FOLDER):
            found.append(f"{git} stash push --include-untracked -- {FOLDER}")
        if repository.has_edits(project):
            found.append(f"{git} stash push -- .")
    except GatewrightError:
        return []
    return found
