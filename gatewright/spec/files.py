"""The spec files of a project: which there are, and their text."""

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

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


@dataclass(frozen=True, slots=True)
class Kind:
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


@dataclass(frozen=True, slots=True)
class SpecFile:
    """A file to read; ``name`` is its path below the project, with forward slashes.

    ``content`` is what was read already, from standard input.
    """

    kind: Kind
    name: str
    path: Path
    content: bytes | None = None

    @property
    def stem(self) -> str:
        """The file's name without folder and extension; empty for standard input."""
        return self.path.stem

    @property
    def is_defaults(self) -> bool:
        """Whether it holds what the files beside it share."""
        return self.stem == _DEFAULTS


def standard_input(kind: str, stream: BinaryIO) -> SpecFile:
    """A spec that is in no file (yet), from ``stream``; ``kind`` is its schema's name."""
    (known,) = (each for each in KINDS if each.schema == kind)
    return SpecFile(known, STDIN, Path(), stream.read(LARGEST + 1))


def kind_of(name: str) -> Kind | None:
    """What the file of this name below the project declares; None if it is no spec's name."""
    folder, _, own = name.rpartition("/")
    if name == SETTINGS_NAME:
        return SETTINGS
    if not own.endswith(_SUFFIXES):
        return None
    return next((kind for kind in KINDS if kind.folder == folder), None)


def settings(root: Path) -> SpecFile | None:
    """The project's settings, if it has any."""
    path = root / SETTINGS_NAME
    return SpecFile(SETTINGS, SETTINGS_NAME, path) if path.exists() else None


def discover(root: Path) -> Iterator[SpecFile | Finding]:
    """The spec files below ``root``/gateways, and findings about all that is not one.

    Files whose name starts with a dot are nobody's specs and are passed over.

    Raises:
        UsageError: there is no such folder.

    """
    folder = root / FOLDER
    if not folder.is_dir():
        raise UsageError(
            f"there is no folder {quoted(FOLDER)} in {quoted(root)}",
            hint="run gatewright in the folder that holds `Pulumi.yaml` and `gateways/`",
        )
    for kind in KINDS:
        path = root / kind.folder
        if path.is_dir():
            yield from _discover_kind(path, kind)


def _discover_kind(folder: Path, kind: Kind) -> Iterator[SpecFile | Finding]:
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        yield _unreadable(_printable_name(kind.folder), error)
        return
    for path in paths:
        name = _printable_name(f"{kind.folder}/{path.name}")
        if path.name.startswith(".") or path.name.lower() in _DOCUMENTATION:
            continue
        if any(name == other.folder for other in KINDS) and path.is_dir():
            continue
        if path.suffix not in _SUFFIXES:
            yield _unexpected(path, name)
        elif path.stem in _RESERVED_STEMS and path.name != f"{_DEFAULTS}.yaml":
            yield _reserved(path, name)
        else:
            yield SpecFile(kind, name, path)


def read(spec_file: SpecFile) -> bytes | Finding:
    """The file's bytes, at most ``LARGEST``; a file that is none is a finding."""
    if spec_file.content is not None:
        content = spec_file.content
        return content if len(content) <= LARGEST else _too_large(spec_file.name)
    try:
        # Opening a named pipe would wait for its other end.
        descriptor = os.open(spec_file.path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            mode = os.fstat(descriptor).st_mode
            if not stat.S_ISREG(mode):
                return _no_file(spec_file.name, mode)
            with open(descriptor, "rb", closefd=False) as opened:
                content = opened.read(LARGEST + 1)
        finally:
            os.close(descriptor)
    except OSError as error:
        return _unreadable(spec_file.name, error)
    return content if len(content) <= LARGEST else _too_large(spec_file.name)


def _no_file(name: str, mode: int) -> Finding:
    what = "a folder" if stat.S_ISDIR(mode) else "a device or pipe"
    message = f"this is {what}, not a file"
    return finding("file-unreadable", Location(name), message, hint="a spec is a YAML file")


def _unreadable(name: str, error: OSError) -> Finding:
    why = os.strerror(error.errno) if error.errno else str(error)
    hints = {
        errno.ELOOP: "a symbolic link leads back to itself: remove it",
        errno.ENOENT: "a symbolic link leads nowhere: remove it",
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


def _reserved(path: Path, name: str) -> Finding:
    return finding(
        "reserved-name",
        Location(name),
        f"the file name {quoted(path.stem)} is reserved",
        hint=f"what the files share is in `{_DEFAULTS}.yaml`; any other is named after what it "
        "declares",
    )


def _unexpected(path: Path, name: str) -> Finding:
    if path.is_dir():
        folders = listed((f"{kind.folder}/" for kind in KINDS), "and")
        message, hint = "this folder is not read", f"specs are in {folders}"
    else:
        message = "this file is not read"
        hint = "a spec's name ends in `.yaml` or `.yml`; move anything else out of this folder"
    return finding("unexpected-file", Location(name), message, hint=hint)


def _printable_name(name: str) -> str:
    """A name that can be printed even if it is not UTF-8 on disk."""
    return name.encode("utf-8", "backslashreplace").decode()
