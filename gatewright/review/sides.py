"""The two revisions that a review compares: held in memory, or in folders where they must be."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from gatewright.errors import CouldNotRunError
from gatewright.git import Entry, Repository, below
from gatewright.review import moved
from gatewright.spec import Held
from gatewright.spec.files import FOLDER, SETTINGS_NAME, WORKER

Side = Path | Held


@contextmanager
def sides(project: Path, base: str | None, head: str | None) -> Iterator[tuple[Side, Side]]:
    """The project at the point where ``base`` and ``head`` part, and as it is at ``head``.

    Without a head, as its files are now; without a base, HEAD, or nothing where there is no
    commit yet. Raises `UsageError` if a name stands for no revision, and `CouldNotRunError`
    if the specs are a submodule.
    """
    repository = Repository.of(project)
    if base is None and not repository.has("HEAD"):
        yield Held({}), project
        return
    base = base or "HEAD"
    folder = project.resolve().relative_to(repository.root.resolve()).as_posix()
    since = repository.fork_point(base, head or "HEAD")
    until = repository.revision(head) if head else None
    for revision in filter(None, (since, until)):
        _require_no_submodule(repository, revision, folder)
    former = moved.former(repository, since, until, folder)
    with ExitStack() as opened:
        before = held(repository, since, [former], opened)[former]
        after = held(repository, until, [folder], opened)[folder] if until else project
        yield before, after


def _require_no_submodule(repository: Repository, revision: str, folder: str) -> None:
    for each in repository.entries(revision, [below(folder) + FOLDER]):
        if each.is_repository:
            raise CouldNotRunError(
                f"`{each.path}` is a submodule: another repository has its revisions",
                hint="`gatewright review BEFORE AFTER` compares two folders",
            )


def held(
    repository: Repository, revision: str, folders: Collection[str], opened: ExitStack
) -> dict[str, Side]:
    """Each of the projects in ``folders``, paths below the root, as ``revision`` has it.

    Those that must be in folders are so until ``opened`` is closed.
    """
    if not folders:
        return {}
    prefixes = {each: below(each) for each in folders}
    own = [(prefix + FOLDER, prefix + SETTINGS_NAME) for prefix in prefixes.values()]
    entries = repository.entries(revision, [path for paths in own for path in paths])
    followed = _followed(repository, revision, entries)
    if followed is None:
        there = opened.enter_context(repository.checkout(revision))
        return {folder: there / folder for folder in folders}
    found = {
        folder: [each for each in followed if each.path.startswith(paths)]
        for folder, paths in zip(folders, own, strict=True)
    }
    sides: dict[str, Side] = {}
    scripted = [each for each in folders if _has_workers(found[each], prefixes[each])]
    if scripted:
        # Scripts are anywhere in the project, and a link leads anywhere in the repository.
        is_alone = "." not in scripted and all(each.is_plain for each in entries)
        paths = scripted if is_alone else []
        there = opened.enter_context(repository.checkout(revision, paths))
        sides = {folder: there / folder for folder in scripted}
    others = [each for each in folders if each not in sides]
    contents = repository.contents(each.blob for folder in others for each in found[folder])
    for folder in others:
        names = {each.path.removeprefix(prefixes[folder]): each.blob for each in found[folder]}
        sides[folder] = Held({name: contents[blob] for name, blob in names.items()})
    return sides


def _followed(
    repository: Repository, revision: str, entries: Sequence[Entry]
) -> Sequence[Entry] | None:
    """The same with files in place of the links to them; None if something is neither."""
    if all(each.is_plain for each in entries):
        return entries
    files = {each.path: each for each in repository.entries(revision) if each.is_plain}
    links = repository.links(revision)
    found = [files.get(links.get(each.path, each.path)) for each in entries]
    if None in found:
        return None
    return [to._replace(path=each.path) for each, to in zip(entries, found, strict=True) if to]


def _has_workers(entries: Sequence[Entry], prefix: str) -> bool:
    return any(each.path.startswith(f"{prefix}{WORKER.folder}/") for each in entries)
