"""One request at a time: bounded in time and size, and never to anybody else."""

import asyncio
import json
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self

import anyio.lowlevel
import httpx

from gatewright.model import Retries
from gatewright.redaction import Redactor
from gatewright.smoke.call import Call
from gatewright.smoke.checks import Check
from gatewright.smoke.connections import Connections
from gatewright.smoke.evidence import Attempt, Evidence, Trouble, clean, of_answer
from gatewright.smoke.options import Options
from gatewright.smoke.routes import route_of
from gatewright.smoke.stage import Stage
from gatewright.smoke.targets import Targets

MAX_BODY = 1024 * 1024
#: Of the account's API: a log is of at most 10 MB.
_MAX_READ = 16 * 1024 * 1024
_READ_SECONDS = 15.0

_CONNECT_SECONDS = 10.0
_REDIRECTS = range(300, 400)
_UNKNOWN_NAMES = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


class Client:
    """Sends calls, at most ``options.concurrency`` at a time, and counts them.

    Raises `CouldNotRunError` if the environment's proxy settings cannot be used.
    """

    def __init__(
        self,
        targets: Targets,
        options: Options,
        *,
        transport: httpx.AsyncBaseTransport | None,
        clock: Callable[[], float],
    ) -> None:
        self.requests = 0
        self._token = targets.token
        self._account = targets.account
        self._is_remote = targets.has_remote
        self._options = options
        self._clock = clock
        self._started = clock()
        self._redactor = Redactor(secret.reveal() for secret in targets.secrets)
        self._connections = Connections(targets, options.concurrency, transport)

    async def __aenter__(self) -> Self:
        # Whoever asks first for the network has it imported, which is no time of an answer's.
        await anyio.lowlevel.checkpoint()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._connections.aclose()

    async def send(self, call: Call, check: Check) -> Attempt:
        """Send ``call``; whatever happens is evidence."""
        async with self._connections.one() as http:
            request = http.build_request(
                call.method,
                call.url,
                content=call.content,
                headers=call.headers(self._token),
                timeout=self._timeout(check),
            )
            self.requests += 1
            begun = self._clock()
            evidence = await self._exchange(http, request, check)
            return Attempt(begun - self._started, self._clock() - begun, evidence)

    async def read(self, path: str) -> tuple[int | None, Any]:
        """GET ``path`` below the account's API: status and JSON; neither without an answer.

        Raises `RuntimeError` if the targets name no account.
        """
        if self._account is None:
            raise RuntimeError("no account")
        headers = {"Authorization": f"Bearer {self._account.token.reveal()}"}
        url = f"{self._account.url}/{path}"
        async with self._connections.one() as http:
            try:
                async with (
                    asyncio.timeout(_READ_SECONDS),
                    http.stream("GET", url, headers=headers) as answer,
                ):
                    body = await _body(answer, _MAX_READ)
            except (TimeoutError, httpx.RequestError, OSError):
                return None, None
        try:
            return answer.status_code, json.loads(body or b"")
        except (ValueError, RecursionError):
            return answer.status_code, None

    def stage(self) -> Stage:
        """The controls of the local Cloudflare.

        Raises `RuntimeError` if the targets name no account: it is the local one's.
        """
        if self._account is None:
            raise RuntimeError("no account")
        return Stage(self._connections, self._account.url)

    def _timeout(self, check: Check) -> httpx.Timeout:
        seconds = allowance(check, self._options.timeout)
        return httpx.Timeout(seconds, connect=min(seconds, _CONNECT_SECONDS))

    async def _exchange(
        self, http: httpx.AsyncClient, request: httpx.Request, check: Check
    ) -> Evidence:
        seconds = allowance(check, self._options.timeout)
        sent = _Sent()
        if self._is_remote:  # no proxy leads to loopback
            request.extensions["trace"] = sent
        try:
            async with asyncio.timeout(seconds):
                response = await http.send(request, stream=True)
                try:
                    return await self._read(response, check)
                finally:
                    await response.aclose()
        except (TimeoutError, httpx.ReadTimeout, httpx.WriteTimeout):
            if sent.is_held_up:
                message = f"no connection through the proxy within {seconds:g} s"
                return Evidence(trouble=Trouble.PROXY, message=message)
            return Evidence(
                trouble=Trouble.TIMEOUT, message=f"no whole answer within {seconds:g} s"
            )
        # httpx lets the errors of a TLS record pass as they are.
        except (httpx.RequestError, OSError) as error:
            said = clean(str(error), self._redactor)
            shown = f"no answer: {type(error).__name__}" + (f", {said}" if said else "")
            return Evidence(trouble=_trouble(error), message=shown)

    async def _read(self, response: httpx.Response, check: Check) -> Evidence:
        status = response.status_code
        if status in _REDIRECTS and status != check.endpoint.expect.status:
            place = clean(response.headers.get("location", ""), self._redactor)
            return Evidence(trouble=Trouble.REDIRECT, message=f"{status}, a redirect to `{place}`")
        encoding = clean(response.headers.get("content-encoding", "identity"), self._redactor)
        if encoding.lower() != "identity":
            return Evidence(trouble=Trouble.ENCODING, message=f"{status}, encoded as `{encoding}`")
        body = await _body(response, MAX_BODY)
        if body is None:
            message = f"{status}, a body of more than {MAX_BODY} bytes"
            return Evidence(trouble=Trouble.OVERSIZED, message=message)
        return of_answer(status, response.headers, body, check.endpoint, self._redactor)


async def _body(response: httpx.Response, most: int) -> bytes | None:
    """What comes; None if it is more than ``most`` bytes."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)


def allowance(check: Check, timeout: float) -> float:
    """Seconds for one request, in which all that the gateway tries happens.

    ``timeout`` seconds are for one attempt that declares none itself; the request's
    options come before the gateway's. A route's steps have times of their own.
    """
    route = route_of(check.gateway, check.endpoint)
    if route:
        return timeout + route.slowest / 1000
    retries, asked = check.gateway.retries or Retries(max_attempts=1), check.endpoint.request
    attempts = asked.max_attempts or retries.max_attempts
    milliseconds = retries.delay if asked.retry_delay is None else asked.retry_delay
    delay = (milliseconds or 0) / 1000
    turns = range(1, attempts)
    match asked.backoff or retries.backoff:
        case "exponential":
            waits = sum(delay * 2.0 ** (turn - 1) for turn in turns)
        case "linear":
            waits = sum(delay * turn for turn in turns)
        case _:
            waits = delay * len(turns)
    return max(timeout, (asked.timeout or 0) / 1000) * attempts + waits


class _Sent:
    """How far a request got, as the transport tells: a proxy is asked for a way first."""

    def __init__(self) -> None:
        self.is_held_up = False

    async def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        if event == "http11.send_request_headers.started":
            self.is_held_up = info["request"].method == b"CONNECT"


def _trouble(error: Exception) -> Trouble:
    causes = list(_chain(error))
    if isinstance(error, httpx.ProxyError):
        return Trouble.PROXY
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return Trouble.TLS
    if any(
        isinstance(cause, socket.gaierror) and cause.errno in _UNKNOWN_NAMES for cause in causes
    ):
        return Trouble.NAME
    return Trouble.CONNECTION


def _chain(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
