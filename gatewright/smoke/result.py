"""The outcome of a run."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from gatewright.errors import ExitCode
from gatewright.smoke.budget import Budget
from gatewright.smoke.call import Call
from gatewright.smoke.checks import Check
from gatewright.smoke.evidence import Attempt
from gatewright.smoke.expected import expected
from gatewright.smoke.kind import Kind
from gatewright.smoke.layer import Fault, Layer
from gatewright.smoke.targets import Deployed


class Status(StrEnum):
    """How a check ended; flaky is passed, but only when repeated."""

    PASSED = "passed"
    FLAKY = "flaky"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"


class Verdict(NamedTuple):
    """How one check ended.

    ``fault`` is there unless the check passed at once; of a skipped one it is the reason.
    ``call`` reproduces what was seen; ``attempts`` are all requests it was judged by,
    shared ones included, ``seconds`` the time of its own.
    """

    check: Check
    status: Status
    seconds: float = 0.0
    actual: str = ""
    fault: Fault | None = None
    call: Call | None = None
    attempts: tuple[Attempt, ...] = ()

    @property
    def expected(self) -> str:
        """What a healthy gateway does."""
        return expected(self.check)


class Result(NamedTuple):
    """All verdicts in the order of the checks; ``requests`` counts repetitions too.

    ``started`` is in UTC. Of a run that ``is_interrupted`` the checks that were not judged
    are skipped.
    """

    verdicts: tuple[Verdict, ...]
    budget: Budget
    requests: int
    seconds: float
    started: datetime
    deployed: Deployed
    is_interrupted: bool = False

    def __repr__(self) -> str:
        # asyncio writes down the result of its main task when it ends, and thousands of
        # verdicts take longer to spell than to find.
        return f"Result({len(self.verdicts)} verdicts, exit_code={self.exit_code})"

    @property
    def counts(self) -> Mapping[Status, int]:
        """How many checks ended how; each status is a key."""
        return {status: len(self.of(status)) for status in Status}

    def of(self, *statuses: Status) -> tuple[Verdict, ...]:
        """The verdicts with one of these statuses."""
        return tuple(verdict for verdict in self.verdicts if verdict.status in statuses)

    @property
    def outcome(self) -> Status:
        """One word for the whole run: an error, failed, or passed."""
        if self.is_interrupted:
            return Status.ERROR
        bad = (Status.ERROR, Status.FAILED)
        return next((status for status in bad if self.of(status)), Status.PASSED)

    @property
    def exit_code(self) -> ExitCode:
        """8 if a check could not run, else 4 if the token was good for nothing, else 6 or 0."""
        if self.is_interrupted:
            return ExitCode.INTERRUPTED
        if self.of(Status.ERROR):
            return ExitCode.COULD_NOT_RUN
        if not self.of(Status.FAILED):
            return ExitCode.OK
        return ExitCode.CREDENTIALS if self._is_token_refused() else ExitCode.SMOKE_FAILED

    def _is_token_refused(self) -> bool:
        """No endpoint accepted the token, and nothing else is wrong; a Worker gets none."""
        failed = self.of(Status.FAILED)
        answered = [
            verdict
            for verdict in self.of(Status.PASSED, Status.FLAKY)
            if verdict.check.kind in {Kind.ANSWER, Kind.STREAM} and not verdict.check.worker
        ]
        return not answered and all(
            verdict.fault is not None and verdict.fault.layer is Layer.TOKEN for verdict in failed
        )
