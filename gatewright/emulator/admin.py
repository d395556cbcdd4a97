"""Control of the stand-in below ``/_emulator``: health, clock, requests, faults, switches, reset.

A reply is ``{"result": …}``; a mistake is 400 with ``{"error": "…"}``.
"""

import re
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeAlias

from starlette.responses import Response

from gatewright.emulator.clock import Clock
from gatewright.emulator.control.api_limit import ApiLimit
from gatewright.emulator.control.schema import (
    Array,
    Bool,
    Enum,
    Field,
    Issue,
    Kind,
    Number,
    Struct,
    Text,
)
from gatewright.emulator.fault_rules import FaultRule, Rules
from gatewright.emulator.origin import from_web_site
from gatewright.emulator.router import Router
from gatewright.emulator.store import Store
from gatewright.emulator.traffic.canned import Canned
from gatewright.emulator.traffic.memory import Memory
from gatewright.emulator.traffic.switches import Switch
from gatewright.emulator.web import BodyTooLargeError, Request, json_reply

PREFIX = "/_emulator"

_CLOCK = Struct(
    Field("advance", Number(0, 10 * 366 * 86_400, integer=False), required=True),
    Field("hurry", Bool()),
)
#: The year 9000: times are written with four digits, and some are told ahead.
_LATEST = 221_845_392_000

_RULE = Struct(
    Field("path", Text()),
    Field("method", Text(1), nullable=True),
    Field("nth", Number(1)),
    Field("times", Number(0)),
    Field("status", Number(400, 599), nullable=True),
    Field("retry_after", Number(0, 600), nullable=True),
    Field("when", Enum("before", "after")),
    Field("delay", Number(0, 600, integer=False)),
    Field("reset", Bool()),
    Field("die", Bool()),
    Field("at", Enum("edge", "provider")),
)

_RULES = Array(_RULE, minimum=1)

_SWITCHES = Struct(Field("on", Array(Enum(*Switch)), required=True))

_SEED = Struct(Field("seed", Text(), required=True))

_SECRET = Struct(Field("id", Text(1, 64), required=True), Field("value", Text(1), required=True))

Endpoint: TypeAlias = Callable[[Request], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Control:
    """A method on a name below ``/_emulator``, and the body that it takes."""

    method: str
    name: str
    endpoint: Endpoint
    body: Kind | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """A request that was answered; the query is left out."""

    method: str
    path: str
    status: int


class _MistakeError(Exception):
    """What is wrong with a request to the admin plane."""


class Admin:
    """Answers everything below ``/_emulator``."""

    def __init__(
        self,
        store: Store,
        memory: Memory,
        clock: Clock,
        *,
        rules: Rules,
        canned: Canned,
        api_limit: ApiLimit,
        received: deque[Received],
        stop_workers: Callable[[], Awaitable[None]],
        allow_remote: bool,
    ) -> None:
        self._store = store
        self._memory = memory
        self._clock = clock
        self._rules = rules
        self._canned = canned
        self._api_limit = api_limit
        self._received = received
        self._stop_workers = stop_workers
        self._allow_remote = allow_remote
        self.controls = (
            Control("GET", "health", self.health),
            Control("POST", "clock", self.advance, _CLOCK),
            Control("POST", "reset", self.reset),
            Control("GET", "requests", self.requests),
            Control("DELETE", "requests", self.forget_requests),
            Control("GET", "faults", self.faults),
            Control("POST", "faults", self.add_faults, _RULES),
            Control("DELETE", "faults", self.remove_faults),
            Control("GET", "switches", self.switches),
            Control("POST", "switches", self.set_switches, _SWITCHES),
            Control("POST", "answers", self.seed, _SEED),
            Control("POST", "secrets", self.put_secret, _SECRET),
        )
        self._router: Router[Endpoint] = Router()
        for control in self.controls:
            self._router.add(control.method, f"{PREFIX}/{control.name}", control.endpoint)

    async def __call__(self, request: Request) -> Response:
        """A reply for every request."""
        if not self._allow_remote and from_web_site(request):
            return _failure(HTTPStatus.FORBIDDEN, "not for pages of other sites")
        match = self._router.find(request.path)
        if match is None:
            return _failure(HTTPStatus.NOT_FOUND, f"no `{request.path}` here")
        endpoint = match.methods.get(request.method)
        if endpoint is None:
            allowed = " or ".join(match.methods)
            refusal = _failure(HTTPStatus.METHOD_NOT_ALLOWED, f"only {allowed} here")
            refusal.headers["allow"] = ", ".join(match.methods)
            return refusal
        try:
            return json_reply({"result": await endpoint(request)})
        except _MistakeError as error:
            return _failure(HTTPStatus.BAD_REQUEST, str(error))
        except BodyTooLargeError:
            return _failure(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is too large")

    async def health(self, request: Request) -> Any:
        """Alive, and the time that is told."""
        del request
        return {"status": "ok", "now": self._clock.timestamp()}

    async def advance(self, request: Request) -> Any:
        """``{"advance": seconds}``: what expires by time moves on.

        With ``"hurry": true`` time moves on by itself where the emulator would wait.
        """
        body = await _read(request, _CLOCK)
        if self._clock.now() + body["advance"] > _LATEST:
            raise _MistakeError("`advance`: time ends with the year 8999 here; a reset undoes it")
        self._clock.advance(body["advance"])
        self._clock.hurries = body.get("hurry", self._clock.hurries)
        return {"now": self._clock.timestamp()}

    async def reset(self, request: Request) -> Any:
        """An empty account with its deploying token, at the true time, without faults."""
        del request
        await self._stop_workers()
        self._clock.reset()
        self._store.clear(self._clock.now())
        self._memory.clear()
        self._canned.sow("")
        self._api_limit.clear()
        self._rules.all.clear()
        self._received.clear()
        return {"status": "ok"}

    async def seed(self, request: Request) -> Any:
        """``{"seed": text}``: other canned answers, and the same ones again for the same seed."""
        body = await _read(request, _SEED)
        self._canned.sow(body["seed"])
        return body

    async def put_secret(self, request: Request) -> Any:
        """``{"id": …, "value": …}``: a secret that a provider config can name by its id."""
        body = await _read(request, _SECRET)
        self._store.secret_ids.put(body["id"], {"id": body["id"]})
        self._store.secrets[body["id"]] = body["value"]
        return {"id": body["id"]}

    async def requests(self, request: Request) -> Any:
        """The last requests to the other planes, oldest first."""
        del request
        return [
            {"method": one.method, "path": one.path, "status": one.status} for one in self._received
        ]

    async def forget_requests(self, request: Request) -> Any:
        """Start the list of requests anew."""
        del request
        self._received.clear()
        return {"status": "ok"}

    async def faults(self, request: Request) -> Any:
        """The rules, and how many requests each has seen."""
        del request
        return [rule.document() for rule in self._rules.all]

    async def add_faults(self, request: Request) -> Any:
        """Rules to add: a list of them; see `FaultRule`."""
        rules = [FaultRule(**given) for given in await _read(request, _RULES)]
        for index, rule in enumerate(rules):
            _check(index, rule)
        self._rules.all.extend(rules)
        return [rule.document() for rule in rules]

    async def remove_faults(self, request: Request) -> Any:
        """No more faults."""
        del request
        self._rules.all.clear()
        return {"status": "ok"}

    async def switches(self, request: Request) -> Any:
        """What the gateway does wrong on purpose; see `Switch`."""
        del request
        return {"on": sorted(self._memory.switches.on)}

    async def set_switches(self, request: Request) -> Any:
        """``{"on": […]}``: these and no others."""
        body = await _read(request, _SWITCHES)
        self._memory.switches.on = {Switch(name) for name in body["on"]}
        return {"on": sorted(self._memory.switches.on)}


def _check(index: int, rule: FaultRule) -> None:
    if rule.status is None and not (rule.delay or rule.reset or rule.die):
        raise _MistakeError(f"`{index}`: no effect without `status`, `delay`, `reset` or `die`")
    try:
        re.compile(rule.path)
    except re.error as error:
        raise _MistakeError(f"`{index}.path`: not a regular expression: {error}") from None


async def _read(request: Request, kind: Kind) -> Any:
    try:
        value = await request.json()
    except ValueError:
        raise _MistakeError("the body is not JSON") from None
    issues: list[Issue] = []
    kept = kind.read(value, (), issues)
    if issues:
        raise _MistakeError("; ".join(_sentence(*issue) for issue in issues))
    return kept


def _sentence(path: tuple[str | int, ...], message: str) -> str:
    place = ".".join(str(step) for step in path)
    return f"`{place}`: {message}" if place else message


def _failure(status: int, message: str) -> Response:
    return json_reply({"error": message}, status)
