"""All checks of one endpoint, one request after another, requests shared where honest."""

from collections.abc import Sequence

from gatewright.smoke import answered, caching, worker_cache
from gatewright.smoke.call import (
    Call,
    accepted_call,
    call_with_wrong_token,
    call_without_token,
    worker_call,
)
from gatewright.smoke.checks import Check
from gatewright.smoke.docket import Docket
from gatewright.smoke.evidence import Evidence
from gatewright.smoke.expectation import (
    GATEWAY_UNAUTHORIZED,
    GATEWAY_UNKNOWN,
    Expecting,
    is_accepted,
    is_foreign,
)
from gatewright.smoke.kind import ACCEPTED_KINDS, LATE_KINDS, MARKED_KINDS, Kind
from gatewright.smoke.late import Late
from gatewright.smoke.logs import check_found
from gatewright.smoke.marked import check_marked
from gatewright.smoke.result import Verdict
from gatewright.smoke.session import Session, Try
from gatewright.smoke.speed import check_latency

#: What sends more of the same call, or looks elsewhere.
_FOLLOWING = {
    Kind.EXPECTED_LATENCY: check_latency,
    Kind.CACHE_HIT: caching.check_hit,
    Kind.CACHE_OFF: caching.check_off,
    Kind.CACHE_KEY: caching.check_key,
    Kind.LOG_FOUND: check_found,
}
_CACHE = frozenset({Kind.CACHE_HIT, Kind.CACHE_OFF})
_REFUSED = {
    Kind.AUTHENTICATION_REQUIRED: (call_without_token, "without"),
    Kind.WRONG_TOKEN_REFUSED: (call_with_wrong_token, "wrong"),
}


class EndpointRun:
    """``nonce`` is this endpoint's own in this run: no other call has the same body."""

    def __init__(self, checks: Sequence[Check], nonce: str, session: Session) -> None:
        self._docket = Docket(checks, session)
        self._any = checks[0]
        self._nonce = nonce
        self._session = session
        self._late = Late(self._docket, session, nonce)
        self._culprit: Verdict | None = None

    @property
    def verdicts(self) -> list[Verdict]:
        """Those that stand."""
        return self._docket.verdicts

    async def run(self) -> None:
        """All but what comes late."""
        kinds = self._docket.checks.keys()
        if kinds & ACCEPTED_KINDS:
            self._culprit = await self._accepted()
        is_reached = self._culprit is None or _is_reached(self._culprit.attempts[-1].evidence)
        for kind in [kind for kind in kinds if kind in _REFUSED] if is_reached else ():
            await self._refused(kind)
        if self._culprit:
            needing = MARKED_KINDS | LATE_KINDS | (frozenset() if is_reached else _REFUSED.keys())
            self._docket.skip_dependents([kind for kind in kinds if kind in needing], self._culprit)
            return
        for kind in [kind for kind in kinds if kind in MARKED_KINDS]:
            await check_marked(kind, self._docket, self._session, f"{self._nonce}-{kind}")

    async def run_late(self) -> None:
        """What waits, or makes providers fail."""
        if not self._culprit:
            await self._late.run()

    async def exhaust(self) -> None:
        """What leaves the gateway at its limit."""
        if not self._culprit:
            await self._late.exhaust()

    async def _accepted(self) -> Verdict | None:
        """What the call with the token shows; the verdict on it if it was not accepted."""
        check = self._any
        call = self._first_call()
        first = await self._session.send(check, call, Expecting.ACCEPTED)
        evidence = first[-1].evidence
        dependents = [kind for kind in self._docket.checks if kind in ACCEPTED_KINDS]
        if not is_accepted(evidence):
            culprit = dependents.pop(_culprit(dependents, evidence))
            verdict = self._docket.judge(culprit, call, [first], Expecting.ACCEPTED)
            self._docket.skip_dependents(dependents, verdict)
            return verdict
        for kind in dependents:
            await self._dependent(kind, call, first)
        return None

    def _first_call(self) -> Call:
        check, targets = self._any, self._session.targets
        if check.worker:
            worker, called = check.worker
            return worker_call(worker, called, targets.worker_url(worker, called), self._nonce)
        url = targets.url(check.gateway, check.endpoint)
        return accepted_call(check.gateway, check.endpoint, url, self._nonce)

    async def _dependent(self, kind: Kind, call: Call, first: Try) -> None:
        """One check that a good answer is the beginning of."""
        if self._any.worker and kind in _CACHE:
            await worker_cache.check(kind, self._docket, self._session, call, first)
        elif kind in _FOLLOWING:
            await _FOLLOWING[kind](self._docket, self._session, call, first)
        elif kind in answered.KINDS:
            seen, fault = answered.finding(self._docket.checks[kind], first[-1].evidence)
            if fault is answered.UNPRICED:
                self._docket.skip(kind, fault, call)
            else:
                self._docket.conclude(kind, call, [first], actual=seen, fault=fault)
        else:
            self._docket.judge(kind, call, [first], Expecting.ACCEPTED)

    async def _refused(self, kind: Kind) -> None:
        build, purpose = _REFUSED[kind]
        check = self._any
        url = self._session.targets.url(check.gateway, check.endpoint)
        call = build(check.gateway, check.endpoint, url, f"{self._nonce}-{purpose}")
        attempts = await self._session.send(check, call, Expecting.REFUSED)
        self._docket.judge(kind, call, [attempts], Expecting.REFUSED)


def _culprit(kinds: Sequence[Kind], evidence: Evidence) -> int:
    """The place of the kind that answers for a call that was not accepted."""
    is_closed = evidence.code == GATEWAY_UNAUTHORIZED and Kind.AUTHENTICATION_OFF in kinds
    return kinds.index(Kind.AUTHENTICATION_OFF) if is_closed else 0


def _is_reached(evidence: Evidence) -> bool:
    """Whether it makes sense to ask the gateway anything else."""
    is_answered = evidence.trouble is None and not is_foreign(evidence)
    return is_answered and evidence.code != GATEWAY_UNKNOWN
