"""Where the values of a spec are written."""

from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from gatewright.model import Location
from gatewright.spec.rules import Path

if TYPE_CHECKING:
    from gatewright.spec.tree import Tree


class Positions(Protocol):
    """Where the parts of a value are written, by JSON path; looked up only for findings."""

    def key(self, path: Path) -> Location:
        """The key at the end of ``path``; an item of a list has its value for a key."""

    def value(self, path: Path) -> Location:
        """The value at ``path``, or its key where nothing is written as the value."""

    def written(self, path: Path) -> str:
        """The value at ``path`` as it is written."""

    def is_reported(self, path: Path) -> bool:
        """Whether the value at ``path`` is a guess that already has its finding."""

    def origin(self, path: Path) -> Path:
        """The path in the file it is written in of what is at ``path``."""


class Unparsed:
    """The positions in a text that ``plain`` has read: it is parsed when one is asked for."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._text = text

    @cached_property
    def tree(self) -> "Tree":
        """The positions, from the node tree."""
        from gatewright.spec.parsing import tree  # noqa: PLC0415  # without findings, unused

        return tree(self._file, self._text)

    def key(self, path: Path) -> Location:
        """See ``Positions``."""
        return self.tree.key(path)

    def value(self, path: Path) -> Location:
        """See ``Positions``."""
        return self.tree.value(path)

    def written(self, path: Path) -> str:
        """See ``Positions``."""
        return self.tree.written(path)

    def is_reported(self, path: Path) -> bool:
        """See ``Positions``; nothing that is plain is."""
        del path
        return False

    def origin(self, path: Path) -> Path:
        """See ``Positions``."""
        return path


class InFile:
    """The file alone, for whoever asks for no lines: nothing is parsed for it."""

    def __init__(self, file: str) -> None:
        self._location = Location(file)

    def key(self, path: Path) -> Location:
        """See ``Positions``; the first line."""
        del path
        return self._location

    value = key

    def written(self, path: Path) -> str:
        """See ``Positions``; not known."""
        del path
        return ""

    def is_reported(self, path: Path) -> bool:
        """See ``Positions``; not known."""
        del path
        return False

    def origin(self, path: Path) -> Path:
        """See ``Positions``."""
        return path


def span(file: str, text: str, start: int, end: int) -> Location:
    """The location of ``text[start:end]``."""
    # Counted anew: to the parsers, U+0085 and U+2028 end lines; to editors they do not.
    line = text.count("\n", 0, start) + 1
    end_line = line + text.count("\n", start, end)
    column = start - text.rfind("\n", 0, start)
    end_column = end - text.rfind("\n", 0, end)
    return Location(file, line, column, end_line, end_column)
