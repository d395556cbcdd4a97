"""Whether the cache does as a Worker declares, as its gateway's logs tell."""

from gatewright.smoke.caching import CACHE_SETTLES, CANNOT_BE_TOLD_APART, of_hit
from gatewright.smoke.call import Call
from gatewright.smoke.docket import Docket
from gatewright.smoke.evidence import Attempt
from gatewright.smoke.expectation import Expecting, is_accepted, is_met
from gatewright.smoke.kind import CACHED_TRIES, UNCACHED_TRIES, Kind
from gatewright.smoke.logs import LOST, log_of, unreadable
from gatewright.smoke.session import Session, Try

_TRIES = {Kind.CACHE_HIT: CACHED_TRIES, Kind.CACHE_OFF: UNCACHED_TRIES}


async def check(kind: Kind, docket: Docket, session: Session, call: Call, first: Try) -> None:
    """The same call again, until the logs show one from the cache or the last try."""
    if docket.is_without(kind, Kind.LOGGED):
        return
    if kind is Kind.CACHE_HIT and not call.is_unique:
        docket.skip(kind, CANNOT_BE_TOLD_APART, call)
        return
    if fault := await unreadable(session, docket.any.gateway):
        docket.skip(kind, fault)
        return
    tries = [await _looked_up(docket, session, first)]
    while len(tries) < _TRIES[kind] and _is_miss(tries[-1]):
        if len(tries) > 1:
            await session.patience.sleep(CACHE_SETTLES)
        sent = await session.send(docket.any, call, Expecting.ACCEPTED)
        tries.append(await _looked_up(docket, session, sent))
    evidence = tries[-1][-1].evidence
    if not is_accepted(evidence):
        docket.judge(kind, call, tries, Expecting.ACCEPTED)
    elif evidence.cache is None:
        docket.conclude(kind, call, tries, actual="a call without a log", fault=LOST)
    else:
        wanted = of_hit(tries) if kind is Kind.CACHE_HIT else Expecting.NO_HIT
        docket.judge(kind, call, tries, wanted)


async def _looked_up(docket: Docket, session: Session, tried: Try) -> Try:
    """The try with what its log says of the cache, in the words of the gateway's header."""
    last = tried[-1]
    if last.evidence.log_id is None or not is_accepted(last.evidence):
        return tried
    row = await log_of(session, docket.any.gateway, last.evidence.log_id)
    if row is None or not isinstance(row.get("cached"), bool):
        return tried
    evidence = last.evidence._replace(cache="HIT" if row["cached"] else "MISS")
    return (*tried[:-1], Attempt(last.started, last.seconds, evidence))


def _is_miss(tried: Try) -> bool:
    evidence = tried[-1].evidence
    return evidence.cache is not None and is_met(Expecting.NO_HIT, evidence)
