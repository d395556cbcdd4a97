"""All checks of one endpoint, one request after another, requests shared where honest."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from gatewright.smoke.call import (
    Call,
    accepted_call,
    call_with_wrong_token,
    call_without_token,
)
from gatewright.smoke.checks import (
    ACCEPTED_KINDS,
    CACHED_TRIES,
    UNCACHED_TRIES,
    Check,
    Kind,
)
from gatewright.smoke.client import Client
from gatewright.smoke.evidence import Attempt, Evidence
from gatewright.smoke.expectation import (
    GATEWAY_UNAUTHORIZED,
    GATEWAY_UNKNOWN,
    Expecting,
    is_accepted,
    is_met,
)
from gatewright.smoke.fault import blame
from gatewright.smoke.layer import Fault, Layer
from gatewright.smoke.patience import Patience
from gatewright.smoke.result import Status, Verdict
from gatewright.smoke.targets import Targets

#: Before the last try for a HIT: a cache may take a moment to know what it stored.
_CACHE_SETTLES = 1.0

_CANNOT_BE_TOLD_APART = Fault(
    Layer.SPEC,
    "the body has no text that could tell this run from an earlier one, so a HIT proves nothing",
    "call it twice by hand: the second answer should say `cf-aig-cache-status: HIT`",
)


@dataclass(frozen=True, slots=True)
class Session:
    """What the endpoints of a run share."""

    client: Client
    targets: Targets
    patience: Patience
    on_attempt: Callable[[Check, Attempt], None]
    on_verdict: Callable[[Verdict], None]


class EndpointRun:
    """``nonce`` is this endpoint's own in this run: no other call has the same body."""

    def __init__(self, checks: Sequence[Check], nonce: str, session: Session) -> None:
        self._checks = {check.kind: check for check in checks}
        self._any = checks[0]
        self._nonce = nonce
        self._session = session
        self._verdicts: list[Verdict] = []
        self._url = session.targets.url(self._any.gateway, self._any.endpoint)

    async def verdicts(self) -> list[Verdict]:
        """Run the checks; each verdict is handed to ``on_verdict`` as soon as it stands."""
        culprit = await self._accepted() if self._checks.keys() & ACCEPTED_KINDS else None
        refused = {
            Kind.AUTHENTICATION_REQUIRED: (call_without_token, "without"),
            Kind.WRONG_TOKEN_REFUSED: (call_with_wrong_token, "wrong"),
        }
        for kind, (build, purpose) in refused.items():
            if kind not in self._checks:
                continue
            if culprit and not _is_reached(culprit.attempts[-1].evidence):
                self._skip([kind], culprit)
            else:
                await self._refused(
                    kind, build(self._any.endpoint, self._url, f"{self._nonce}-{purpose}")
                )
        return self._verdicts

    async def _accepted(self) -> Verdict | None:
        """What the call with the token shows; the verdict on it if it was not accepted."""
        check = self._any
        call = accepted_call(check.gateway, check.endpoint, self._url, self._nonce)
        first = await self._send(call, Expecting.ACCEPTED)
        evidence = first[-1].evidence
        dependents = [kind for kind in self._checks if kind in ACCEPTED_KINDS]
        if not is_accepted(evidence):
            culprit = dependents.pop(_culprit(dependents, evidence))
            verdict = self._judge(culprit, call, [first], Expecting.ACCEPTED)
            self._skip(dependents, verdict)
            return verdict
        for kind in dependents:
            if kind in {Kind.CACHE_HIT, Kind.CACHE_OFF}:
                await self._cache(kind, call, first)
            else:
                self._judge(kind, call, [first], Expecting.ACCEPTED)
        return None

    async def _refused(self, kind: Kind, call: Call) -> None:
        attempts = await self._send(call, Expecting.REFUSED)
        self._judge(kind, call, [attempts], Expecting.REFUSED)

    async def _cache(self, kind: Kind, call: Call, first: tuple[Attempt, ...]) -> None:
        """The same call again, until a HIT or the last try."""
        if kind is Kind.CACHE_HIT and not call.is_unique:
            self._settle(
                Verdict(self._checks[kind], Status.SKIPPED, fault=_CANNOT_BE_TOLD_APART, call=call)
            )
            return
        tries = [first]
        limit = CACHED_TRIES if kind is Kind.CACHE_HIT else UNCACHED_TRIES
        while len(tries) < limit and is_met(Expecting.NO_HIT, tries[-1][-1].evidence):
            if len(tries) > 1:
                await self._session.patience.sleep(_CACHE_SETTLES)
            tries.append(await self._send(call, Expecting.ACCEPTED))
        self._judge(kind, call, tries, _of_cache(kind, tries))

    async def _send(self, call: Call, expecting: Expecting) -> tuple[Attempt, ...]:
        async def send() -> Attempt:
            attempt = await self._session.client.send(call, self._any)
            self._session.on_attempt(self._any, attempt)
            return attempt

        return await self._session.patience.until_met(send, expecting)

    def _judge(
        self, kind: Kind, call: Call, tries: Sequence[tuple[Attempt, ...]], expecting: Expecting
    ) -> Verdict:
        """The verdict on the last try; the first of several was another check's."""
        check = self._checks[kind]
        own = tries[1:] or tries
        last = own[-1]
        evidence = last[-1].evidence
        fault = None
        status = Status.PASSED
        if not is_met(expecting, evidence):
            fault = blame(check, expecting, evidence)
            status = Status.ERROR if fault.layer is Layer.NETWORK else Status.FAILED
        elif repeated := [attempts for attempts in own if len(attempts) > 1]:
            fault = blame(check, _of_call(expecting), repeated[0][-2].evidence, recovered=True)
            status = Status.FLAKY
        verdict = Verdict(
            check,
            status,
            seconds=last[-1].started + last[-1].seconds - own[0][0].started,
            actual=_actual(tries, expecting),
            fault=fault,
            call=call,
            attempts=tuple(attempt for attempts in tries for attempt in attempts),
        )
        return self._settle(verdict)

    def _skip(self, kinds: Iterable[Kind], culprit: Verdict) -> None:
        """What cannot be judged without the culprit."""
        layer = culprit.fault.layer if culprit.fault else Layer.SPEC
        fault = Fault(
            layer,
            f"it needs `{culprit.check.kind}`, which did not pass",
            f"mend `{culprit.check.id}` first",
        )
        for kind in kinds:
            self._settle(Verdict(self._checks[kind], Status.SKIPPED, fault=fault))

    def _settle(self, verdict: Verdict) -> Verdict:
        self._verdicts.append(verdict)
        self._session.on_verdict(verdict)
        return verdict


def _culprit(kinds: Sequence[Kind], evidence: Evidence) -> int:
    """The place of the kind that answers for a call that was not accepted."""
    is_closed = evidence.code == GATEWAY_UNAUTHORIZED and Kind.AUTHENTICATION_OFF in kinds
    return kinds.index(Kind.AUTHENTICATION_OFF) if is_closed else 0


def _is_reached(evidence: Evidence) -> bool:
    """Whether it makes sense to ask the gateway anything else."""
    return evidence.trouble is None and evidence.code != GATEWAY_UNKNOWN


def _of_cache(kind: Kind, tries: Sequence[tuple[Attempt, ...]]) -> Expecting:
    if not is_accepted(tries[-1][-1].evidence):
        return Expecting.ACCEPTED
    if kind is Kind.CACHE_OFF:
        return Expecting.NO_HIT
    # A HIT at once is no proof; after a lost answer it is the entry that the lost one left.
    return Expecting.UNSEEN if len(tries) == len(tries[0]) == 1 else Expecting.HIT


def _of_call(expecting: Expecting) -> Expecting:
    """What each single request was to bring."""
    return Expecting.REFUSED if expecting is Expecting.REFUSED else Expecting.ACCEPTED


def _actual(tries: Sequence[tuple[Attempt, ...]], expecting: Expecting) -> str:
    last = tries[-1][-1].evidence
    if expecting in {Expecting.REFUSED, Expecting.ACCEPTED}:
        return str(last)
    seen = (attempts[-1].evidence.cache or "no `cf-aig-cache-status`" for attempts in tries)
    return ", ".join(seen)
