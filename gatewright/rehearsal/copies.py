"""A project in a folder of its own, as a revision has it or as its files are now."""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from gatewright.errors import UsageError
from gatewright.git import Repository

_SETTINGS = "Pulumi.yaml"
#: What is kept out of git in most projects, and their scripts import.
_MODULES = "node_modules"
_NOT_OURS = (".git", ".gatewright", ".venv", "venv", "node_modules", "__pycache__", "dist")


@dataclass(frozen=True, slots=True)
class Copy:
    """``project`` is its folder; ``said`` is how a report names the revision."""

    project: Path
    said: str

    @property
    def is_project(self) -> bool:
        """Whether there is a program to run."""
        return (self.project / _SETTINGS).is_file()

    @property
    def settings(self) -> dict[str, Any]:
        """Pulumi.yaml; empty if it cannot be read, for Pulumi says so better."""
        try:
            read = yaml.safe_load((self.project / _SETTINGS).read_text(encoding="utf-8"))
        except (OSError, ValueError, yaml.YAMLError):
            return {}
        return read if isinstance(read, dict) else {}

    @property
    def name(self) -> str | None:
        """The project's name, by which Pulumi knows its stacks."""
        return self.settings.get("name")

    def stack_settings(self, stack: str) -> Path:
        """The file with the stack's settings, there or not."""
        folder = self.settings.get("stackConfigDir")
        return self.project / (folder if isinstance(folder, str) else "") / f"Pulumi.{stack}.yaml"


def of_revision(
    repository: Repository, revision: str, project: Path, target: Path, former: str | None = None
) -> Copy:
    """``project`` as ``revision`` has it, in ``target``, which is made.

    ``former`` is its folder at that revision, below the root, if it is another than now.
    """
    folder = former or _below(repository, project)
    target.mkdir()
    paths = [] if folder == "." else [folder]
    # A link leads anywhere in the repository.
    is_alone = all(each.is_plain for each in repository.entries(revision, paths))
    repository.extract(revision, target, paths if is_alone else [])
    return _ready(Copy(target / folder, f"revision {revision[:12]}"), project)


def of_files(project: Path, target: Path) -> Copy:
    """``project`` as its files are now, without what git ignores, in ``target``."""
    try:
        repository = Repository.of(project)
    except UsageError:
        ignored = shutil.ignore_patterns(*_NOT_OURS)
        shutil.copytree(project, target, symlinks=True, ignore=ignored)
        return _ready(Copy(target, "the files in this folder"), project)
    folder = _below(repository, project)
    names = repository.files(folder)
    if any((repository.root / name).is_symlink() for name in names):
        names = repository.files(".")  # they lead anywhere in it
    for name in names:
        source, copied = repository.root / name, target / name
        copied.parent.mkdir(parents=True, exist_ok=True)
        if not source.is_dir() or source.is_symlink():  # another repository within is one
            shutil.copy2(source, copied, follow_symlinks=False)
    (target / folder).mkdir(parents=True, exist_ok=True)
    return _ready(Copy(target / folder, "the work tree"), project)


def _below(repository: Repository, project: Path) -> str:
    return project.resolve().relative_to(repository.root.resolve()).as_posix()


def _ready(copy: Copy, project: Path) -> Copy:
    """With links to what git does not have: the packages of both languages."""
    _link(copy.project / _MODULES, project / _MODULES)
    runtime = copy.settings.get("runtime")
    options = runtime.get("options") if isinstance(runtime, dict) else None
    named = options.get("virtualenv") if isinstance(options, dict) else None
    if isinstance(named, str) and not Path(named).is_absolute():
        # The environment that runs us runs the program too.
        _link(copy.project / named, Path(sys.prefix))
    return copy


def _link(place: Path, target: Path) -> None:
    if target.is_dir() and place.parent.is_dir() and not os.path.lexists(place):
        place.symlink_to(target.resolve())
