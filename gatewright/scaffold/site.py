"""Where a project lies: in which repository, in which folder of it."""

import re
from dataclasses import dataclass
from pathlib import Path

from gatewright.errors import CouldNotRunError, UsageError
from gatewright.git import Repository

#: What needs no quotes in a workflow, a shell or a pattern.
_PLAIN = re.compile(r"[A-Za-z0-9_./-]+")
_BRANCH = "main"


@dataclass(frozen=True, slots=True)
class Site:
    """``root`` is where `.github/` belongs, ``folder`` the project below it (`.`: the same).

    ``branch`` is the one that others start from. ``is_repository``: whether ``root`` is one yet.
    """

    root: Path
    folder: str
    branch: str
    is_repository: bool

    @classmethod
    def of(cls, project: Path) -> "Site":
        """Of a folder that may not be there yet, in a git repository or in none."""
        project = project.resolve()
        there = next(each for each in (project, *project.parents) if each.is_dir())
        try:
            repository = Repository.of(there)
        except (UsageError, CouldNotRunError):
            return cls(project, ".", _BRANCH, is_repository=False)
        root = repository.root.resolve()
        folder, branch = project.relative_to(root).as_posix(), repository.branch() or _BRANCH
        return cls(root, folder, branch, is_repository=True)

    def require_plain(self) -> None:
        """Raise `UsageError` if a workflow could not name the folder as it is."""
        if not _PLAIN.fullmatch(self.folder):
            raise UsageError(
                f"workflows cannot name the folder `{self.folder}`",
                hint="letters, digits and any of `-_./` are plain everywhere",
            )
