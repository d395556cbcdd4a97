"""Whether the cache does as declared: on, off, by its own key."""

from collections.abc import Sequence

from gatewright.smoke.call import Call, with_text
from gatewright.smoke.docket import Docket
from gatewright.smoke.expectation import Expecting, is_accepted, is_met
from gatewright.smoke.kind import CACHED_TRIES, UNCACHED_TRIES, Kind
from gatewright.smoke.layer import Fault, Layer
from gatewright.smoke.session import Session, Try

#: Before the last try for a HIT: a cache may take a moment to know what it stored.
CACHE_SETTLES = 1.0

CANNOT_BE_TOLD_APART = Fault(
    Layer.SPEC,
    "the body has no text that could tell this run from an earlier one, so a HIT proves nothing",
    "call it twice by hand: the second answer should say `cf-aig-cache-status: HIT`",
)


async def check_hit(docket: Docket, session: Session, call: Call, first: Try) -> None:
    """The same call again, until a HIT or the last try."""
    if not call.is_unique:
        docket.skip(Kind.CACHE_HIT, CANNOT_BE_TOLD_APART, call)
        return
    tries = await until_hit(docket, session, call, [first])
    docket.judge(Kind.CACHE_HIT, call, tries, of_hit(tries))


async def check_off(docket: Docket, session: Session, call: Call, first: Try) -> None:
    """The same call once more."""
    tries = [first]
    while len(tries) < UNCACHED_TRIES and _is_miss(tries[-1]):
        tries.append(await session.send(docket.any, call, Expecting.ACCEPTED))
    is_good = is_accepted(tries[-1][-1].evidence)
    docket.judge(Kind.CACHE_OFF, call, tries, Expecting.NO_HIT if is_good else Expecting.ACCEPTED)


async def check_key(docket: Docket, session: Session, call: Call, first: Try) -> None:
    """Other bodies with the key of the first call, each a new one: only the key is known."""
    tries, sent = [first], call
    while len(tries) < CACHED_TRIES and (len(tries) == 1 or _is_miss(tries[-1])):
        if len(tries) > 1:
            await session.patience.sleep(CACHE_SETTLES)
        key = call.options["cf-aig-cache-key"]
        other = with_text(call, f"Body {len(tries)} with the cache key {key}")
        if other is None:
            docket.skip(Kind.CACHE_KEY, CANNOT_BE_TOLD_APART, call)
            return
        sent = other
        tries.append(await session.send(docket.any, sent, Expecting.ACCEPTED))
    is_good = is_accepted(tries[-1][-1].evidence)
    docket.judge(Kind.CACHE_KEY, sent, tries, Expecting.HIT if is_good else Expecting.ACCEPTED)


def _is_miss(attempts: Try) -> bool:
    return is_met(Expecting.NO_HIT, attempts[-1].evidence)


async def until_hit(docket: Docket, session: Session, call: Call, tries: list[Try]) -> list[Try]:
    """Send until a HIT, at most until there are `CACHED_TRIES`."""
    while len(tries) < CACHED_TRIES and _is_miss(tries[-1]):
        if len(tries) > 1:
            await session.patience.sleep(CACHE_SETTLES)
        tries.append(await session.send(docket.any, call, Expecting.ACCEPTED))
    return tries


def of_hit(tries: Sequence[Try]) -> Expecting:
    """What the tries for a HIT are to be judged by."""
    if not is_accepted(tries[-1][-1].evidence):
        return Expecting.ACCEPTED
    # A HIT at once is no proof; after a lost answer it is the entry that the lost one left.
    return Expecting.UNSEEN if len(tries) == len(tries[0]) == 1 else Expecting.HIT
