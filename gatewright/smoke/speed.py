"""Whether an answer comes as soon as its endpoint declares."""

from gatewright.smoke.call import Call, past_the_cache
from gatewright.smoke.docket import Docket
from gatewright.smoke.expectation import Expecting, is_accepted
from gatewright.smoke.fault import blame
from gatewright.smoke.kind import LATENCY_TRIES, Kind
from gatewright.smoke.layer import Fault, Layer
from gatewright.smoke.session import Session, Try

_SLOW = Fault(
    Layer.PROVIDER,
    "the model takes longer than the endpoint declares under `expect.latency`",
    "look at the durations in the gateway's logs; choose a faster model, or raise it",
)
_ONCE_SLOW = Fault(Layer.PROVIDER, "one answer was slower than declared", "none: the next was not")


async def check_latency(docket: Docket, session: Session, call: Call, first: Try) -> None:
    """A slow answer is asked for again: only one that is slow each time is the model's."""
    wanted = (docket.any.endpoint.expect.latency or 0) / 1000
    tries = [first]
    while len(tries) < LATENCY_TRIES and not _is_fast(tries[-1], wanted):
        again = past_the_cache(call)
        tries.append(await session.send(docket.any, again, Expecting.ACCEPTED))
    evidence = tries[-1][-1].evidence
    fault = None
    if not is_accepted(evidence):
        fault = blame(docket.any, Expecting.ACCEPTED, evidence)
    elif not _is_fast(tries[-1], wanted):
        fault = _SLOW
    seen = ", ".join(f"{each[-1].seconds * 1000:.0f} ms" for each in tries)
    passing = _ONCE_SLOW if len(tries) > 1 and not fault else None
    docket.conclude(Kind.EXPECTED_LATENCY, call, tries, actual=seen, fault=fault, passing=passing)


def _is_fast(attempts: Try, wanted: float) -> bool:
    """Whether the last answer is in time; one from the cache says nothing."""
    last = attempts[-1]
    return last.seconds <= wanted and last.evidence.cache != "HIT"
