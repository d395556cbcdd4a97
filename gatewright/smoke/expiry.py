"""Whether the cache keeps an answer as long as is declared, and no longer."""

from dataclasses import dataclass

from gatewright.smoke.caching import CANNOT_BE_TOLD_APART, of_hit, until_hit
from gatewright.smoke.call import Call, accepted_call
from gatewright.smoke.checks import cache_ttl
from gatewright.smoke.docket import Docket
from gatewright.smoke.evidence import Evidence
from gatewright.smoke.expectation import Expecting, is_accepted, is_met
from gatewright.smoke.fault import SHOW_DRIFT, blame
from gatewright.smoke.kind import Kind
from gatewright.smoke.layer import Fault, Layer
from gatewright.smoke.session import Session, Try

#: Seconds before and after the end of an entry's time at which it is looked at.
_MARGIN = 5.0
#: Entries that are followed until the life of one is known well enough.
_LIVES = 3

_TOO_LONG = Fault(Layer.GATEWAY, "the cache kept an answer for longer than is declared", SHOW_DRIFT)
_TOO_SHORT = Fault(
    Layer.GATEWAY, "the cache forgot an answer before its declared time was over", SHOW_DRIFT
)
_RESTLESS = Fault(
    Layer.NETWORK,
    "requests had to be repeated each time, so nobody knows when the answer was stored",
    "run it again when the connection is better",
)


@dataclass(slots=True)
class _Life:
    """An entry's: the tries that show it, and the times between which it was stored."""

    call: Call
    tries: list[Try]
    earliest: float
    latest: float

    @property
    def last(self) -> Evidence:
        """What was seen last."""
        return self.tries[-1][-1].evidence


class Expiry:
    """Follows entries of one endpoint; ``nonce`` is its own in this run."""

    def __init__(self, docket: Docket, session: Session, nonce: str) -> None:
        self._docket = docket
        self._session = session
        self._nonce = nonce
        self._ttl = cache_ttl(docket.any.gateway, docket.any.endpoint)
        self._moved = 0.0

    async def check(self) -> None:
        """Follow an entry to its end; another one where its beginning or its end is unclear."""
        if self._docket.is_without(Kind.CACHE_EXPIRES, Kind.CACHE_HIT):
            return
        for number in range(_LIVES):
            life = await self._born(f"{self._nonce}-expires-{number}")
            if not life.call.is_unique:
                self._docket.skip(Kind.CACHE_EXPIRES, CANNOT_BE_TOLD_APART, life.call)
                return
            if not is_met(of_hit(life.tries), life.last):
                self._docket.judge(Kind.CACHE_EXPIRES, life.call, life.tries, of_hit(life.tries))
                return
            if life.latest - life.earliest <= _MARGIN and await self._is_judged(life):
                return
        self._docket.skip(Kind.CACHE_EXPIRES, _RESTLESS)

    async def _born(self, nonce: str) -> _Life:
        check = self._docket.any
        url = self._session.targets.url(check.gateway, check.endpoint)
        call = accepted_call(check.gateway, check.endpoint, url, nonce)
        earliest = self._now()
        tries = [await self._send(call)]
        if call.is_unique:
            tries = await until_hit(self._docket, self._session, call, tries)
        return _Life(call, tries, earliest, self._now())

    async def _is_judged(self, life: _Life) -> bool:
        """Look just before the end and just after it; false if nothing is known from that."""
        for moment, wanted, otherwise in (
            (life.earliest + self._ttl - _MARGIN, Expecting.HIT, _TOO_SHORT),
            (life.latest + self._ttl + _MARGIN, Expecting.NO_HIT, _TOO_LONG),
        ):
            await self._wait_until(moment)
            life.tries.append(await self._send(life.call))
            if not is_accepted(life.last):
                self._conclude(life, blame(self._docket.any, Expecting.ACCEPTED, life.last))
                return True
            if len(life.tries[-1]) > 1:  # one that was lost may have stored the answer anew
                return False
            if not is_met(wanted, life.last):
                self._conclude(life, otherwise)
                return True
        self._conclude(life, None)
        return True

    def _conclude(self, life: _Life, fault: Fault | None) -> None:
        seen = ", ".join(each[-1].evidence.cache or "no header" for each in life.tries)
        self._docket.conclude(Kind.CACHE_EXPIRES, life.call, life.tries, actual=seen, fault=fault)

    async def _send(self, call: Call) -> Try:
        return await self._session.send(self._docket.any, call, Expecting.ACCEPTED)

    def _now(self) -> float:
        return self._session.patience.clock() + self._moved

    async def _wait_until(self, moment: float) -> None:
        """Time goes by, here or on the local Cloudflare."""
        seconds = max(moment - self._now(), 0.0)
        if self._session.stage:
            await self._session.stage.advance(seconds)
            self._moved += seconds
        else:
            await self._session.patience.sleep(seconds)
