"""The git repository around a project: its revisions as folders."""

import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from gatewright.errors import CouldNotRunError, UsageError

_TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Repository:
    """A work tree; ``root`` is its topmost folder."""

    root: Path

    @classmethod
    def of(cls, folder: Path) -> "Repository":
        """The repository that ``folder`` is in; raise `UsageError` where there is none."""
        found = _git(folder, "rev-parse", "--show-toplevel")
        if found.returncode:
            raise UsageError(
                f"`{folder.resolve()}` is in no git repository",
                hint="`git init` and a commit make one",
            )
        return cls(Path(found.stdout.decode().strip()))

    def revision(self, name: str) -> str:
        """The commit that ``name`` stands for; raise `UsageError` if it stands for none."""
        found = _git(self.root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        if found.returncode:
            raise UsageError(
                f"`{name}` is no revision of this repository",
                hint="in CI, fetch the history: a shallow clone has only the newest commit",
            )
        return found.stdout.decode().strip()

    def fork_point(self, base: str, head: str = "HEAD") -> str:
        """The last commit that ``base`` and ``head`` share.

        What came to ``base`` since is no change of ``head``. Raise `UsageError` if they
        share none.
        """
        base, head = self.revision(base), self.revision(head)
        found = _git(self.root, "merge-base", base, head)
        if found.returncode:
            raise UsageError(f"`{base}` and `{head}` have no history in common")
        return found.stdout.decode().strip()

    def branch(self) -> str | None:
        """The branch that others start from: the remote's own, else the one checked out."""
        for name in ("refs/remotes/origin/HEAD", "HEAD"):
            found = _git(self.root, "symbolic-ref", "--quiet", "--short", name)
            if not found.returncode:
                return found.stdout.decode(errors="replace").strip().removeprefix("origin/")
        return None

    @contextmanager
    def checkout(self, revision: str, paths: Sequence[str] = ()) -> Iterator[Path]:
        """A folder with what ``revision`` has below ``paths`` (all of it by default).

        Paths that it does not have are left out. The work tree is not touched.
        """
        there = [path for path in paths if self._has(revision, path)]
        with tempfile.TemporaryDirectory(prefix="gatewright-") as folder:
            if there or not paths:
                packed = _git(self.root, "archive", "--format=tar", revision, "--", *there)
                if packed.returncode:
                    said = packed.stderr.decode(errors="replace").strip()
                    raise CouldNotRunError(f"`git archive {revision}` failed: {said}")
                with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
                    archive.extractall(folder, filter="data")
            yield Path(folder)

    def changed_files(self, since: str) -> frozenset[str]:
        """Paths that differ between ``since`` and the work tree, new files included."""
        names = b""
        for command in (
            ("diff", "--name-only", "--no-renames", "-z", since),
            ("ls-files", "--others", "--exclude-standard", "-z"),
        ):
            found = _git(self.root, *command)
            if found.returncode:
                said = found.stderr.decode(errors="replace").strip()
                raise CouldNotRunError(f"`git {command[0]}` failed: {said}")
            names += found.stdout
        return frozenset(name.decode(errors="replace") for name in names.split(b"\0") if name)

    def _has(self, revision: str, path: str) -> bool:
        return not _git(self.root, "cat-file", "-e", f"{revision}:{path}").returncode


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["git", *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CouldNotRunError(
            f"git did not run: {type(error).__name__}", hint="is git installed?"
        ) from error
