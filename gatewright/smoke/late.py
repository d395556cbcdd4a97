"""What comes last: to wait for an expiry, to have a provider fail, to use up a limit."""

import asyncio
from contextlib import AsyncExitStack

from gatewright.errors import CouldNotRunError
from gatewright.smoke.answered import is_model
from gatewright.smoke.call import Call, accepted_call, past_the_cache
from gatewright.smoke.docket import Docket
from gatewright.smoke.evidence import Evidence
from gatewright.smoke.expectation import RATE_LIMITED, Expecting, is_accepted, is_worth_repeating
from gatewright.smoke.expiry import Expiry
from gatewright.smoke.fault import SHOW_DRIFT, blame
from gatewright.smoke.kind import Kind
from gatewright.smoke.layer import Fault, Layer
from gatewright.smoke.routes import ways_of
from gatewright.smoke.session import Session, Try


class Late:
    """The late checks of one endpoint; ``nonce`` is its own in this run."""

    def __init__(self, docket: Docket, session: Session, nonce: str) -> None:
        self._docket = docket
        self._session = session
        self._nonce = nonce

    async def run(self) -> None:
        """All but the rate limit, which is of no use to whoever comes after it."""
        for kind, check in (
            (Kind.CACHE_EXPIRES, Expiry(self._docket, self._session, self._nonce).check),
            (Kind.RETRIES, self._retries),
            (Kind.FALLBACK, self._fallback),
        ):
            if kind in self._docket.checks:
                async with AsyncExitStack() as stack:
                    # Moved time and failing providers are everybody's.
                    if self._session.stage:
                        await stack.enter_async_context(self._session.alone)
                    try:
                        await check()
                    except CouldNotRunError as error:  # the local Cloudflare's controls
                        self._docket.could_not_run(kind, error.message)

    async def exhaust(self) -> None:
        """The rate limit."""
        if Kind.RATE_LIMIT in self._docket.checks:
            await self._limit()

    def _call(self, purpose: str) -> Call:
        check = self._docket.any
        url = self._session.targets.url(check.gateway, check.endpoint)
        return accepted_call(check.gateway, check.endpoint, url, f"{self._nonce}-{purpose}")

    async def _retries(self) -> None:
        docket, call = self._docket, past_the_cache(self._call("retries"))
        evidence, tries = await self._while_failing(call, times=1)
        fault = None if is_accepted(evidence) else self._lost(evidence) or _NOT_RETRIED
        docket.conclude(Kind.RETRIES, call, tries, actual=str(evidence), fault=fault)

    async def _fallback(self) -> None:
        docket, call = self._docket, past_the_cache(self._call("fallback"))
        if docket.is_without(Kind.FALLBACK, Kind.ROUTE):
            return
        found = ways_of(docket.any.gateway, docket.any.endpoint)
        evidence, tries = await self._while_failing(call, times=found.first[0].retries + 1)
        is_other = any(
            is_model(evidence.model or "", step.model, step.provider) for step in found.fallback
        )
        is_good = is_accepted(evidence) and is_other
        fault = None if is_good else self._lost(evidence) or _NO_FALLBACK
        seen = f"{evidence}, `cf-aig-model: {evidence.model or ''}`"
        docket.conclude(Kind.FALLBACK, call, tries, actual=seen, fault=fault)

    def _lost(self, evidence: Evidence) -> Fault | None:
        """Whose fault it is that there is no answer, if there is none."""
        is_lost = evidence.trouble is not None
        return blame(self._docket.any, Expecting.ACCEPTED, evidence) if is_lost else None

    async def _while_failing(self, call: Call, times: int) -> tuple[Evidence, list[Try]]:
        """The one answer to ``call`` while the provider fails ``times``."""
        stage = self._session.stage
        if stage is None:
            raise RuntimeError("only on the local Cloudflare")
        await stage.fail_provider(times)
        try:
            attempt = await self._session.client.send(call, self._docket.any)
        finally:
            await stage.heal_provider()
        self._session.on_attempt(self._docket.any, attempt)
        return attempt.evidence, [(attempt,)]

    async def _limit(self) -> None:
        """As many requests as are allowed and one, all at once.

        A fixed window may end among them and the next take as many again, and the refusal
        itself may be lost on its way: then more are sent.
        """
        docket, call = self._docket, self._call("limit")
        rate = docket.any.gateway.rate_limiting
        limit, interval = (rate.limit, rate.interval) if rate else (0, 0)
        clock = self._session.patience.clock
        begun = clock()
        tries = await self._volley(call, limit + 1)
        if not _limited(tries) and all(map(_is_no_matter, tries)):
            tries += await self._volley(call, limit)
        served = sum(_is_served(each) for each in tries)
        refused = _limited(tries)
        seen = f"{served} of {len(tries)} requests served, {len(refused)} answered with 2003"
        fault = None
        strange = [each for each in tries if not _is_served(each) and each not in refused]
        if not refused and strange:
            fault = blame(docket.any, Expecting.ACCEPTED, strange[0][-1].evidence)
        elif not refused and clock() - begun >= interval:
            docket.skip(Kind.RATE_LIMIT, _TOO_SLOW, call)
            return
        elif not refused:
            fault = _UNLIMITED
        docket.conclude(Kind.RATE_LIMIT, call, tries, actual=seen, fault=fault)

    async def _volley(self, call: Call, count: int) -> list[Try]:
        async def send() -> Try:
            attempt = await self._session.client.send(call, self._docket.any)
            self._session.on_attempt(self._docket.any, attempt)
            return (attempt,)

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(send()) for _ in range(count)]
        return [task.result() for task in tasks]


def _limited(tries: list[Try]) -> list[Try]:
    return [each for each in tries if each[-1].evidence.code == RATE_LIMITED]


def _is_served(attempts: Try) -> bool:
    return is_accepted(attempts[-1].evidence)


def _is_no_matter(attempts: Try) -> bool:
    return _is_served(attempts) or is_worth_repeating(Expecting.ACCEPTED, attempts[-1].evidence)


_NOT_RETRIED = Fault(
    Layer.GATEWAY,
    "the provider failed once, and the gateway did not ask it again as `retries` declares",
    SHOW_DRIFT,
)
_NO_FALLBACK = Fault(
    Layer.GATEWAY,
    "the route's first model failed, and the declared fallback did not answer",
    f"compare the deployed version of the route with the spec: {SHOW_DRIFT}",
)
_UNLIMITED = Fault(
    Layer.GATEWAY,
    "more requests were served in the interval than `rate_limiting` declares",
    SHOW_DRIFT,
)
_TOO_SLOW = Fault(
    Layer.PROVIDER,
    "the requests took longer than the limit's interval, so nothing follows from them",
    "raise `--concurrency`, or leave it out with `--skip '*/rate-limit'`",
)
