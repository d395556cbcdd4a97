"""What a change means for all projects of a repository, as one review."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path, PurePosixPath

from gatewright.errors import CouldNotRunError
from gatewright.fleet.checked import placed
from gatewright.fleet.projects import PROJECT, is_passed_over, names_in, projects, with_settings
from gatewright.git import Entry, Repository, below
from gatewright.review import Review, Side, StackReview, grouped, held, moved
from gatewright.review import review as review_one
from gatewright.spec.files import FOLDER


def review(root: Path, base: str | None, head: str | None) -> Review:
    """Compare every project below ``root`` with what it was where ``base`` and ``head`` part.

    Without a head, as its files are now; without a base, with HEAD, or with nothing where
    there is no commit yet. Only stacks that change are in it, named `FOLDER STACK`, and
    projects that do not compile; stacks of several projects that change alike are told as
    one. A project whose files did not change is not read; what it has by a symbolic link
    is among them.

    Raises:
        UsageError: a name stands for no revision.
        CouldNotRunError: a project is in a submodule that changes.

    """
    repository = Repository.of(root)
    if base is None and not repository.has("HEAD"):
        since = repository.nothing()
    else:
        since = repository.fork_point(base or "HEAD", head or "HEAD")
    until = repository.revision(head) if head else None
    changed = repository.changed_for(since, until)
    folder = root.resolve().relative_to(repository.root.resolve())
    old = repository.entries(since)
    new = repository.entries(until) if until else []
    _require_none_within(
        {each.path for each in (*old, *new) if each.is_repository and each.path in changed},
        root,
        folder,
    )
    there = _projects(new, folder) if until else set(projects(root))
    was = _projects(old, folder)
    every = {each: PurePosixPath(folder, each).as_posix() for each in there | was}
    come = [every[each] for each in there - was]
    former = moved.formerly(
        moved.names_in(repository, old, [every[each] for each in was - there]),
        moved.names_in(repository, new, come)
        if until
        else moved.names_of_files(repository.root, come),
    )
    suspects = sorted(
        each
        for each, path in every.items()
        if path not in former.values() and any(name.startswith(below(path)) for name in changed)
    )
    paths = {each: every[each] for each in suspects}
    paths_before = {each: former.get(path, path) for each, path in paths.items()}
    with ExitStack() as opened:
        before = held(repository, since, paths_before.values(), opened)
        after = held(repository, until, paths.values(), opened) if until else {}
        reviews = [
            _placed(
                each,
                before[paths_before[each]],
                after[paths[each]] if until else root / each,
                with_settings(
                    _names(new, _prefix(folder, each)) if until else names_in(root / each)
                ),
            )
            for each in suspects
        ]
    return Review(
        grouped(stack for each in reviews for stack in each.stacks if _is_change(stack)),
        tuple(found for each in reviews for found in each.new_findings),
        tuple(found for each in reviews for found in each.fixed_findings),
        ", ".join(each.broken for each in reviews if each.broken) or None,
    )


def _projects(entries: Iterable[Entry], folder: Path) -> set[str]:
    """The projects of a revision, as ``projects`` finds those of a folder."""
    specs, programs = set[PurePosixPath](), set[PurePosixPath]()
    for entry in entries:
        path = PurePosixPath(entry.path)
        if path.name == PROJECT:
            programs.add(path.parent)
        if FOLDER in path.parts:
            specs.add(PurePosixPath(*path.parts[: path.parts.index(FOLDER)]))
    return {
        each.relative_to(folder).as_posix()
        for each in specs & programs
        if each.is_relative_to(folder)
        and not any(map(is_passed_over, each.relative_to(folder).parts))
    }


def _require_none_within(submodules: set[str], root: Path, folder: Path) -> None:
    """Raise `CouldNotRunError` if a project is in one of ``submodules``, which all change."""
    for each in projects(root) if submodules else ():
        path = PurePosixPath(folder, each).as_posix()
        for name in submodules:
            if f"{path}/".startswith(f"{name}/"):
                raise CouldNotRunError(
                    f"`{name}` is a submodule that changes, and the project `{each}` is in it",
                    hint=f"`cd {name}` and review the change there",
                )


def _prefix(folder: Path, project: str) -> str:
    return below(PurePosixPath(folder, project).as_posix())


def _names(entries: Iterable[Entry], prefix: str) -> Iterator[str]:
    return (each.path.removeprefix(prefix) for each in entries if each.path.startswith(prefix))


def _is_change(stack: StackReview) -> bool:
    return bool(stack.differences or stack.account)


def _placed(project: str, before: Side, after: Side, stacks: set[str]) -> Review:
    """The review of one project, with its folder before the names of stacks and files."""
    prefix = f"{project}/"
    one = review_one(before, after, also=stacks)
    return Review(
        tuple(
            replace(
                each,
                stacks=tuple(f"{project} {name}" if name else project for name, _ in own),
                checksums=tuple(checksum for _, checksum in own),
                origins=tuple(replace(origin, folder=prefix) for origin in each.origins),
            )
            for each in one.stacks
            if (own := _deployed(each, is_alone=not _named(one)))
        ),
        tuple(placed(found, prefix) for found in one.new_findings),
        tuple(placed(found, prefix) for found in one.fixed_findings),
        f"{one.broken} of {project}" if one.broken else None,
    )


def _named(one: Review) -> list[str]:
    return [name for each in one.stacks for name in each.stacks if name]


def _deployed(stack: StackReview, *, is_alone: bool) -> list[tuple[str | None, str]]:
    """The stacks with their checksums; that without a name only where no other is."""
    both = zip(stack.stacks, stack.checksums, strict=True)
    return [(name, checksum) for name, checksum in both if name or is_alone]
