"""The account API: a request's way to its handler.

The order of decisions: path, account, method, token, permission, body.
"""

import asyncio
import re
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Protocol
from weakref import WeakValueDictionary

from starlette.responses import Response

from gatewright.emulator import envelope
from gatewright.emulator.control import PREFIX
from gatewright.emulator.control.api_limit import ApiLimit, LimitedError
from gatewright.emulator.control.custom_providers import CustomProviders
from gatewright.emulator.control.gateways import Gateways
from gatewright.emulator.control.logs import Logs
from gatewright.emulator.control.not_modelled import NotModelled
from gatewright.emulator.control.provider_configs import ProviderConfigs
from gatewright.emulator.control.route import Call, Route
from gatewright.emulator.control.routes import DynamicRoutes
from gatewright.emulator.control.tokens import Tokens
from gatewright.emulator.control.urls import Urls
from gatewright.emulator.control.workers.desk import Desk
from gatewright.emulator.control.workers.scripts import Scripts
from gatewright.emulator.control.workers.settings import WorkerSettings
from gatewright.emulator.control.workers.subdomains import Subdomains
from gatewright.emulator.control.workers.versions import Versions
from gatewright.emulator.envelope import ApiError
from gatewright.emulator.identity import Owner, Token
from gatewright.emulator.router import Router
from gatewright.emulator.settings import Settings
from gatewright.emulator.traffic.memory import Memory
from gatewright.emulator.web import BodyTooLargeError, Request

#: As RFC 6750 has it.
_AUTHORIZATION = re.compile(r"bearer +[a-z0-9._~+/-]+=*", re.ASCII | re.IGNORECASE)


class _Part(Protocol):
    def routes(self) -> tuple[Route, ...]:
        """Method, path, handler and permissions of each endpoint."""


class AccountApi:
    """Answers everything below ``/client/v4``."""

    def __init__(self, desk: Desk, memory: Memory, settings: Settings, limit: ApiLimit) -> None:
        store, clock = desk.store, desk.clock
        self._limit = limit
        self._store = store
        self._account_id = settings.account
        self._clock = clock
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        parts: tuple[_Part, ...] = (
            Gateways(store, memory, settings, clock),
            Logs(store, memory, settings, clock),
            Urls(store, settings),
            DynamicRoutes(store, settings, clock),
            ProviderConfigs(store, settings, clock),
            CustomProviders(store, memory, clock),
            Scripts(desk),
            WorkerSettings(desk),
            Versions(desk),
            Subdomains(desk),
            Tokens(store, settings, clock, Owner.ACCOUNT),
            Tokens(store, settings, clock, Owner.USER),
            NotModelled(),
        )
        self.routes = tuple(route for part in parts for route in part.routes())
        self._router: Router[Route] = Router()
        for route in self.routes:
            self._router.add(route.method, route.pattern, route)

    async def __call__(self, request: Request) -> Response:
        """A reply for every request; errors are in the envelope."""
        try:
            return await self._answer(request)
        except (ApiError, LimitedError) as error:
            return error.reply()
        except BodyTooLargeError:
            return envelope.too_large().reply()

    async def _answer(self, request: Request) -> Response:
        path = request.path.removeprefix(PREFIX)
        match = self._router.find(path)
        if match is None:
            raise envelope.no_route()
        account_id = match.parameters.get("account_id", self._account_id)
        if account_id != self._account_id:
            raise envelope.no_account(path)
        route = match.methods.get(request.method)
        if route is None:
            raise envelope.no_method(request.method, match.methods)
        token = self._authenticate(request, route)
        headers = self._limit.admit(token.id, self._clock.now())
        # All of it is here before anything is looked up: between a look and a write of the
        # handlers nothing else happens then, however slowly a body comes.
        await request.body()
        try:
            async with self._turn(route, match.parameters):
                reply = await route.endpoint(Call(request, match.parameters, token, route))
        except ApiError as error:
            reply = error.reply()
        reply.headers.update(headers)
        return reply

    def _turn(self, route: Route, parameters: dict[str, str]) -> AbstractAsyncContextManager[None]:
        if route.turns is None:
            return nullcontext()
        return self._turns.setdefault(parameters[route.turns], asyncio.Lock())

    def _authenticate(self, request: Request, route: Route) -> Token:
        given = request.header(b"authorization")
        if given is not None and not _AUTHORIZATION.fullmatch(given):
            raise envelope.malformed_authorization()
        token = self._store.tokens.with_value(request.bearer(b"authorization"))
        if token is None or not (route.inspects or token.valid(self._clock.now())):
            raise envelope.unauthenticated()
        if not token.usable_from(request.client_ip):
            raise envelope.wrong_address(request.client_ip)
        if route.permissions and not token.may(route.permissions):
            raise envelope.forbidden()
        return token
