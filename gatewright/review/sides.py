"""The two revisions that a review compares: held in memory, or in folders where they must be."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from gatewright.git import Entry, Repository
from gatewright.spec import Held
from gatewright.spec.files import FOLDER, SETTINGS_NAME, WORKER

Side = Path | Held


@contextmanager
def sides(project: Path, base: str | None, head: str | None) -> Iterator[tuple[Side, Side]]:
    """The project at the point where ``base`` and ``head`` part, and as it is at ``head``.

    Without a head, as its files are now; without a base, HEAD, or nothing where there is no
    commit yet. Raises `UsageError` if a name stands for no revision.
    """
    repository = Repository.of(project)
    if base is None and not repository.has("HEAD"):
        yield Held({}), project
        return
    base = base or "HEAD"
    folder = project.resolve().relative_to(repository.root.resolve()).as_posix()
    since = repository.fork_point(base, head or "HEAD")
    with ExitStack() as opened:
        before = _side(repository, since, folder, opened)
        after = _side(repository, repository.revision(head), folder, opened) if head else project
        yield before, after


def _side(repository: Repository, revision: str, folder: str, opened: ExitStack) -> Side:
    prefix = "" if folder == "." else f"{folder}/"
    entries = repository.entries(revision, [prefix + FOLDER, prefix + SETTINGS_NAME])
    if _needs_folder(entries, prefix):
        # Scripts are anywhere in the project.
        paths = [] if folder == "." else [folder]
        return opened.enter_context(repository.checkout(revision, paths)) / folder
    contents = repository.contents(entry.blob for entry in entries)
    return Held({entry.path.removeprefix(prefix): contents[entry.blob] for entry in entries})


def _needs_folder(entries: Sequence[Entry], prefix: str) -> bool:
    """Whether there are Workers, or links, which lead to other files."""
    workers = f"{prefix}{WORKER.folder}/"
    return any(not entry.is_plain or entry.path.startswith(workers) for entry in entries)
