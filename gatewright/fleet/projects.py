"""The projects below a folder, and their stacks."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gatewright import spec

PROJECT = "Pulumi.yaml"
PREFIX, SUFFIX = "Pulumi.", ".yaml"
#: Folders that hold no project of this repository.
_PASSED_OVER = frozenset({"node_modules", "__pycache__"})
#: Never deployed to an account.
_LOCAL = "local"


@dataclass(frozen=True, slots=True, order=True)
class FleetStack:
    """One stack; ``project`` is its folder below the root, `.` for the root itself."""

    project: str
    name: str


def projects(root: Path) -> list[str]:
    """The folders below ``root`` that are projects, in order; `.` is the root itself."""
    found: list[str] = []
    for folder, names, files in os.walk(root):
        names[:] = [name for name in names if not is_passed_over(name)]
        if PROJECT in files and spec.files.FOLDER in names:
            found.append(Path(folder).relative_to(root).as_posix())
    return sorted(found)


def is_fleet(root: Path) -> bool:
    """Whether there are projects below ``root``, which is none itself."""
    return not spec.files.is_project(root) and bool(projects(root))


def is_passed_over(name: str) -> bool:
    """Whether no folder of this name can hold a project."""
    return name.startswith(".") or name in _PASSED_OVER


def stacks(root: Path) -> list[FleetStack]:
    """Every stack below ``root``, in order.

    A project has those with a `Pulumi.<stack>.yaml`, and those that its specs name.
    """
    return sorted(
        FleetStack(project, name)
        for project in projects(root)
        for name in with_settings(names_in(root / project)) | spec.stacks(root / project)
    )


def with_settings(names: Iterable[str]) -> set[str]:
    """The stacks that have a `Pulumi.<stack>.yaml` among the files of a project's folder."""
    found = {
        name.removeprefix(PREFIX).removesuffix(SUFFIX)
        for name in names
        if name.startswith(PREFIX) and name.endswith(SUFFIX) and name != PROJECT
    }
    return found - {_LOCAL}


def names_in(folder: Path) -> list[str]:
    """What is in a folder; nothing in one that is not there."""
    return [each.name for each in folder.iterdir()] if folder.is_dir() else []
