"""The projects below a folder, and their stacks."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gatewright import spec
from gatewright.errors import UsageError

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

    @property
    def id(self) -> str:
        """One word for both, that names what a CI system keeps for the stack."""
        return _before_name(self.project) + self.name


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
    return sorted(each for project in projects(root) for each in _stacks(root, project))


def require_own_ids(root: Path, found: Iterable[FleetStack]) -> None:
    """Raise `UsageError` if any other stack below ``root`` has the id of one of ``found``."""
    folders = projects(root)
    for each in found:
        for project in folders:
            # Few folders begin alike: only of those the stacks are looked up.
            if project != each.project and each.id.startswith(_before_name(project)):
                _require_other_ids(each, _stacks(root, project))


def _require_other_ids(one: FleetStack, others: Iterable[FleetStack]) -> None:
    for other in others:
        if other.id == one.id:
            raise UsageError(
                f"two stacks have the id `{one.id}`: `{one.name}` in `{one.project}` "
                f"and `{other.name}` in `{other.project}`",
                hint="rename a folder: CI keeps the secrets of a stack by its id",
            )


def _stacks(root: Path, project: str) -> set[FleetStack]:
    names = with_settings(names_in(root / project)) | spec.stacks(root / project)
    return {FleetStack(project, name) for name in names}


def _before_name(project: str) -> str:
    return "" if project == "." else project.replace("/", "-") + "-"


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
