"""How many requests to the account API a token has, and the headers that tell.

Fidelity: 1,200 in five minutes, and 429 with code 971, are known; the headers are in
the form Cloudflare announced for its API, and where the window starts is our choice.
"""

import math
from http import HTTPStatus

from starlette.responses import Response

from gatewright.emulator import envelope

WINDOW = 300
_MESSAGE = "Please wait and consider throttling your request speed"


class ApiLimit:
    """Counts requests by token, in windows on the clock's own boundaries."""

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._start = 0.0
        self._counts: dict[str, int] = {}

    def admit(self, token_id: str, now: float) -> dict[str, str]:
        """Count a request: the headers of its answer; raises `LimitedError`."""
        if self._limit is None:
            return {}
        start = now - now % WINDOW
        if start != self._start:
            self._start, self._counts = start, {}
        used = self._counts.get(token_id, 0) + 1
        self._counts[token_id] = used
        wait = math.ceil(start + WINDOW - now)
        headers = {
            "ratelimit": f'"default";r={max(self._limit - used, 0)};t={wait}',
            "ratelimit-policy": f'"default";q={self._limit};w={WINDOW}',
        }
        if used > self._limit:
            raise LimitedError(headers | {"retry-after": str(wait)})
        return headers

    def clear(self) -> None:
        """Start anew."""
        self._counts.clear()


class LimitedError(Exception):
    """More requests than a token has."""

    def __init__(self, headers: dict[str, str]) -> None:
        super().__init__(headers)
        self._headers = headers

    def reply(self) -> Response:
        """429, and when to come again."""
        reply = envelope.refused(HTTPStatus.TOO_MANY_REQUESTS, 971, _MESSAGE).reply()
        reply.headers.update(self._headers)
        return reply
