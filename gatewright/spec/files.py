"""The spec files of a project: which there are, and their text."""

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import BinaryIO, NamedTuple

from gatewright.errors import UsageError
from gatewright.model import Finding, Location
from gatewright.spec.rules import finding
from gatewright.spec.words import listed, quoted

FOLDER = "gateways"
#: Far above any real spec; it bounds what one file can cost.
LARGEST = 1024 * 1024

_SUFFIXES = (".yaml", ".yml")
_DEFAULTS = "defaults"
_RESERVED_STEMS = frozenset({_DEFAULTS, "stacks"})
_DOCUMENTATION = frozenset({"readme.md"})


class Kind(NamedTuple):
    """What a file declares: its folder below the project, its key and its schema's name."""

    noun: str
    folder: str
    key: str
    schema: str


GATEWAY = Kind("gateway", FOLDER, "id", "gateway")
CACHE_POLICY = Kind("cache policy", f"{FOLDER}/cache-policies", "name", "cache-policy")
TOKEN = Kind("token", f"{FOLDER}/tokens", "name", "token")
CUSTOM_PROVIDER = Kind("custom provider", f"{FOLDER}/custom-providers", "slug", "custom-provider")
WORKER = Kind("worker", f"{FOLDER}/workers", "name", "worker")
KINDS = (GATEWAY, CACHE_POLICY, TOKEN, CUSTOM_PROVIDER, WORKER)
#: How specs are judged. Beside Pulumi.yaml, not in `gateways/`: it deploys nothing.
SETTINGS = Kind("settings file", ".", "", "settings")
SETTINGS_NAME = "gatewright.yaml"

#: The name of what was read from standard input.
STDIN = "<stdin>"


class Held(NamedTuple):
    """A project that is in no folder: ``contents`` has its files by their path below it.

    Paths have forward slashes. Workers' scripts are not among them.
    """

    contents: Mapping[str, bytes]

    @property
    def has_specs(self) -> bool:
        """Whether there would be a folder `gateways/`."""
        return any(name.startswith(f"{FOLDER}/") for name in self.contents)


class SpecFile(NamedTuple):
    """A file to read; ``name`` is its path below the project, with forward slashes.

    ``content`` is what was read already, from standard input or a revision.
    """

    kind: Kind
    name: str
    path: str
    content: bytes | None = None

    @property
    def stem(self) -> str:
        """The file's name without folder and extension; empty for standard input."""
        return os.path.splitext(os.path.basename(self.path))[0]

    @property
    def is_defaults(self) -> bool:
        """Whether it holds what the files beside it share."""
        return self.stem == _DEFAULTS


#: Where a project is.
Root = str | os.PathLike[str] | Held


def standard_input(kind: str, stream: BinaryIO) -> SpecFile:
    """A spec that is in no file (yet), from ``stream``; ``kind`` is its schema's name."""
    (known,) = (each for each in KINDS if each.schema == kind)
    return SpecFile(known, STDIN, "", stream.read(LARGEST + 1))


def kind_of(name: str) -> Kind | None:
    """What the file of this name below the project declares; None if it is no spec's name."""
    folder, _, own = name.rpartition("/")
    if name == SETTINGS_NAME:
        return SETTINGS
    if not own.endswith(_SUFFIXES):
        return None
    return next((kind for kind in KINDS if kind.folder == folder), None)


def settings(root: Root) -> SpecFile | None:
    """The project's settings, if it has any."""
    if isinstance(root, Held):
        content = root.contents.get(SETTINGS_NAME)
        if content is None:
            return None
        return SpecFile(SETTINGS, SETTINGS_NAME, SETTINGS_NAME, content)
    path = os.path.join(root, SETTINGS_NAME)
    return SpecFile(SETTINGS, SETTINGS_NAME, path) if os.path.exists(path) else None


def is_project(root: Root) -> bool:
    """Whether there is a folder with specs."""
    if isinstance(root, Held):
        return root.has_specs
    return os.path.isdir(os.path.join(root, FOLDER))


def discover(root: Root) -> Iterator[SpecFile | Finding]:
    """The spec files below ``root``/gateways, and findings about all that is not one.

    Files whose name starts with a dot are nobody's specs and are passed over.

    Raises:
        UsageError: there is no such folder.

    """
    if isinstance(root, Held):
        yield from _discover_held(root.contents)
        return
    if not is_project(root):
        raise UsageError(
            f"there is no folder {quoted(FOLDER)} in {quoted(os.fspath(root))}",
            hint="run gatewright in the folder that holds `Pulumi.yaml` and `gateways/`",
        )
    for kind in KINDS:
        path = os.path.join(root, kind.folder)
        if os.path.isdir(path):
            yield from _discover_kind(path, kind)


def _discover_kind(folder: str, kind: Kind) -> Iterator[SpecFile | Finding]:
    try:
        found = sorted(os.listdir(folder))
    except OSError as error:
        yield _unreadable(_printable_name(kind.folder), error)
        return

    def is_folder(each: str) -> bool:
        return os.path.isdir(os.path.join(folder, each))

    for each, name in _judged(found, kind, is_folder):
        yield SpecFile(kind, name, os.path.join(folder, each)) if isinstance(name, str) else name


def _discover_held(contents: Mapping[str, bytes]) -> Iterator[SpecFile | Finding]:
    below: dict[str, set[str]] = {}
    for path in contents:
        *above, _ = path.split("/")
        for depth, own in enumerate(path.split("/")):
            below.setdefault("/".join(above[:depth]), set()).add(own)
    for kind in KINDS:
        folder = kind.folder

        def is_folder(each: str, folder: str = folder) -> bool:
            return f"{folder}/{each}" in below

        for each, name in _judged(sorted(below.get(folder, ())), kind, is_folder):
            path = f"{folder}/{each}"
            if isinstance(name, Finding):
                yield name
            elif path in contents:
                yield SpecFile(kind, name, path, contents[path])
            else:
                yield _no_file(name, stat.S_IFDIR)


def _judged(
    found: Iterable[str], kind: Kind, is_folder: Callable[[str], bool]
) -> Iterator[tuple[str, str | Finding]]:
    """What is in a folder: its name below the project if it is a spec, or what is wrong."""
    for each in found:
        name = _printable_name(f"{kind.folder}/{each}")
        stem, suffix = os.path.splitext(each)
        if each[0] == "." or each.lower() in _DOCUMENTATION:
            continue
        if suffix not in _SUFFIXES:
            is_one = is_folder(each)
            if not (is_one and any(name == other.folder for other in KINDS)):
                yield each, _unexpected(name, is_folder=is_one)
        elif stem in _RESERVED_STEMS and each != f"{_DEFAULTS}.yaml":
            yield each, _reserved(stem, name)
        else:
            yield each, name


def read(spec_file: SpecFile) -> bytes | Finding:
    """The file's bytes, at most ``LARGEST``; a file that is none is a finding."""
    if spec_file.content is not None:
        content = spec_file.content
        return content if len(content) <= LARGEST else _too_large(spec_file.name)
    try:
        # Opening a named pipe would wait for its other end.
        descriptor = os.open(spec_file.path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                return _no_file(spec_file.name, status.st_mode)
            content = _read_all(descriptor, status.st_size)
        finally:
            os.close(descriptor)
    except OSError as error:
        return _unreadable(spec_file.name, error)
    return content if len(content) <= LARGEST else _too_large(spec_file.name)


def _read_all(descriptor: int, size: int) -> bytes:
    """At most a byte more than ``LARGEST``; most often ``size`` bytes, and at once."""
    content = os.read(descriptor, min(size, LARGEST) + 1)
    if len(content) == size:
        return content
    with open(descriptor, "rb", closefd=False) as opened:
        return content + opened.read(max(LARGEST + 1 - len(content), 0))


def _no_file(name: str, mode: int) -> Finding:
    what = "a folder" if stat.S_ISDIR(mode) else "a device or pipe"
    message = f"this is {what}, not a file"
    return finding("file-unreadable", Location(name), message, hint="a spec is a YAML file")


def _unreadable(name: str, error: OSError) -> Finding:
    why = os.strerror(error.errno) if error.errno else str(error)
    hints = {
        errno.ELOOP: "a symbolic link leads back to itself: remove it",
        errno.ENOENT: "a symbolic link leads nowhere: remove it",
        errno.ENXIO: "a socket is no YAML file",
        errno.EACCES: "give the user who runs gatewright the right to read it",
    }
    return finding(
        "file-unreadable",
        Location(name),
        f"cannot be read: {why[:1].lower()}{why[1:]}",
        hint=hints.get(error.errno or 0),
    )


def _too_large(name: str) -> Finding:
    return finding(
        "file-too-large",
        Location(name),
        f"this file is larger than {LARGEST // 1024} KiB",
        hint="a spec declares one gateway, or one thing that gateways use; keep data elsewhere",
    )


def _reserved(stem: str, name: str) -> Finding:
    return finding(
        "reserved-name",
        Location(name),
        f"the file name {quoted(stem)} is reserved",
        hint=f"what the files share is in `{_DEFAULTS}.yaml`; any other is named after what it "
        "declares",
    )


def _unexpected(name: str, *, is_folder: bool) -> Finding:
    if is_folder:
        folders = listed((f"{kind.folder}/" for kind in KINDS), "and")
        message, hint = "this folder is not read", f"specs are in {folders}"
    else:
        message = "this file is not read"
        hint = "a spec's name ends in `.yaml` or `.yml`; move anything else out of this folder"
    return finding("unexpected-file", Location(name), message, hint=hint)


def _printable_name(name: str) -> str:
    """A name that can be printed even if it is not UTF-8 on disk."""
    return name if name.isascii() else name.encode("utf-8", "backslashreplace").decode()
