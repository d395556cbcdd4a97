"""The gateway endpoint: a call's way to its answer.

The order of decisions: gateway, its token, rate limit, path, provider's token,
body, model, cache, answer. Unknown gateways and wrong tokens are refused before the
body is read.
"""

from collections.abc import AsyncIterator
from urllib.parse import unquote

from starlette.responses import Response, StreamingResponse

from gatewright.emulator.clock import Clock
from gatewright.emulator.settings import Settings
from gatewright.emulator.store import Document, Store
from gatewright.emulator.traffic import PREFIX, auth, errors, inputs
from gatewright.emulator.traffic.answers import Answer, Stream
from gatewright.emulator.traffic.cache import Entry, custom_key, key_of
from gatewright.emulator.traffic.errors import TrafficError
from gatewright.emulator.traffic.headers import Options, options_of, response_headers
from gatewright.emulator.traffic.memory import Memory
from gatewright.emulator.traffic.models import Model
from gatewright.emulator.traffic.surface import Surface, model_of, surface_of
from gatewright.emulator.web import JSON, BodyTooLargeError, JsonValue, Request, json_bytes

_PARTS = 3


class GatewayEndpoint:
    """Answers everything below ``/v1``."""

    def __init__(self, store: Store, memory: Memory, settings: Settings, clock: Clock) -> None:
        self._store = store
        self._memory = memory
        self._account_id = settings.account
        self._clock = clock

    async def __call__(self, request: Request) -> Response:
        """A reply for every request; errors are in the refusing side's shape."""
        now = self._clock.now()
        try:
            gateway, rest = self._gateway(request)
            auth.require_gateway_token(gateway, request, self._store.tokens, now)
            if not self._memory.limiter.admits(gateway, now):
                raise errors.rate_limited()
        except TrafficError as error:
            return error.reply({})
        options = options_of(request, gateway)
        try:
            return await self._answer(request, gateway, rest, options, now)
        except TrafficError as error:
            return error.reply(response_headers(options, now, None))

    def _gateway(self, request: Request) -> tuple[Document, str]:
        parts = request.path.removeprefix(PREFIX + "/").split("/", _PARTS - 1)
        gateway = None
        if len(parts) == _PARTS and parts[0] == self._account_id:
            gateway = self._store.gateways.get(unquote(parts[1]))
        if gateway is None:
            raise errors.unknown_gateway()
        return gateway, parts[-1]

    async def _answer(
        self, request: Request, gateway: Document, rest: str, options: Options, now: float
    ) -> Response:
        surface = surface_of(rest)
        if request.method != "POST":
            raise errors.no_method(request.method)
        auth.require_provider_token(request, self._store.tokens, now)
        body = inputs.object_of(await _body(request, surface))
        model = model_of(surface, body)
        # Streams are not cached, as documented.
        if not options.ttl or body.get("stream") is True:
            return _reply(surface.respond(model, body, now), options, now, None)
        cache, key = self._memory.cache, _key(request, surface, model, body, options)
        entry = cache.get(gateway["id"], key, now)
        if entry is not None:
            headers = response_headers(options, now, "HIT")
            return Response(entry.body, headers=headers, media_type=entry.content_type)
        answer = surface.respond(model, body, now)
        reply = _reply(answer, options, now, "MISS")
        cache.put(gateway["id"], key, Entry(bytes(reply.body), JSON, now + options.ttl))
        return reply


async def _body(request: Request, surface: Surface) -> JsonValue:
    try:
        return await request.json()
    except BodyTooLargeError:
        raise errors.body_too_large() from None
    except ValueError:
        if surface.unified:
            raise errors.bad_chat_format() from None
        raise errors.bad_input("the body is not JSON") from None


def _key(
    request: Request, surface: Surface, model: Model, body: JsonValue, options: Options
) -> bytes:
    if options.cache_key is not None:
        return custom_key(options.cache_key)
    return key_of(surface.name, model.id, request.header(b"authorization") or "", body)


def _reply(answer: Answer, options: Options, now: float, cache_status: str | None) -> Response:
    headers = response_headers(options, now, cache_status)
    if isinstance(answer, Stream):
        # Set as a header: as a media type it would get a charset.
        headers["content-type"] = "text/event-stream"
        return StreamingResponse(_each(answer), headers=headers)
    return Response(json_bytes(answer), headers=headers, media_type=JSON)


async def _each(stream: Stream) -> AsyncIterator[bytes]:
    for event in stream.events:
        yield event
