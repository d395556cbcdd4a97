"""The outcome of reading a project: one immutable value that every report is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gatewright.errors import ExitCode
from gatewright.model import Deployment, Finding, Severity


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that a comment in the file says to ignore, and the reason it gives."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """The outcome for a whole project.

    ``deployment`` is None if and only if a finding is an error. ``findings`` are in
    the order of file, line, column and rule. ``files`` names the spec files they
    are about; ``sources`` has the text of those that could be read, by file.
    """

    deployment: Deployment | None
    findings: tuple[Finding, ...]
    files: tuple[str, ...]
    sources: Mapping[str, str] = field(default_factory=dict, repr=False)
    suppressed: tuple[Suppressed, ...] = ()

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(found.severity is severity for found in self.findings)

    @property
    def exit_code(self) -> ExitCode:
        """What a process that only validates says: warnings alone are fine."""
        return ExitCode.FINDINGS if self.count(Severity.ERROR) else ExitCode.OK
