"""Where reports go, beside the terminal."""

import os
import sys
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from gatewright.errors import CouldNotRunError, UsageError

_STANDARD_OUTPUT = "-"


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A format and the file for it; `-` is standard output."""

    format: str
    name: str

    @classmethod
    def of(cls, text: str, formats: Collection[str]) -> Self:
        """Read `FORMAT=FILE`; raises `UsageError` unless it is one of ``formats``."""
        known, _, name = text.partition("=")
        if known not in formats or not name:
            raise UsageError(
                f"`{text}` is not `FORMAT=FILE`", hint=f"a FORMAT is one of {', '.join(formats)}"
            )
        return cls(known, name)

    @property
    def is_standard_output(self) -> bool:
        """Whether it goes where the table would."""
        return self.name == _STANDARD_OUTPUT

    def require_writable(self) -> None:
        """Raise `UsageError` where the file cannot be, before anything is sent."""
        path = Path(self.name)
        if self.is_standard_output:
            return
        if path.is_dir():
            raise UsageError(f"`{self.name}` is a folder", hint="name a file for the report")
        if not path.parent.is_dir():
            raise UsageError(
                f"there is no folder `{path.parent}` for the report", hint="make it first"
            )

    def write_text(self, text: str) -> None:
        """Write the report; whoever reads the file meets the old or the new, never a part.

        Raises `CouldNotRunError` if it cannot be written.
        """
        if self.is_standard_output:
            sys.stdout.write(text)
            sys.stdout.flush()
            return
        try:
            _write(Path(self.name), text.encode("utf-8", "backslashreplace"))
        except OSError as error:
            raise CouldNotRunError(
                f"cannot write the report `{self.name}`: {error.strerror}"
            ) from error


def _write(path: Path, octets: bytes) -> None:
    if path.exists() and not path.is_file():  # a pipe, /dev/stderr
        path.write_bytes(octets)
        return
    # A smoke run imports this before its first request, and writes after its last.
    import tempfile  # noqa: PLC0415  # see above

    target = path.resolve()  # a link stays one
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(octets)
        Path(name).chmod(_mode(target))
        Path(name).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _mode(path: Path) -> int:
    """The file's own permissions, or those any new file gets."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def parsed(texts: Iterable[str], formats: Collection[str]) -> list[ReportFile]:
    """What `--report FORMAT=FILE` names; raises `UsageError`, also for one file named twice."""
    files = [ReportFile.of(text, formats) for text in texts]
    names = [file.name for file in files]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"two reports cannot both go to `{name}`")
    return files


def asked_for(texts: Iterable[str], formats: Collection[str]) -> list[ReportFile]:
    """The same, and each can be written; raises `UsageError`."""
    files = parsed(texts, formats)
    for file in files:
        file.require_writable()
    return files
