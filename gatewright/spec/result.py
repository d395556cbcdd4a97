"""The outcome of reading a project: one immutable value that every report is made from."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from gatewright.errors import ExitCode
from gatewright.model import Finding, Severity

if TYPE_CHECKING:
    from gatewright.model import Deployment


class Suppressed(NamedTuple):
    """A finding that a comment in the file says to ignore, and the reason it gives."""

    finding: Finding
    reason: str


class Loaded(NamedTuple):
    """The outcome for a whole project.

    ``compiled`` gives the deployment; it is None if and only if a finding is an error.
    ``findings`` are in the order of file, line, column and rule. ``files`` names the
    spec files they are about; ``sources`` has the text of those that could be read, by
    file. ``stacks`` are those that any file names, where ``check`` was asked.
    """

    compiled: "Callable[[], Deployment] | None"
    findings: tuple[Finding, ...]
    files: tuple[str, ...]
    sources: Mapping[str, str] = MappingProxyType({})
    suppressed: tuple[Suppressed, ...] = ()
    stacks: tuple[str, ...] = ()

    @property
    def deployment(self) -> "Deployment | None":
        """What the specs declare; None if and only if a finding is an error."""
        return self.compiled() if self.compiled else None

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(found.severity is severity for found in self.findings)

    @property
    def exit_code(self) -> ExitCode:
        """What a process that only validates says: warnings alone are fine."""
        return ExitCode.FINDINGS if self.count(Severity.ERROR) else ExitCode.OK
