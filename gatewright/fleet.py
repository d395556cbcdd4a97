"""All stacks of a repository: its projects, and which of them a change touches.

A stack is an account and an environment. A repository for many accounts has a
project for each, a folder with its own `Pulumi.yaml` and `gateways/`.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from gatewright import spec
from gatewright.git import Repository
from gatewright.model.wire import checksum

_PROJECT = "Pulumi.yaml"
_PREFIX, _SUFFIX = "Pulumi.", ".yaml"
#: Folders that hold no project of this repository.
_PASSED_OVER = frozenset({"node_modules", "__pycache__"})
#: What else decides about a deployment, beside the specs and the stack's settings.
_PROGRAM = (_PROJECT, "*.py", "requirements*", "pyproject.toml", "*.lock")
#: Never deployed to an account.
_LOCAL = "local"


@dataclass(frozen=True, slots=True, order=True)
class FleetStack:
    """One stack; ``project`` is its folder below the root, `.` for the root itself."""

    project: str
    name: str


def stacks(root: Path) -> list[FleetStack]:
    """Every stack below ``root``, in order.

    A project has those with a `Pulumi.<stack>.yaml`, and those that its specs name.
    """
    return sorted(stack for folder in _projects(root) for stack in _stacks(root, folder))


def touched(root: Path, repository: Repository, base: str) -> list[FleetStack]:
    """The stacks whose deployment differs between ``base`` and the work tree.

    Specs count by what they compile to, so that a comment touches nothing. The program,
    its requirements and the settings of the stack count by their text. What cannot be
    compiled counts as touched: the deployment will say why.
    """
    since = repository.fork_point(base)
    changed = repository.changed_files(since)
    prefix = root.resolve().relative_to(repository.root.resolve()).as_posix()
    known = stacks(root)
    suspects = [
        each for each in known if any(_is_below(name, _joined(prefix, each)) for name in changed)
    ]
    paths = sorted({_joined(prefix, each) for each in suspects})
    with repository.checkout(since, [] if "." in paths else paths) as before:
        return [
            each
            for each in suspects
            if _is_touched(each, changed, _joined(prefix, each), root, before)
        ]


def _projects(root: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(root):
        names[:] = sorted(
            name for name in names if not name.startswith(".") and name not in _PASSED_OVER
        )
        if _PROJECT in files and spec.files.FOLDER in names:
            yield Path(folder)


def _stacks(root: Path, folder: Path) -> Iterator[FleetStack]:
    project = folder.relative_to(root).as_posix()
    names = {
        path.name.removeprefix(_PREFIX).removesuffix(_SUFFIX)
        for path in folder.glob(f"{_PREFIX}?*{_SUFFIX}")
    } - {_LOCAL}
    for name in names | spec.stacks(folder):
        yield FleetStack(project, name)


def _is_touched(
    stack: FleetStack, changed: frozenset[str], folder: str, root: Path, before: Path
) -> bool:
    own = [name.removeprefix(f"{folder}/") for name in changed if _is_below(name, folder)]
    if f"{_PREFIX}{stack.name}{_SUFFIX}" in own:
        return True
    if any(fnmatchcase(name, pattern) and "/" not in name for name in own for pattern in _PROGRAM):
        return True
    old = _checksum(before / folder, stack.name)
    return old is None or old != _checksum(root / stack.project, stack.name)


def _checksum(folder: Path, stack: str) -> str | None:
    if not (folder / spec.files.FOLDER).is_dir():
        return None
    deployment = spec.load(folder, stack=stack).deployment
    return checksum(deployment) if deployment else None


def _joined(prefix: str, stack: FleetStack) -> str:
    return Path(prefix, stack.project).as_posix()


def _is_below(name: str, folder: str) -> bool:
    return folder == "." or name.startswith(folder + "/")
