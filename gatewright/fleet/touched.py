"""The stacks that a change touches."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from fnmatch import fnmatchcase
from pathlib import Path

from gatewright import spec
from gatewright.fleet.projects import (
    PREFIX,
    PROJECT,
    SUFFIX,
    FleetStack,
    names_in,
    projects,
    with_settings,
)
from gatewright.git import Repository
from gatewright.model import Deployment
from gatewright.model.wire import checksum
from gatewright.review import Side, held

#: What else decides about a deployment, beside the specs and the stack's settings.
_PROGRAM = (PROJECT, "*.py", "requirements*", "pyproject.toml", "*.lock")


def touched(root: Path, repository: Repository, base: str) -> list[FleetStack]:
    """The stacks whose deployment differs between ``base`` and the work tree.

    Specs count by what they compile to, so that a comment touches nothing. The program,
    its requirements and the settings of the stack count by their text. What a project
    has by a symbolic link is its own. What cannot be compiled counts as touched: the
    deployment will say why.
    """
    since = repository.fork_point(base)
    changed = repository.changed_files(since)
    top = repository.root.resolve()
    own = {each: _own(root.resolve() / each, changed, top) for each in projects(root)}
    suspects = {each: names for each, names in own.items() if names}
    folders = {each: (root.resolve() / each).relative_to(top).as_posix() for each in suspects}
    with ExitStack() as opened:
        before = held(repository, since, [*folders.values()], opened)
        return sorted(
            FleetStack(each, stack)
            for each, names in suspects.items()
            for stack in _touched(root / each, names, before[folders[each]])
        )


def _own(folder: Path, changed: frozenset[str], top: Path) -> set[str]:
    """The files of a project that are among ``changed``, by their names below it."""
    prefix = folder.relative_to(top).as_posix()
    below = "" if prefix == "." else f"{prefix}/"
    own = {name.removeprefix(below) for name in changed if name.startswith(below)}
    for name, target in _links(folder):
        with suppress(ValueError):  # it leads out of the repository
            there = target.relative_to(top).as_posix()
            if there in changed or any(each.startswith(f"{there}/") for each in changed):
                own.add(name)
    return own


def _links(folder: Path) -> Iterator[tuple[str, Path]]:
    """The symbolic links among a project's files, by their names, and where they lead."""
    for place in (".", *(kind.folder for kind in spec.files.KINDS)):
        with suppress(OSError), os.scandir(folder / place) as entries:
            for entry in entries:
                if entry.is_symlink():
                    yield Path(place, entry.name).as_posix(), Path(os.path.realpath(entry.path))


def _touched(folder: Path, own: set[str], before: Side) -> set[str]:
    settings = with_settings(names_in(folder))
    if any(fnmatchcase(name, pattern) and "/" not in name for name in own for pattern in _PROGRAM):
        return settings | spec.stacks(folder)
    new = spec.survey(folder)
    old = spec.survey(before, like=new) if spec.files.is_project(before) else None
    return {
        name
        for name in settings | {name for name in new.deployments if name}
        if f"{PREFIX}{name}{SUFFIX}" in own or old is None or _differ(old.of(name), new.of(name))
    }


def _differ(old: Deployment | None, new: Deployment | None) -> bool:
    if old is None or new is None:
        return True
    return old is not new and checksum(old) != checksum(new)
