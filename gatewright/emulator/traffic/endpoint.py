"""The gateway endpoint: a call's way to its answer.

The order of decisions: gateway, its token, rate limit, path, provider's token, body,
then the steps. Unknown gateways and wrong tokens are refused before the body is read.
"""

import asyncio
import time
from http import HTTPStatus
from urllib.parse import unquote

from starlette.responses import Response

from gatewright.emulator.clock import Clock
from gatewright.emulator.control.defaults import DEFAULT_ID, Defaults
from gatewright.emulator.settings import Settings
from gatewright.emulator.store import Document, Store
from gatewright.emulator.traffic import PREFIX, errors
from gatewright.emulator.traffic.auth import Guard
from gatewright.emulator.traffic.call import Call
from gatewright.emulator.traffic.dynamic import Routes
from gatewright.emulator.traffic.errors import TrafficError
from gatewright.emulator.traffic.exchange import Ask
from gatewright.emulator.traffic.memory import Memory
from gatewright.emulator.traffic.models import MODELS
from gatewright.emulator.traffic.options import Options, options_of
from gatewright.emulator.traffic.providers import CUSTOM, DYNAMIC, WORKERS_AI, is_provider
from gatewright.emulator.traffic.statistics import Ended
from gatewright.emulator.traffic.steps import Steps
from gatewright.emulator.traffic.targets import Sent, Target, ask_of, target_of
from gatewright.emulator.traffic.universal import Entry, entries_of
from gatewright.emulator.web import BodyTooLargeError, JsonValue, Request, json_reply

_PARTS = 3
#: What a model's name begins with in each list. Fidelity: only the first is known.
_MODELS = {"compat/models": f"{WORKERS_AI}/", "workers-ai/v1/models": ""}
_MILLION = 1_000_000


class GatewayEndpoint:
    """Answers everything below ``/v1``."""

    def __init__(
        self,
        store: Store,
        memory: Memory,
        settings: Settings,
        clock: Clock,
        *,
        steps: Steps,
        routes: Routes,
    ) -> None:
        self._store = store
        self._memory = memory
        self._account_id = settings.account
        self._clock = clock
        self._steps = steps
        self._routes = routes
        self.guard = Guard(store.tokens)
        self._defaults = Defaults(store, settings)

    async def __call__(self, request: Request) -> Response:
        """A reply for every request; errors are in the refusing side's shape."""
        now, started = self._clock.now(), time.perf_counter()
        try:
            gateway, rest = self._gateway(request, now)
        except TrafficError as error:
            return error.reply()
        call = Call(gateway, request.headers, request.client_ip, now, started)
        call = self._memory.switches.seen(call)
        try:
            if not self._memory.switches.lets_in(call):
                self.guard.require_gateway_token(
                    call.gateway, call.headers, call.client_ip, call.now
                )
            if not self.admits(call.gateway, now):
                raise errors.rate_limited()
        except TrafficError as error:
            self.turn_away(gateway, now, started)
            return error.reply()
        return await self.answer(request, call, rest)

    async def answer(self, request: Request, call: Call, rest: str) -> Response:
        """The answer of what is asked below the gateway."""
        if rest in _MODELS:
            if request.method != "GET":
                return errors.no_method(request.method, "GET").reply()
            return _models(_MODELS[rest])
        options = options_of(call.headers, call.gateway)
        try:
            if not rest:
                return await self._universal(request, call)
            return await self._single(request, call, target_of(rest), options)
        except TrafficError as error:
            provider, _, path = rest.partition("/")
            unread = Ask(provider, path, rest, "", request.method, request.headers, None, b"")
            return self._steps.refuse(call, unread, options, error)

    async def dispatch(self, call: Call, ask: Ask, options: Options) -> Response:
        """One request to whom it is for; raises `errors.TrafficError`."""
        if ask.provider == DYNAMIC:
            return await self._routes.run(call, ask, options)
        if ask.provider.startswith(CUSTOM):
            self._require_custom(ask.provider)
        return (await self._steps.run(call, ask, options)).response

    def _gateway(self, request: Request, now: float) -> tuple[Document, str]:
        parts = request.path.removeprefix(PREFIX + "/").split("/", _PARTS - 1)
        if len(parts) < _PARTS - 1 or parts[0] != self._account_id:
            raise errors.unknown_gateway()
        gateway = self._store.gateways.get(unquote(parts[1]))
        if gateway is None:
            known = self.guard.may_run(request.headers, request.client_ip, now)
            gateway = self.named(unquote(parts[1]), known=known)
        return gateway, parts[2] if len(parts) == _PARTS else ""

    def admits(self, gateway: Document, now: float) -> bool:
        """Count a call against the gateway's rate limit."""
        return self._memory.limiter.admits(gateway, now)

    def turn_away(self, gateway: Document, now: float, started: float) -> None:
        """Count a call that comes to no step."""
        duration = (time.perf_counter() - started) * 1000
        self._memory.count(gateway["id"], Ended(now, duration, failed=True), started)

    def named(self, gateway_id: str, *, known: bool) -> Document:
        """The gateway of that id; `default` comes to be with the first caller who is known.

        Raises `errors.GatewayError` (400, 2001) for any other that does not exist.
        """
        gateway = self._store.gateways.get(gateway_id)
        if gateway is not None:
            return gateway
        if gateway_id != DEFAULT_ID or not known:
            raise errors.unknown_gateway()
        return self._defaults.make_default(self._clock.timestamp())

    async def _single(
        self, request: Request, call: Call, target: Target, options: Options
    ) -> Response:
        own = target.provider == WORKERS_AI
        if request.method != "POST" and (own or target.unified):
            raise errors.no_method(request.method)
        if own:
            self.guard.require_provider_token(call.headers, call.client_ip, call.now)
        body = await _body(request, target)
        sent = Sent(request.method, call.headers, body, await request.body(), request.query)
        return await self.dispatch(call, ask_of(target, sent), options)

    async def _universal(self, request: Request, call: Call) -> Response:
        """The first answer that is none of failure, or the last failure.

        Fidelity: what is answered where all fail is not documented.
        """
        if request.method != "POST":
            raise errors.no_method(request.method)
        try:
            body = await request.json()
        except BodyTooLargeError:
            raise errors.body_too_large() from None
        except ValueError:
            raise errors.bad_universal_format("the body is not JSON") from None
        response = None
        for step, entry in enumerate(entries_of(body, call.headers)):
            # Nothing may wait within a step: others have their turn between two.
            await asyncio.sleep(0)
            response = await self._step(call, entry, step)
            if response.status_code < HTTPStatus.BAD_REQUEST:
                break
        if response is None:
            raise errors.bad_universal_format("expected an array of requests")
        return response

    async def _step(self, call: Call, entry: Entry, step: int) -> Response:
        options = options_of(entry.headers, call.gateway)
        if entry.ask.provider.startswith(CUSTOM):
            self._require_custom(entry.ask.provider)
        if entry.ask.provider != DYNAMIC:
            return (await self._steps.run(call, entry.ask, options, step)).response
        try:
            return await self._routes.run(call, entry.ask, options)
        except TrafficError as error:
            return self._steps.refuse(call, entry.ask, options, error, step)

    def reaches(self, provider: str) -> bool:
        """Whether there is such a provider, the account's own included."""
        return is_provider(provider, self._store.custom_providers)

    def _require_custom(self, provider: str) -> None:
        if not self.reaches(provider):
            raise errors.unknown_provider()


async def _body(request: Request, target: Target) -> JsonValue:
    try:
        return await request.json()
    except BodyTooLargeError:
        raise errors.body_too_large() from None
    except ValueError:
        if target.unified:
            raise errors.bad_chat_format() from None
        if target.provider != WORKERS_AI:
            return None  # files and the like are the provider's business
        raise errors.bad_input("the body is not JSON") from None


def _models(prefix: str) -> Response:
    """The models of the unified endpoints, with prices. Fidelity: the shape is from hearsay."""
    data = [
        {
            "id": f"{prefix}{model.id}",
            "object": "model",
            "created": 0,
            "owned_by": WORKERS_AI,
            "cost_in": model.price_in / _MILLION,
            "cost_out": model.price_out / _MILLION,
        }
        for model in MODELS.values()
    ]
    return json_reply({"object": "list", "data": data})
