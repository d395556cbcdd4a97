"""Projects that are in another folder than before.

Pulumi knows a project by the name in its `Pulumi.yaml`: under another folder it has the
stacks that it had.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from gatewright.git import Entry, Repository, below
from gatewright.spec.files import FOLDER

PROJECT = "Pulumi.yaml"

#: The project's name by its folder below the root of the repository.
Names = Mapping[str, str]


def former(repository: Repository, since: str, until: str | None, folder: str) -> str:
    """Where the project that is in ``folder`` at ``until`` was at ``since``; there, if unknown.

    Folders are below the root of the repository; without ``until`` the files are as they are now.
    """
    if repository.entries(since, [below(folder) + FOLDER]):
        return folder
    old = names_in(repository, repository.entries(since))
    new = (
        names_in(repository, repository.entries(until))
        if until
        else names_of_files(repository.root, {folder, *old})
    )
    return formerly(old, new).get(folder, folder)


def formerly(old: Names, new: Names) -> dict[str, str]:
    """Where each folder of ``new`` was, of those that only one project each can be."""
    was, now = _only(old, beside=new), _only(new, beside=old)
    return {now[name]: was[name] for name in now.keys() & was.keys()}


def names_in(
    repository: Repository, entries: Iterable[Entry], folders: Iterable[str] | None = None
) -> dict[str, str]:
    """Those of a revision, of all folders or only of these."""
    blobs = {
        folder or ".": each.blob
        for each in entries
        for folder, _, name in [each.path.rpartition("/")]
        if name == PROJECT
    }
    wanted = blobs.keys() if folders is None else blobs.keys() & {*folders}
    contents = repository.contents(blobs[each] for each in wanted)
    return _named({each: contents[blobs[each]] for each in wanted})


def names_of_files(root: Path, folders: Iterable[str]) -> dict[str, str]:
    """Those of the folders below ``root`` that are projects, as the files are now."""
    paths = {each: root / below(each) / PROJECT for each in folders}
    return _named({each: path.read_bytes() for each, path in paths.items() if path.is_file()})


def _named(contents: Mapping[str, bytes]) -> dict[str, str]:
    found = {folder: _name(content) for folder, content in contents.items()}
    return {folder: name for folder, name in found.items() if name}


def _name(content: bytes) -> str | None:
    import yaml  # noqa: PLC0415  # only where a project comes and another goes

    try:
        read = yaml.safe_load(content)
    except (ValueError, yaml.YAMLError):
        return None
    name = read.get("name") if isinstance(read, dict) else None
    return name if isinstance(name, str) else None


def _only(these: Names, beside: Names) -> dict[str, str]:
    """By its name the only folder among ``these`` that has it and is not ``beside``."""
    found: dict[str, list[str]] = {}
    for folder, name in these.items():
        if folder not in beside:
            found.setdefault(name, []).append(folder)
    return {name: folders[0] for name, folders in found.items() if len(folders) == 1}
