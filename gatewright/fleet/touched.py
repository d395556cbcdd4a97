"""The stacks that a change touches."""

from contextlib import ExitStack
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
from gatewright.git import Repository, below
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
    changed = repository.changed_for(since)
    place = root.resolve().relative_to(repository.root.resolve())
    folders = {each: (place / each).as_posix() for each in projects(root)}
    own = {each: _own(folder, changed) for each, folder in folders.items()}
    suspects = {each: names for each, names in own.items() if names}
    with ExitStack() as opened:
        before = held(repository, since, [folders[each] for each in suspects], opened)
        return sorted(
            FleetStack(each, stack)
            for each, names in suspects.items()
            for stack in _touched(root / each, names, before[folders[each]])
        )


def _own(folder: str, changed: frozenset[str]) -> set[str]:
    """The files of a project that are among ``changed``, by their names below it."""
    prefix = below(folder)
    return {name.removeprefix(prefix) for name in changed if name.startswith(prefix)}


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
