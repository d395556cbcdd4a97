"""What was found."""

from dataclasses import dataclass
from enum import StrEnum

from gatewright.errors import ExitCode


class Level(StrEnum):
    """Only `fail` keeps gatewright from working."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Line:
    """One finding about ``topic``; ``exit_code`` is what a failure amounts to."""

    topic: str
    level: Level
    text: str
    fix: str | None = None
    exit_code: ExitCode = ExitCode.OK


def ok(topic: str, text: str) -> Line:
    """All is well."""
    return Line(topic, Level.OK, text)


def warn(topic: str, text: str, fix: str) -> Line:
    """It works, but not as it could, or not everywhere."""
    return Line(topic, Level.WARN, text, fix)


def fail(topic: str, text: str, fix: str, exit_code: ExitCode) -> Line:
    """Something will not work."""
    return Line(topic, Level.FAIL, text, fix, exit_code)


#: Of several failures the first of these counts: what kept others from being seen.
_ORDER = (ExitCode.COULD_NOT_RUN, ExitCode.USAGE, ExitCode.CREDENTIALS, ExitCode.FINDINGS)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All lines, in the order in which things depend on each other."""

    lines: tuple[Line, ...]

    @property
    def exit_code(self) -> ExitCode:
        """0 unless a line is a failure."""
        found = {line.exit_code for line in self.lines if line.level is Level.FAIL}
        return next((code for code in _ORDER if code in found), ExitCode.OK)

    def count(self, level: Level) -> int:
        """How many lines are of ``level``."""
        return sum(line.level is level for line in self.lines)
