"""Where something is written, and what is wrong with it."""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How much a finding weighs: only an error stops a deployment."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Location(NamedTuple):
    """A span in a spec file.

    Lines and columns count from 1, columns in characters; the end is exclusive.
    ``file`` is relative to the project and uses forward slashes.
    """

    file: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


#: Keys and indices from the top of a spec.
_Path = tuple[str | int, ...]


class Source:
    """Where something is declared: what ``find`` says of ``path``, when it is asked for.

    Most runs never ask, and to know it a spec is read once more, by a slower parser.
    """

    __slots__ = ("_find", "_path")

    def __init__(self, find: Callable[[_Path], Location], path: _Path) -> None:
        self._find = find
        self._path = path

    def __repr__(self) -> str:
        return f"Source({self.location})"

    @property
    def location(self) -> Location:
        """The span in the file."""
        return self._find(self._path)

    @property
    def place(self) -> str:
        """File and line, for people."""
        location = self.location
        return f"{location.file}:{location.line}"


class Finding(NamedTuple):
    """One mistake: where, which rule, one sentence, and how to mend it."""

    location: Location
    rule: str
    message: str
    hint: str | None = None
    severity: Severity = Severity.ERROR
    path: _Path = ()
