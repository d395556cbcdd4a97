"""The git repository around a project: its revisions as folders."""

import os
import posixpath
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from gatewright.errors import CouldNotRunError, UsageError

_TIMEOUT_SECONDS = 60
#: The setting that git names, in any language, where it refuses a repository for its owner.
_TRUSTED = b"safe.directory"
_TREE = ("ls-tree", "-r", "-z", "--full-tree")
#: With an index of our own: nothing of the repository is written, and no hook of it runs.
_ASIDE = (
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.splitIndex=false"),
    *("-c", "core.fsmonitor=false"),
)


class Entry(NamedTuple):
    """A file of a revision: its path below the root, its mode, the name of its content."""

    path: str
    mode: str
    blob: str

    @property
    def is_plain(self) -> bool:
        """Whether it is a file, and no symbolic link nor another repository."""
        return self.mode.startswith("100")

    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link."""
        return self.mode == "120000"

    @property
    def is_repository(self) -> bool:
        """Whether it is a commit of another repository, a submodule."""
        return self.mode == "160000"


def below(folder: str) -> str:
    """What the names of the files in ``folder``, a path below the root, begin with."""
    return "" if folder == "." else f"{folder}/"


def ends(revisions: str | None) -> tuple[str | None, str | None]:
    """Of `BASE..HEAD`, where either may be left out; three dots say the same."""
    base, _, head = (revisions or "").partition("..")
    return base or None, head.removeprefix(".") or None


@dataclass(frozen=True, slots=True)
class Repository:
    """A work tree; ``root`` is its topmost folder."""

    root: Path

    @classmethod
    def of(cls, folder: Path) -> "Repository":
        """The repository that ``folder`` is in; raise `UsageError` where git reads none."""
        found = _git(folder, "rev-parse", "--show-toplevel")
        if _TRUSTED in found.stderr:
            raise UsageError(
                f"`{folder.resolve()}` is in a repository of another user, which git does not read",
                hint=f"`git config --global --add {_TRUSTED.decode()} FOLDER` lets it; FOLDER is "
                "the one that holds `.git`",
            )
        if found.returncode:
            raise UsageError(
                f"`{folder.resolve()}` is in no git repository",
                hint="`git init` and a commit make one",
            )
        return cls(Path(found.stdout.decode().strip()))

    def has(self, name: str) -> bool:
        """Whether ``name`` stands for a commit."""
        found = _git(self.root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        return not found.returncode

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

    def nothing(self) -> str:
        """What can stand for a revision before the first commit: it has no file."""
        return _run(self.root, "hash-object", "-t", "tree", "--stdin").decode().strip()

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
        import tempfile  # noqa: PLC0415  # most readers of a revision need no folder

        with tempfile.TemporaryDirectory(prefix="gatewright-") as folder:
            self.extract(revision, Path(folder), paths)
            yield Path(folder)

    def extract(self, revision: str, folder: Path, paths: Sequence[str] = ()) -> None:
        """Write what ``revision`` has below ``paths`` (all of it by default) into ``folder``.

        As a checkout would: `git archive` leaves out what is marked `export-ignore`, and Python
        unpacks it safely only from 3.11.4 on.
        """
        import tempfile  # noqa: PLC0415  # see above

        listed = _run(self.root, *_TREE, revision, "--", *paths)
        with tempfile.TemporaryDirectory(prefix="gatewright-") as beside:
            index = Path(beside) / "index"
            _run(self.root, "update-index", "-z", "--index-info", given=listed, index=index)
            written = f"--prefix={folder.resolve()}/"
            _run(self.root, "checkout-index", "--all", written, index=index)

    def entries(self, revision: str, paths: Sequence[str] = ()) -> list[Entry]:
        """All files of ``revision`` below ``paths``; those that it does not have are left out."""
        listed = _run(self.root, *_TREE, revision, "--", *paths)
        found: list[Entry] = []
        for line in filter(None, listed.split(b"\0")):
            about, _, path = line.partition(b"\t")
            mode, _, blob = about.decode().split(" ")
            found.append(Entry(os.fsdecode(path), mode, blob))
        return found

    def contents(self, blobs: Iterable[str]) -> dict[str, bytes]:
        """The bytes of each blob, by its name."""
        wanted = list(dict.fromkeys(blobs))
        asked = "".join(f"{blob}\n" for blob in wanted).encode()
        told = _run(self.root, "cat-file", "--batch", given=asked) if wanted else b""
        found: dict[str, bytes] = {}
        start = 0
        for blob in wanted:
            end = told.index(b"\n", start)
            size = int(told[start:end].rsplit(b" ", 1)[1])
            found[blob] = told[end + 1 : end + 1 + size]
            start = end + 1 + size + 1
        return found

    def files(self, folder: str) -> list[str]:
        """The files of the work tree below ``folder``, new ones too, without what git ignores.

        Paths are below the root.
        """
        listed = _run(
            self.root,
            *("ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", folder),
        )
        names = dict.fromkeys(os.fsdecode(name) for name in listed.split(b"\0") if name)
        return [name for name in names if os.path.lexists(self.root / name)]

    def changed_files(self, since: str, until: str | None = None) -> frozenset[str]:
        """Paths that differ between ``since`` and ``until``.

        Without that, between ``since`` and the work tree, new files included.
        """
        commands = [("diff", "--name-only", "--no-renames", "-z", since, *filter(None, [until]))]
        if until is None:
            commands.append(("ls-files", "--others", "--exclude-standard", "-z"))
        names = b"".join(_run(self.root, *command) for command in commands)
        return frozenset(name.decode(errors="replace") for name in names.split(b"\0") if name)

    def has_edits(self, folder: Path) -> bool:
        """Whether a file below ``folder`` that git knows differs from the commit."""
        found = _git(self.root, "diff", "--quiet", "HEAD", "--", str(folder.resolve()))
        return bool(found.returncode)

    def has_new(self, folder: Path) -> bool:
        """Whether there is a file below ``folder`` that git neither knows nor ignores."""
        new = ("ls-files", "--others", "--exclude-standard", "--", str(folder.resolve()))
        return bool(_run(self.root, *new))

    def changed_for(self, since: str, until: str | None = None) -> frozenset[str]:
        """See ``changed_files``; with each symbolic link that leads to such a file, or above it."""
        found = set(self.changed_files(since, until))
        links = self.links(since)
        while more := {
            link for link, to in links.items() if link not in found and _leads_to(found, to)
        }:
            found |= more
        return frozenset(found)

    def links(self, revision: str) -> dict[str, str]:
        """The symbolic links of a revision: where each leads, below the root as well."""
        entries = [each for each in self.entries(revision) if each.is_link]
        targets = self.contents(each.blob for each in entries)
        return {
            each.path: posixpath.normpath(
                posixpath.join(posixpath.dirname(each.path), os.fsdecode(targets[each.blob]))
            )
            for each in entries
        }


def _leads_to(names: set[str], path: str) -> bool:
    """Whether ``path`` is one of the names or a folder above one."""
    return path in names or any(name.startswith(f"{path}/") for name in names)


def _run(folder: Path, *arguments: str, given: bytes = b"", index: Path | None = None) -> bytes:
    """What git prints; raises `CouldNotRunError` if it fails."""
    done = _git(folder, *arguments, given=given, index=index)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise CouldNotRunError(f"`git {arguments[0]}` failed: {said}")
    return done.stdout


def _git(
    folder: Path, *arguments: str, given: bytes = b"", index: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["git", *(_ASIDE if index else ()), *arguments],
            cwd=folder,
            env=os.environ | {"GIT_INDEX_FILE": str(index)} if index else None,
            input=given,
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CouldNotRunError(
            f"git did not run: {type(error).__name__}", hint="is git installed?"
        ) from error
