"""What a rehearsal found."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gatewright import deploy, readback, smoke
from gatewright.deploy import Change, Operation, Plan, Problem
from gatewright.errors import ExitCode
from gatewright.model import Finding, Location, Severity


@dataclass(frozen=True, slots=True)
class Result:
    """Whatever did not come about, because something before it failed, is None.

    If the specs of ``after`` have an error among their ``findings``, nothing does.

    ``before`` names the revision that was deployed first, if one was, and ``base`` says how
    many objects that made. ``plan`` is the engine's own of the step from there to ``after``.
    ``left`` is what the account still had when all was torn down, ``kept`` what had to stay
    there, by its spec. ``seconds`` are by phase, in their order. ``refused_by`` are the
    operations of the plan that were asked to fail it. ``places`` are those of the problems in
    the specs.
    """

    after: str
    stack: str | None
    engine: str | None = None
    provider: str | None = None
    before: str | None = None
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    base: int | None = None
    plan: Plan | None = None
    problems: tuple[Problem, ...] = ()
    places: Mapping[Problem, Location | None] = field(default_factory=dict)
    verified: readback.Result | None = None
    smoked: smoke.Result | None = None
    left: tuple[str, ...] | None = None
    kept: tuple[str, ...] = ()
    teardown_problems: tuple[Problem, ...] = ()
    seconds: tuple[tuple[str, float], ...] = ()
    refused_by: tuple[Change, ...] = ()
    is_coded: bool = False

    @property
    def changes(self) -> tuple[Change, ...]:
        """What the step does not leave as it is."""
        return self.plan.changes if self.plan else ()

    @property
    def total(self) -> float:
        """Seconds of all phases."""
        return sum(seconds for _, seconds in self.seconds)

    @property
    def is_protected(self) -> bool:
        """Whether the step would delete or replace what its own spec protects."""
        return any(problem.is_protected for problem in self.problems)

    @property
    def exit_code(self) -> ExitCode:
        """The worst of it: what could not run before what failed, and that before a refusal."""
        smoked = self.smoked.exit_code if self.smoked else ExitCode.OK
        differs = bool(self.left or (self.verified and self.verified.exit_code))
        has_errors = any(found.severity is Severity.ERROR for found in self.findings)
        is_stopped = bool(self.problems or self.teardown_problems)
        worst = (
            (has_errors, ExitCode.FINDINGS),
            (self.is_protected, ExitCode.REFUSED),
            (is_stopped or smoked is ExitCode.COULD_NOT_RUN, ExitCode.COULD_NOT_RUN),
            (differs, ExitCode.DIFFERS),
            (bool(smoked), smoked),
            (bool(self.refused_by), ExitCode.REFUSED),
            (self.is_coded and bool(self.changes), ExitCode.DIFFERS),
        )
        return next((code for is_so, code in worst if is_so), ExitCode.OK)


def refused(plan: Plan, operations: frozenset[Operation]) -> tuple[deploy.Change, ...]:
    """The changes of a plan that are one of ``operations``."""
    return tuple(each for each in plan.changes if each.operation in operations)
