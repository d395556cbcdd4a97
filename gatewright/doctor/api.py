"""Asking Cloudflare, read-only."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from gatewright.redaction import Redactor, Secret

_TIMEOUT_SECONDS = 15.0
_MAX_BODY = 16 * 1024 * 1024
#: What Cloudflare's API answers has at least one of these.
_ENVELOPE = frozenset({"success", "result", "errors"})
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
                octets = _bounded(answer)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            return Answer(None, said=redactor.text(f"{type(error).__name__}: {error}"))
        body = _parsed(octets)
        return Answer(
            answer.status_code,
            body,
            redactor.text(_said(answer.status_code, body)),
            _skew(answer, sent, self.now()),
            "".join(answer.headers.get(name, "") for name in _LIMITS),
        )


def _bounded(answer: httpx.Response) -> bytes:
    """The body; raises `httpx.HTTPError` for one that is too long, or comes too slowly."""
    give_up = time.monotonic() + _TIMEOUT_SECONDS
    body = bytearray()
    for chunk in answer.iter_bytes():
        body += chunk
        if len(body) > _MAX_BODY:
            raise httpx.ReadError(f"{answer.status_code}, a body of more than {_MAX_BODY} bytes")
        if time.monotonic() > give_up:
            raise httpx.ReadTimeout(f"no whole answer within {_TIMEOUT_SECONDS:.0f} s")
    return bytes(body)


def _parsed(octets: bytes) -> dict[str, Any]:
    """Cloudflare's envelope; empty if it is none."""
    try:
        found = json.loads(octets)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and found.keys() & _ENVELOPE else {}


def _said(status: int, body: dict[str, Any]) -> str:
    said = "; ".join(
        f"{entry.get('message', 'no message')} (code {entry.get('code', '?')})"
        for entry in objects(body.get("errors"))
    )
    printable = "".join(char if char.isprintable() else " " for char in said)
    return f"{status}: {printable}" if said else f"{status}"


def objects(value: Any) -> list[dict[str, Any]]:
    """The JSON objects in a list; of what is no list, none."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


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
