"""Asking Cloudflare, read-only."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from gatewright import envelope
from gatewright.redaction import Redactor, Secret

_TIMEOUT_SECONDS = 15.0
#: Source: Cloudflare's announcement of rate limit headers of its API.
_LIMITS = ("ratelimit", "ratelimit-policy")


@dataclass(frozen=True, slots=True)
class Answer:
    """``status`` is None if there was none; ``skew`` is our clock minus the server's, seconds.

    ``body`` is empty unless it is Cloudflare's. ``limits`` are the headers that say how many
    more requests there may be.
    """

    status: int | None
    body: dict[str, Any] = field(default_factory=dict)
    said: str = ""
    skew: float | None = None
    limits: str = ""

    @property
    def result(self) -> Any:
        """The envelope's `result`."""
        return self.body.get("result")


@dataclass(frozen=True, slots=True)
class Api:
    """One client for all questions; ``now`` is the time of day in UTC."""

    http: httpx.Client
    url: str
    token: Secret
    now: Callable[[], datetime]

    def get(self, path: str) -> Answer:
        """`GET` below the API's address."""
        return self.fetch(f"{self.url}/{path}", {"Authorization": f"Bearer {self.token.reveal()}"})

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Answer:
        """`GET` anywhere; redirects are not followed."""
        redactor = Redactor([self.token.reveal()])
        sent = self.now()
        try:
            with self.http.stream("GET", url, headers=headers, timeout=_TIMEOUT_SECONDS) as answer:
                octets = envelope.octets(answer, _TIMEOUT_SECONDS)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            return Answer(None, said=redactor.text(f"{type(error).__name__}: {error}"))
        body = envelope.parsed(octets) or {}
        return Answer(
            answer.status_code,
            body,
            redactor.text(_said(answer.status_code, body)),
            _skew(answer, sent, self.now()),
            "".join(answer.headers.get(name, "") for name in _LIMITS),
        )


def _said(status: int, body: dict[str, Any]) -> str:
    said = envelope.said(body)
    return f"{status}: {said}" if said else f"{status}"


def _skew(answer: httpx.Response, sent: datetime, came: datetime) -> float | None:
    """The middle of the exchange against the answer's `Date`, which has whole seconds."""
    try:
        date = parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError, OverflowError):  # the last for a year of ten digits
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    middle = (sent.timestamp() + came.timestamp()) / 2
    return middle - (date.timestamp() + 0.5)
