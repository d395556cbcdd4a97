"""One step of a call: credential, cache, spend limits, checks, the provider, the log."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from starlette.responses import Response, StreamingResponse

from gatewright.emulator.traffic import checks, errors, usage
from gatewright.emulator.traffic.attempts import Attempts
from gatewright.emulator.traffic.cache import MAX_SIZE, Entry, Place, cacheable, custom_key, key_of
from gatewright.emulator.traffic.call import Call
from gatewright.emulator.traffic.checks import Verdict
from gatewright.emulator.traffic.credentials import Credential, Credentials
from gatewright.emulator.traffic.errors import TrafficError
from gatewright.emulator.traffic.exchange import Answered, Ask, ProviderLostError
from gatewright.emulator.traffic.headers import new_id, response_headers
from gatewright.emulator.traffic.logbook import LogEntry
from gatewright.emulator.traffic.memory import Memory
from gatewright.emulator.traffic.options import Options
from gatewright.emulator.traffic.providers import WORKERS_AI, credential_header
from gatewright.emulator.traffic.statistics import Ended
from gatewright.emulator.traffic.streams import whole
from gatewright.emulator.traffic.switches import Switch
from gatewright.emulator.web import JSON, header_of, json_bytes


@dataclass(slots=True)
class Outcome:
    """How a step ended, and its dollars."""

    response: Response
    cost: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether another step has to be tried."""
        return self.response.status_code >= 400  # noqa: PLR2004 - where errors begin


@dataclass(slots=True)
class _Trace:
    """What a step has gathered for its log and its headers."""

    call: Call
    ask: Ask
    options: Options
    step: int
    credential: Credential = field(default_factory=Credential)
    verdict: Verdict = field(default_factory=Verdict)


class Steps:
    """Runs steps against what the emulator remembers."""

    def __init__(self, memory: Memory, credentials: Credentials, attempts: Attempts) -> None:
        self._memory = memory
        self._credentials = credentials
        self._attempts = attempts

    async def run(self, call: Call, ask: Ask, options: Options, step: int = 0) -> Outcome:
        """The outcome, whatever it is: refusals are outcomes too.

        Fidelity: an answer from the cache is not checked again, and served when a spend
        limit is reached; only the latter is documented.
        """
        trace = _Trace(call, ask, options, step)
        try:
            trace.credential = self._credentials.require(call, ask, options)
            place = self._place(trace)
            if place is not None:
                entry = self._memory.cache.get(place, call.now)
                if entry is not None:
                    return Outcome(self._hit(trace, entry))
            answered = await self._ask(trace)
        except TrafficError as error:
            return Outcome(self._refused(trace, error))
        return self._finish(trace, answered, place)

    def refuse(
        self, call: Call, ask: Ask, options: Options, error: TrafficError, step: int = 0
    ) -> Response:
        """The reply to a call that nobody is asked for."""
        return self._refused(_Trace(call, ask, options, step), error)

    async def _ask(self, trace: _Trace) -> Answered:
        call, ask, options = trace.call, trace.ask, trace.options
        gateway = call.gateway
        self._memory.ledger.admit(gateway, ask.provider, ask.model, options.metadata, call.now)
        checked = checks.applies(gateway)
        if checked:
            checks.check_request(gateway, ask.content, trace.verdict)
        if trace.credential.header is not None:
            ask = replace(ask, headers={**ask.headers, **dict((trace.credential.header,))})
        if trace.credential.missing:
            ask = replace(ask, anonymous=True)
        answered = await self._attempts(ask, options.retries, options.timeout)
        by_rest = call.rest and not call.bound and ask.provider != WORKERS_AI
        if by_rest and answered.status == HTTPStatus.UNAUTHORIZED:
            raise errors.provider_refused()
        answered = self._memory.switches.answered(answered)
        if checked and not answered.failed:
            # What is checked can't be streamed: it comes when all of it is there.
            if answered.stream is not None:
                try:
                    answered.content = await whole(answered.stream)
                except ProviderLostError:
                    raise errors.provider_lost() from None
                answered.stream = None
            checks.check_response(gateway, answered.content, trace.verdict)
        return answered

    def _hit(self, trace: _Trace, entry: Entry) -> Response:
        answered = Answered(200, entry.body, entry.content_type, model_type=entry.model_type)
        log_id = self._log(trace, answered, 0.0, cached=True)
        headers = response_headers(trace.options, trace.step, log_id, "HIT")
        headers["content-type"] = entry.content_type
        return Response(entry.body, headers=headers)

    def _finish(self, trace: _Trace, answered: Answered, place: Place | None) -> Outcome:
        if answered.stream is not None:
            return self._stream(trace, answered)
        cost = self._charge(trace, answered)
        log_id = self._log(trace, answered, cost)
        kept = place is not None and self._keepable(trace, answered)
        status = "MISS" if kept else None
        headers = {
            **answered.headers,
            **response_headers(trace.options, trace.step, log_id, status),
        }
        _mark(headers, trace, answered.content_type)
        if place is not None and kept:
            now = trace.call.now
            entry = Entry(
                answered.content,
                answered.content_type,
                now + trace.options.ttl,
                answered.model_type,
            )
            self._memory.cache.put(place, entry)
        return Outcome(Response(answered.content, answered.status, headers), cost)

    def _stream(self, trace: _Trace, answered: Answered) -> Outcome:
        log_id = self._log_id(trace)
        headers = {**answered.headers, **response_headers(trace.options, trace.step, log_id)}
        _mark(headers, trace, answered.content_type)
        body = self._followed(trace, answered, log_id)
        cost = usage.cost_of(trace.ask.model, answered.usage, trace.options.custom_cost)
        return Outcome(StreamingResponse(body, answered.status, headers), cost)

    async def _followed(
        self, trace: _Trace, answered: Answered, log_id: str | None
    ) -> AsyncIterator[bytes]:
        """The pieces; when the last one is gone, or the client is, the call is logged."""
        sent: list[bytes] = []
        try:
            if answered.stream is not None:
                async for piece in answered.stream:
                    sent.append(piece)
                    yield piece
        finally:
            answered.content = b"".join(sent)
            if answered.usage == usage.NONE:
                answered.usage = usage.of_bytes(answered.content, answered.content_type)
            cost = self._charge(trace, answered)
            self._log(trace, answered, cost, log_id=log_id)

    def _refused(self, trace: _Trace, error: TrafficError) -> Response:
        if trace.call.rest:
            error = errors.on_run(error)
        answered = Answered(error.status, json_bytes(error.document))
        if not error.logged:
            self._count(trace, answered, 0.0, cached=False)
            return error.reply()
        log_id = self._log(trace, answered, 0.0)
        headers = {**error.headers, **response_headers(trace.options, trace.step, log_id)}
        _mark(headers, trace, JSON)
        return Response(answered.content, error.status, headers)

    def _place(self, trace: _Trace) -> Place | None:
        key = _key(trace.ask, trace.options)
        return None if key is None else self._memory.cache.place(trace.call.gateway["id"], key)

    def _charge(self, trace: _Trace, answered: Answered) -> float:
        if answered.failed:
            return 0.0
        call, ask, options = trace.call, trace.ask, trace.options
        cost = usage.cost_of(ask.model, answered.usage, options.custom_cost)
        if self._outlives(trace):
            return cost
        self._memory.ledger.charge(
            call.gateway, ask.provider, ask.model, options.metadata, (call.now, cost)
        )
        return cost

    def _log_id(self, trace: _Trace) -> str | None:
        """An id for the log of a call; ``None`` where it is not logged."""
        if not trace.options.logged or self._outlives(trace):
            return None
        taken = self._memory.logs.takes(trace.call.gateway)
        return new_id(trace.call.now) if taken else None

    def _log(
        self,
        trace: _Trace,
        answered: Answered,
        cost: float,
        *,
        cached: bool = False,
        log_id: str | None = None,
    ) -> str | None:
        log_id = log_id or self._log_id(trace)
        if self._outlives(trace):
            return log_id
        if log_id is not None and Switch.LOSES_LOGS not in self._memory.switches.on:
            entry = _entry(trace, answered, log_id, cost, cached=cached)
            self._memory.logs.add(trace.call.gateway, entry)
        self._count(trace, answered, cost, cached=cached)
        return log_id

    def _count(self, trace: _Trace, answered: Answered, cost: float, *, cached: bool) -> None:
        call, used = trace.call, answered.usage
        ended = Ended(
            at=call.now,
            duration=(time.perf_counter() - call.started) * 1000,
            cached=cached,
            failed=answered.failed,
            tokens_in=used.tokens_in,
            tokens_out=used.tokens_out,
            cost=cost,
        )
        self._memory.count(call.gateway["id"], ended, call.started)

    def _outlives(self, trace: _Trace) -> bool:
        return self._memory.outlives(trace.call.gateway["id"], trace.call.started)

    def _keepable(self, trace: _Trace, answered: Answered) -> bool:
        """Fidelity: only a 200 is kept here; what becomes of other successes is not documented."""
        good = answered.status == HTTPStatus.OK and cacheable(answered.content_type)
        return good and not self._outlives(trace)


def _mark(headers: dict[str, str], trace: _Trace, content_type: str) -> None:
    # Set as a header: as a media type it would get a charset.
    if content_type:
        headers["content-type"] = content_type
    found = trace.verdict.header()
    if found is not None:
        headers["cf-aig-dlp"] = json_bytes(found).decode("ascii")


def _key(ask: Ask, options: Options) -> bytes | None:
    """Fidelity: streams are not cached, as documented "by default"; nothing turns it on here."""
    if not options.ttl or ask.streams or ask.method != "POST" or len(ask.content) > MAX_SIZE:
        return None
    if options.cache_key is not None:
        return custom_key(options.cache_key)
    return key_of(ask, header_of(ask.headers, credential_header(ask.provider)) or "")


def _entry(
    trace: _Trace, answered: Answered, log_id: str, cost: float, *, cached: bool
) -> LogEntry:
    call, ask, options = trace.call, trace.ask, trace.options
    return LogEntry(
        id=log_id,
        gateway_id=call.gateway["id"],
        # To the millisecond, as it is shown: who asks by what is shown finds it.
        created=int(call.now * 1000) / 1000,
        provider=ask.provider,
        model=ask.model,
        path=ask.path,
        status=answered.status,
        step=trace.step,
        duration=int((time.perf_counter() - call.started) * 1000),
        cached=cached,
        tokens_in=answered.usage.tokens_in,
        tokens_out=answered.usage.tokens_out,
        cost=cost,
        custom_cost=options.custom_cost is not None and not cached,
        model_type=answered.model_type,
        request_type="universal" if ask.universal else ask.kind,
        request_content_type=header_of(call.headers, b"content-type") or "",
        response_content_type=answered.content_type,
        event_id=options.event_id,
        authentication=bool(call.gateway["authentication"]),
        wholesale=trace.credential.wholesale,
        byok=trace.credential.byok,
        compatible=ask.compatible,
        dlp_action=trace.verdict.action,
        user_agent=header_of(call.headers, b"user-agent") or "",
        metadata=options.metadata,
        request=ask.content if options.payload else None,
        response=answered.content if options.payload else None,
        request_size=len(ask.content),
        response_size=len(answered.content),
    )
