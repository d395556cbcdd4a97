"""The checks of one endpoint and how each of them ended."""

from collections.abc import Iterable, Sequence

from gatewright.smoke.call import Call
from gatewright.smoke.checks import Check
from gatewright.smoke.expectation import Expecting, is_met
from gatewright.smoke.fault import blame
from gatewright.smoke.kind import Kind
from gatewright.smoke.layer import Fault, Layer
from gatewright.smoke.result import Status, Verdict
from gatewright.smoke.session import Session, Try


class Docket:
    """Hands each verdict to the session's ``on_verdict`` as soon as it stands."""

    def __init__(self, checks: Sequence[Check], session: Session) -> None:
        self.checks = {check.kind: check for check in checks}
        self.any = checks[0]
        self.verdicts: list[Verdict] = []
        self._session = session

    def judge(self, kind: Kind, call: Call, tries: Sequence[Try], expecting: Expecting) -> Verdict:
        """By the last try, which is to be as expected; the first of several is another check's."""
        check = self.checks[kind]
        own = tries[1:] or tries
        evidence = own[-1][-1].evidence
        fault = None if is_met(expecting, evidence) else blame(check, expecting, evidence)
        passing = None
        if repeated := [attempts for attempts in own if len(attempts) > 1]:
            was_for = Expecting.REFUSED if expecting is Expecting.REFUSED else Expecting.ACCEPTED
            passing = blame(check, was_for, repeated[0][-2].evidence, recovered=True)
        return self.conclude(
            kind, call, tries, fault=fault, passing=passing, actual=_actual(tries, expecting)
        )

    def conclude(
        self,
        kind: Kind,
        call: Call,
        tries: Sequence[Try],
        *,
        actual: str,
        fault: Fault | None,
        passing: Fault | None = None,
    ) -> Verdict:
        """Failed by ``fault``, could not run if that is the network's; flaky by ``passing``."""
        own = tries[1:] or tries
        last = own[-1][-1]
        status = Status.FLAKY if passing else Status.PASSED
        if fault:
            status = Status.ERROR if fault.layer is Layer.NETWORK else Status.FAILED
        return self._settle(
            Verdict(
                self.checks[kind],
                status,
                seconds=last.started + last.seconds - own[0][0].started,
                actual=actual,
                fault=fault or passing,
                call=call,
                attempts=tuple(attempt for attempts in tries for attempt in attempts),
            )
        )

    def skip(self, kind: Kind, reason: Fault, call: Call | None = None) -> None:
        """What cannot be judged, and why."""
        self._settle(Verdict(self.checks[kind], Status.SKIPPED, fault=reason, call=call))

    def could_not_run(self, kind: Kind, why: str) -> None:
        """What the local Cloudflare kept from being tried."""
        fault = Fault(Layer.NETWORK, why, "start the local Cloudflare anew")
        self._settle(Verdict(self.checks[kind], Status.ERROR, fault=fault))

    def skip_dependents(self, kinds: Iterable[Kind], culprit: Verdict) -> None:
        """What cannot be judged without the culprit."""
        layer = culprit.fault.layer if culprit.fault else Layer.SPEC
        fault = Fault(
            layer,
            f"it needs `{culprit.check.kind}`, which did not pass",
            f"mend `{culprit.check.id}` first",
        )
        for kind in kinds:
            self.skip(kind, fault)

    def is_without(self, kind: Kind, needed: Kind) -> bool:
        """Whether ``needed`` did not pass; ``kind`` is skipped then."""
        culprit = next(
            (
                verdict
                for verdict in self.verdicts
                if verdict.check.kind is needed
                and verdict.status not in {Status.PASSED, Status.FLAKY}
            ),
            None,
        )
        if culprit:
            self.skip_dependents([kind], culprit)
        return culprit is not None

    def _settle(self, verdict: Verdict) -> Verdict:
        self.verdicts.append(verdict)
        self._session.on_verdict(verdict)
        return verdict


_OF_CACHE = frozenset({Expecting.UNSEEN, Expecting.HIT, Expecting.NO_HIT})


def _actual(tries: Sequence[Try], expecting: Expecting) -> str:
    if expecting not in _OF_CACHE:
        return str(tries[-1][-1].evidence)
    seen = (attempts[-1].evidence.cache or "no `cf-aig-cache-status`" for attempts in tries)
    return ", ".join(seen)
