"""A real server in a provider's place, on this machine."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gatewright.emulator.failure import StartUsageError
from gatewright.emulator.traffic import usage
from gatewright.emulator.traffic.exchange import EVENT_STREAM, Answered, Ask, ProviderLostError

if TYPE_CHECKING:
    import httpx

#: Seconds that a provider has where the call sets no time.
_PATIENCE = 600.0

#: What HTTP knows: no client could be handed on another.
_STATUSES = range(200, 600)

#: What concerns one connection, or the gateway alone.
_NOT_SENT = frozenset(
    (
        b"accept-encoding",
        b"connection",
        b"content-length",
        b"host",
        b"keep-alive",
        b"transfer-encoding",
    )
)


#: What concerns one connection, or is the gateway's to say.
_NOT_HANDED_ON = frozenset(
    (
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "keep-alive",
        "server",
        "transfer-encoding",
    )
)


class Upstream:
    """Hands requests on to one loopback server; raises `StartUsageError` for another address."""

    def __init__(self, provider: str, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "http" or not _is_loopback(parts.hostname):
            raise StartUsageError(f"upstream of `{provider}`: `{url}` is no loopback http URL")
        self._url = url.rstrip("/")
        # No TLS is spoken: loading the system's certificates for it would take its time.
        self._no_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    async def answer(self, ask: Ask, patience: int | None) -> Answered:
        """The server's answer; ``patience`` in milliseconds to its first byte.

        Raises `ProviderLostError` if there is none.
        """
        # Who has no upstream does not pay for the client.
        import httpx  # noqa: PLC0415 - late on purpose

        client = httpx.AsyncClient(verify=self._no_tls, trust_env=False, timeout=_PATIENCE)
        try:
            async with asyncio.timeout(patience / 1000 if patience else None):
                response = await client.send(self._request(client, ask), stream=True)
            if response.status_code not in _STATUSES:
                raise httpx.RemoteProtocolError(f"status {response.status_code}")
            streams = response.headers.get("content-type", "").startswith(EVENT_STREAM)
            if streams and response.is_success:
                return _streamed(client, response)
            content = await response.aread()
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL) as error:
            await client.aclose()
            raise ProviderLostError from error
        await response.aclose()
        await client.aclose()
        kind = response.headers.get("content-type", "")
        used = usage.of_bytes(content, kind)
        headers = _handed_on(response)
        return Answered(response.status_code, content, kind, usage=used, headers=headers)

    def _request(self, client: "httpx.AsyncClient", ask: Ask) -> "httpx.Request":
        headers = [
            (name, value)
            for name, value in ask.headers.items()
            if name not in _NOT_SENT and not name.startswith(b"cf-")
        ]
        query = f"?{ask.query}" if ask.query else ""
        url = f"{self._url}/{ask.path}{query}"
        return client.build_request(ask.method, url, headers=headers, content=ask.content)


def upstreams_of(urls: Mapping[str, str]) -> dict[str, Upstream]:
    """Upstreams by provider; raises `StartUsageError`."""
    return {provider: Upstream(provider, url) for provider, url in urls.items()}


def _streamed(client: "httpx.AsyncClient", response: "httpx.Response") -> Answered:
    import httpx  # noqa: PLC0415 - as above

    async def pieces() -> AsyncIterator[bytes]:
        try:
            async for piece in response.aiter_bytes():
                yield piece
        except httpx.HTTPError as error:
            raise ProviderLostError from error
        finally:
            await response.aclose()
            await client.aclose()

    return Answered(
        response.status_code,
        content_type=EVENT_STREAM,
        stream=pieces(),
        headers=_handed_on(response),
    )


def _handed_on(response: "httpx.Response") -> dict[str, str]:
    """Fidelity: which of a provider's headers the gateway hands on is not documented."""
    given = (
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, value in response.headers.raw
    )
    return {
        name: value
        for name, value in given
        if name not in _NOT_HANDED_ON and not name.startswith("cf-")
    }


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False
