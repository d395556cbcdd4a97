"""The stand-in as an ASGI application.

request ─▶ faults ─▶ control (/client/v4) or traffic (/v1) ─▶ reply ─▶ list of requests
        ├▶ Workers, in workerd (/workers.dev), and what their bindings call
        ├▶ admin (/_emulator)
        └▶ dashboard (/)
"""

import secrets
import sys
import time
from collections import deque
from functools import partial

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gatewright.emulator import admin, control, envelope, openapi, traffic
from gatewright.emulator.admin import Admin, Received
from gatewright.emulator.clock import Clock
from gatewright.emulator.control.api import AccountApi
from gatewright.emulator.control.api_limit import ApiLimit
from gatewright.emulator.control.logs import Logs
from gatewright.emulator.control.workers.desk import Desk
from gatewright.emulator.dashboard.app import Dashboard
from gatewright.emulator.failure import KeepError
from gatewright.emulator.fault_rules import Rules
from gatewright.emulator.faults import Faults, OutageError
from gatewright.emulator.settings import Settings
from gatewright.emulator.sqlite import SqliteJournal
from gatewright.emulator.store import NoJournal, Store
from gatewright.emulator.traffic.attempts import Attempts
from gatewright.emulator.traffic.auth import Guard
from gatewright.emulator.traffic.canned import Canned
from gatewright.emulator.traffic.credentials import Credentials
from gatewright.emulator.traffic.dynamic import Routes
from gatewright.emulator.traffic.endpoint import GatewayEndpoint
from gatewright.emulator.traffic.exchange import ProviderLostError
from gatewright.emulator.traffic.memory import Memory
from gatewright.emulator.traffic.rest import RestEndpoint
from gatewright.emulator.traffic.steps import Steps
from gatewright.emulator.traffic.upstream import upstreams_of
from gatewright.emulator.web import DisconnectedError, Handler, Request, json_reply
from gatewright.emulator.workerd.binding import BindingEndpoint
from gatewright.emulator.workerd.config import OUTBOUND_HEADER
from gatewright.emulator.workerd.outbound import refusal
from gatewright.emulator.workerd.runtime import runtime_of
from gatewright.emulator.workerd.serving import WorkersDev

#: How many requests are remembered for whoever asks, and how much of a path.
_REMEMBERED = 10_000
_LONGEST = 2_048


class Emulator:
    """The application; its state lives as long as it does, or in the data file."""

    def __init__(self, store: Store, memory: Memory, settings: Settings, clock: Clock) -> None:
        self._store = store
        self._memory = memory
        self._verbose = settings.verbose
        self._told: str | None = None
        self._received: deque[Received] = deque(maxlen=_REMEMBERED)
        rules, canned = Rules(), Canned()
        attempts = Attempts(rules, clock, canned, upstreams_of(settings.upstreams))
        steps = Steps(memory, Credentials(store, Guard(store.tokens)), attempts)
        routes = Routes(store, memory, canned, steps)
        endpoint = GatewayEndpoint(store, memory, settings, clock, steps=steps, routes=routes)
        self._rest = RestEndpoint(endpoint, settings, clock)
        self.runtime = runtime_of(settings.workerd, verbose=settings.verbose)
        self._workers = WorkersDev(store, self.runtime)
        logs = Logs(store, memory, settings, clock)
        self._binding = BindingEndpoint(endpoint, logs, settings, clock, self.runtime.key)
        api_limit = ApiLimit(settings.api_limit)
        desk = Desk(store, clock, self.runtime)
        account_api = AccountApi(desk, memory, settings, api_limit)
        self._planes: tuple[tuple[str, Handler], ...] = (
            (f"{traffic.PREFIX}/", endpoint),
            (f"{control.PREFIX}/", account_api),
        )
        self._dashboard = Dashboard(store, memory, settings, clock)
        self._faults = Faults(rules, self._dispatch)
        self._admin = Admin(
            store,
            memory,
            clock,
            rules=rules,
            canned=canned,
            received=self._received,
            api_limit=api_limit,
            stop_workers=self.runtime.stop_all,
            allow_remote=settings.allow_remote,
        )
        self.description = partial(
            openapi.document, account_api.routes, self._admin.controls, settings.account
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; other protocols than HTTP are not spoken."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        try:
            reply = await self._kept(request)
            await reply(scope, receive, send)
        except DisconnectedError:
            return
        except OutageError as outage:
            if request.connection is None:
                raise
            request.connection.end(dying=outage.dying)
        except ProviderLostError:
            # The answer has begun: that there is no more of it is all that can be said.
            if request.connection is None:
                raise
            request.connection.cut()

    def flush(self) -> None:
        """Write what is written in batches."""
        self._memory.flush()
        self._tell(self._memory.trouble)

    def close(self) -> None:
        """Let go of the data file."""
        self.flush()
        self._store.close()

    async def _kept(self, request: Request) -> Response:
        try:
            return await self._answer(request)
        except KeepError as error:
            self._tell(str(error))
            return envelope.unkept().reply()

    def _tell(self, trouble: str | None) -> None:
        """Say on standard error what is wrong, once."""
        if trouble is not None and trouble != self._told:
            print(f"error: {trouble}", file=sys.stderr, flush=True)  # noqa: T201 - nobody else does
        self._told = trouble

    async def _answer(self, request: Request) -> Response:
        if request.path == openapi.PATH and request.method == "GET":
            return json_reply(self.description())
        if not self._from_or_for_worker(request):
            if request.path.startswith(f"{admin.PREFIX}/"):
                return await self._admin(request)
            if self._dashboard.takes(request.path):
                return self._dashboard(request)
        started = time.perf_counter()
        if (request.header(b"upgrade") or "").lower() == "websocket":
            reply = envelope.not_modelled("a WebSocket").reply()
        else:
            reply = await self._faults(request)
        reply.headers["cf-ray"] = f"{secrets.token_hex(8)}-LOC"
        self._received.append(Received(request.method, request.path[:_LONGEST], reply.status_code))
        if self._verbose:
            spent = (time.perf_counter() - started) * 1000
            line = f"{request.method} {request.path} {reply.status_code} {spent:.1f} ms"
            print(line, file=sys.stderr, flush=True)  # noqa: T201 - the log the caller asked for
        return reply

    def _from_or_for_worker(self, request: Request) -> bool:
        return OUTBOUND_HEADER.encode() in request.headers or self._workers.takes(request)

    async def _dispatch(self, request: Request) -> Response:
        refused = refusal(request, self.runtime.key)
        if refused is not None:
            return refused
        if self._binding.takes(request):
            return await self._binding(request)
        if self._workers.takes(request):
            return await self._workers(request)
        if self._rest.takes(request.path):
            return await self._rest(request)
        for prefix, plane in self._planes:
            if request.path.startswith(prefix):
                return await plane(request)
        return envelope.no_route().reply()


def create_app(
    settings: Settings | None = None,
    *,
    deploying_token: str | None = None,
    clock: Clock | None = None,
) -> Emulator:
    """An emulated account; raises `gatewright.emulator.StartError`.

    ``deploying_token`` is the value of the token that exists before any other, and
    after each reset. Whoever makes the application calls ``close`` when done.
    """
    settings = settings or Settings()
    clock = clock or Clock()
    if settings.data is None:
        store = Store(NoJournal(), settings.account, deploying_token, clock.now())
        return Emulator(store, Memory(), settings, clock)
    journal = SqliteJournal(settings.data)
    with journal.understood():
        store = Store(journal, settings.account, deploying_token, clock.now())
        memory = Memory(journal.records, frozenset(store.gateways.keys_now()))
    return Emulator(store, memory, settings, clock)
