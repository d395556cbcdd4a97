"""Which two revisions of a project `gatewright rehearse` is about."""

from dataclasses import dataclass
from pathlib import Path

from gatewright.errors import UsageError
from gatewright.git import Repository, ends
from gatewright.rehearsal import Copy, of_files, of_revision
from gatewright.review import moved


@dataclass(frozen=True, slots=True)
class Revisions:
    """``before`` and ``after`` are commits; without ``after``, the files as they are now.

    ``note`` says why there is no ``before``.
    """

    project: Path
    before: str | None
    after: str | None
    note: str | None = None

    @classmethod
    def of(cls, project: Path, what: str | None) -> "Revisions":
        """Read `BASE[..HEAD]`; raises `UsageError` for what is no revision."""
        base, head = ends(what)
        try:
            repository = Repository.of(project)
        except UsageError as error:
            if what:
                raise
            return cls(project, None, None, error.message)
        if not what and not repository.has("HEAD"):
            return cls(project, None, None, "there is no commit yet")
        if what and not repository.has("HEAD"):
            raise UsageError(
                "this repository has no commit yet", hint="`gatewright rehearse` takes what is here"
            )
        since = repository.fork_point(base or "HEAD", head or "HEAD")
        return cls(project, since, repository.revision(head) if head else None)

    def copies(self, folder: Path) -> tuple[Copy | None, Copy]:
        """Both, each in a folder of its own below ``folder``."""
        target = folder / "after"
        after = (
            of_revision(Repository.of(self.project), self.after, self.project, target)
            if self.after
            else of_files(self.project, target)
        )
        if self.before is None:
            return None, after
        repository = Repository.of(self.project)
        now = self.project.resolve().relative_to(repository.root.resolve()).as_posix()
        former = moved.former(repository, self.before, self.after, now)
        before = of_revision(repository, self.before, self.project, folder / "before", former)
        return before, after
