"""Where something is written, and what is wrong with it."""

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


class Finding(NamedTuple):
    """One mistake: where, which rule, one sentence, and how to mend it."""

    location: Location
    rule: str
    message: str
    hint: str | None = None
    severity: Severity = Severity.ERROR
    path: tuple[str | int, ...] = ()
