"""What one request brought to light: small, without secrets, safe to print."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

from gatewright.model import Endpoint, JsonValue
from gatewright.redaction import Redactor
from gatewright.smoke.shape import flaw

_LONGEST_MESSAGE = 200


class Trouble(StrEnum):
    """Why there is no answer that could be judged."""

    CONNECTION = "connection"
    NAME = "name"
    TLS = "tls"
    PROXY = "proxy"
    TIMEOUT = "timeout"
    REDIRECT = "redirect"
    OVERSIZED = "oversized"
    ENCODING = "encoding"


class Origin(StrEnum):
    """Whose error body it is: the gateway's has `error`, the provider's `errors`."""

    GATEWAY = "gateway"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Either ``trouble`` with ``message``, or a ``status`` and what came with it.

    ``code`` and ``message`` are of the first error in the body, ``flaw`` is what is wrong
    with the shape of a 200, ``cache`` is `cf-aig-cache-status`, ``retry_after`` is in
    seconds. ``is_html`` is true of pages that neither a gateway nor a provider writes.
    """

    status: int | None = None
    trouble: Trouble | None = None
    origin: Origin | None = None
    code: int | None = None
    message: str = ""
    flaw: str | None = None
    cache: str | None = None
    retry_after: float | None = None
    is_html: bool = False

    def __str__(self) -> str:
        if self.trouble:
            return self.message
        parts = [str(self.status)]
        if self.code is not None:
            parts.append(f"code {self.code} from the {self.origin}")
        if self.cache:
            parts.append(self.cache)
        shown = ", ".join(parts)
        said = self.flaw or self.message
        return f"{shown}: {said}" if said else shown


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request: ``started`` seconds after the run began, answered in ``seconds``."""

    started: float
    seconds: float
    evidence: Evidence


def of_answer(
    status: int, headers: Mapping[str, str], body: bytes, endpoint: Endpoint, redactor: Redactor
) -> Evidence:
    """The evidence in an answer; ``headers`` find their names in any case."""
    text = body.decode("utf-8", "replace")
    is_html = "html" in headers.get("content-type", "").lower()
    cache = clean(headers.get("cf-aig-cache-status", ""), redactor) or None
    if status == 200:  # noqa: PLR2004  # the one status that is a success here
        wrong = "the body is a page of HTML" if is_html else flaw(endpoint, text)
        return Evidence(status, flaw=wrong, cache=cache, is_html=is_html)
    origin, code, message = _error(text)
    return Evidence(
        status,
        origin=origin,
        code=code,
        message=clean(message, redactor),
        cache=cache,
        retry_after=_retry_after(headers),
        is_html=is_html,
    )


def clean(text: str, redactor: Redactor) -> str:
    """``text`` of a stranger on one short line: no secrets, no control characters."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    line = " ".join(redactor.text(printable).split())
    return line if len(line) <= _LONGEST_MESSAGE else line[: _LONGEST_MESSAGE - 1] + "…"


def _error(text: str) -> tuple[Origin | None, int | None, str]:
    try:
        document: JsonValue = json.loads(text)
    except (ValueError, RecursionError):
        return None, None, ""
    match document:
        case {"error": [{"code": int() as code, **rest}, *_]}:
            return Origin.GATEWAY, code, _message(rest)
        case {"errors": [{"code": int() as code, **rest}, *_]}:
            return Origin.PROVIDER, code, _message(rest)
        case {"error": {"message": str() as message}}:  # the OpenAI form
            return None, None, message
    return None, None, ""


def _message(entry: Mapping[Any, Any]) -> str:
    message = entry.get("message")
    return message if isinstance(message, str) else ""


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds from `Retry-After`; a date counts from the answer's own `Date`."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        until, now = parsedate_to_datetime(value), parsedate_to_datetime(headers["date"])
        return max(0.0, (until - now).total_seconds())
    except (KeyError, ValueError, TypeError):
        return None
