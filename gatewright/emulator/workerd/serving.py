"""Workers answer here: below ``/workers.dev/{script}/``, or by their own host name.

A request whose Host is ``{script}.{account}.workers.dev`` is that Worker's, as on
Cloudflare's network; where nobody can say which host it means, the first path segment does,
and is taken off. Either way the Worker sees its own address, with ``https``.
"""

import ssl
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response, StreamingResponse

from gatewright.emulator.control.workers import script
from gatewright.emulator.control.workers.desk import ScriptError
from gatewright.emulator.control.workers.subdomains import account_subdomain
from gatewright.emulator.store import Store
from gatewright.emulator.web import BodyTooLargeError, Request
from gatewright.emulator.workerd.config import PROTOCOL_HEADER
from gatewright.emulator.workerd.runtime import NoRuntime, WorkerdRuntime

if TYPE_CHECKING:
    import httpx

PREFIX = "/workers.dev"
_DOMAIN = ".workers.dev"
#: Seconds that a Worker has for an answer.
_PATIENCE = 600.0

#: What concerns one connection alone, or is ours to say.
_HOP = frozenset(
    (
        b"connection",
        b"keep-alive",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    )
)
_NOT_SENT = _HOP | {name.encode() for name in ("host", "content-length", PROTOCOL_HEADER)}


class WorkersDev:
    """Hands requests to the Workers they are for."""

    def __init__(self, store: Store, runtime: NoRuntime | WorkerdRuntime) -> None:
        self._store = store
        self._runtime = runtime
        self._client: httpx.AsyncClient | None = None

    def takes(self, request: Request) -> bool:
        """Whether a request is for a Worker."""
        return request.path.startswith(f"{PREFIX}/") or _host(request).endswith(_DOMAIN)

    async def __call__(self, request: Request) -> Response:
        """The Worker's answer, or why there is none."""
        name, path = self._addressed(request)
        worker = self._store.workers.get(name)
        if worker is None or not worker["subdomain"]["enabled"]:
            # Fidelity: Cloudflare answers with a page of HTML that says as much.
            return _plain(HTTPStatus.NOT_FOUND, "There is nothing here yet")
        if isinstance(self._runtime, NoRuntime):
            return _plain(
                HTTPStatus.NOT_IMPLEMENTED,
                f"Worker {name} is uploaded, and nothing here runs it: there is no workerd",
            )
        version = script.active(worker)
        if version is None:
            return _plain(HTTPStatus.NOT_FOUND, "There is nothing here yet")
        try:
            port = await self._runtime.port(name, version)
        except ScriptError as error:
            return _plain(
                HTTPStatus.INTERNAL_SERVER_ERROR, f"Worker {name} does not start: {error}"
            )
        return await self._forward(request, f"http://127.0.0.1:{port}{path}", name)

    def _addressed(self, request: Request) -> tuple[str, str]:
        query = f"?{request.query}" if request.query else ""
        host = _host(request)
        if host.endswith(_DOMAIN):
            own = f".{account_subdomain(self._store)}{_DOMAIN}"
            return host.removesuffix(own) if host.endswith(own) else "", request.path + query
        name, _, rest = request.path.removeprefix(f"{PREFIX}/").partition("/")
        return name, f"/{rest}{query}"

    async def _forward(self, request: Request, url: str, name: str) -> Response:
        import httpx  # noqa: PLC0415 - who calls no Worker does not pay for the client

        try:
            content = await request.body()
        except BodyTooLargeError:
            return _plain(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Request Entity Too Large")
        client = self._client = self._client or _client()
        host = f"{name}.{account_subdomain(self._store)}{_DOMAIN}".encode()
        headers = [(key, value) for key, value in request.headers.items() if key not in _NOT_SENT]
        headers += [
            (b"host", host),
            (b"cf-connecting-ip", request.client_ip.encode()),
            (PROTOCOL_HEADER.encode(), b"https"),
        ]
        sent = client.build_request(request.method, url, headers=headers, content=content)
        for added in ("accept", "accept-encoding", "user-agent"):
            if added.encode() not in request.headers:
                del sent.headers[added]
        try:
            answered = await client.send(sent, stream=True)
        except httpx.HTTPError as error:
            return _plain(HTTPStatus.BAD_GATEWAY, f"Worker {name} gave no answer: {error}")
        reply = StreamingResponse(_pieces(answered), answered.status_code)
        reply.raw_headers = [
            (key.lower(), value) for key, value in answered.headers.raw if key.lower() not in _HOP
        ]
        return reply

    async def aclose(self) -> None:
        """Let go of the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None


async def _pieces(answered: "httpx.Response") -> AsyncIterator[bytes]:
    try:
        async for piece in answered.aiter_raw():
            yield piece
    finally:
        await answered.aclose()


def _client() -> "httpx.AsyncClient":
    import httpx  # noqa: PLC0415 - as above

    # No TLS is spoken: loading the system's certificates for it would take its time.
    no_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    limits = httpx.Limits(max_connections=None)
    return httpx.AsyncClient(verify=no_tls, trust_env=False, timeout=_PATIENCE, limits=limits)


def _host(request: Request) -> str:
    return (request.header(b"host") or "").partition(":")[0].lower()


def _plain(status: int, message: str) -> Response:
    return PlainTextResponse(message + "\n", status)
