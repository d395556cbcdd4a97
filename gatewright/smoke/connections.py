"""Connections, each used by one request at a time."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from http.cookiejar import DefaultCookiePolicy

import httpx

from gatewright import __version__
from gatewright.errors import CouldNotRunError
from gatewright.redaction import Redactor
from gatewright.smoke.targets import Targets

_HEADERS = {
    "User-Agent": f"gatewright/{__version__} (smoke)",
    "Content-Type": "application/json",
    "Accept-Encoding": "identity",  # a bound on what is read bounds it all
}


class Connections:
    """At most ``count`` at a time.

    Each has a client of its own: one client for all goes through all of its connections
    and waiting requests at each request's beginning and end, which takes longer than the
    requests where there are many.

    TLS is verified, redirects are not followed, cookies are not kept, proxies are taken
    from the environment but never for loopback. Raises `CouldNotRunError` if the
    environment's proxy settings, or the certificates that it names, cannot be used.
    """

    def __init__(
        self, targets: Targets, count: int, transport: httpx.AsyncBaseTransport | None
    ) -> None:
        self._targets = targets
        self._transport = transport
        self._slots = asyncio.Semaphore(count)
        # Reading the certificates takes longer than many a run on loopback.
        self._verify = _verified() if targets.needs_tls else False
        self._all: list[httpx.AsyncClient] = []
        self._free = [self._open()]

    @asynccontextmanager
    async def one(self) -> AsyncIterator[httpx.AsyncClient]:
        """A client that nobody else uses meanwhile; the one that was used last, if possible."""
        async with self._slots:
            client = self._free.pop() if self._free else self._open()
            try:
                yield client
            finally:
                self._free.append(client)

    async def aclose(self) -> None:
        """Close them all."""
        for client in self._all:
            await client.aclose()

    def _open(self) -> httpx.AsyncClient:
        try:
            client = httpx.AsyncClient(
                headers=_HEADERS,
                verify=self._verify,
                transport=self._transport,
                mounts=dict.fromkeys(_patterns(self._targets)),
                follow_redirects=False,
                trust_env=self._targets.has_remote,
            )
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            said = Redactor().text(str(error))
            raise CouldNotRunError(
                f"the environment's proxy settings cannot be used: {said}",
                hint="HTTPS_PROXY, HTTP_PROXY and ALL_PROXY take `http://host:port`",
            ) from None
        client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._all.append(client)
        return client


def _verified() -> ssl.SSLContext:
    try:
        return httpx.create_ssl_context()
    except OSError as error:
        raise CouldNotRunError(
            f"the certificates that SSL_CERT_FILE or SSL_CERT_DIR names cannot be used: {error}",
            hint="correct or unset it; `gatewright doctor` says what it names",
        ) from error


def _patterns(targets: Targets) -> Iterator[str]:
    """Where no proxy is used, as httpx spells it."""
    for host in targets.loopback_hosts():
        yield f"all://[{host}]" if ":" in host else f"all://{host}"
