"""The controls of the local Cloudflare: its clock, and providers that fail on purpose."""

from typing import Any
from urllib.parse import urlsplit

import httpx

from gatewright.errors import CouldNotRunError
from gatewright.smoke.connections import Connections

_PREFIX = "/_emulator"
_PROVIDER_FAILS = {"at": "provider", "status": 500}


class Stage:
    """Sends to the host of ``api_url``, which is the local Cloudflare's.

    Each method raises `CouldNotRunError` if that does not answer as it should.
    """

    def __init__(self, connections: Connections, api_url: str) -> None:
        parts = urlsplit(api_url)
        self._base = f"{parts.scheme}://{parts.netloc}{_PREFIX}"
        self._connections = connections

    async def advance(self, seconds: float) -> None:
        """Move its time on."""
        await self._send("POST", "clock", {"advance": seconds})

    async def fail_provider(self, times: int) -> None:
        """The next ``times`` requests to any provider fail, and nobody waits between them."""
        await self._send("POST", "clock", {"advance": 0, "hurry": True})
        await self._send("POST", "faults", [{**_PROVIDER_FAILS, "times": times}])

    async def heal_provider(self) -> None:
        """Providers answer again."""
        await self._send("DELETE", "faults")
        await self._send("POST", "clock", {"advance": 0, "hurry": False})

    async def _send(self, method: str, name: str, body: Any = None) -> None:
        url = f"{self._base}/{name}"
        try:
            async with self._connections.one() as http:
                answer = await http.request(method, url, json=body)
        except httpx.HTTPError as error:
            raise CouldNotRunError(f"{method} {url}: no answer ({type(error).__name__})") from None
        if not answer.is_success:
            raise CouldNotRunError(f"{method} {url} answered {answer.status_code}")
