"""What one request brought to light: small, without secrets, safe to print."""

import json
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any, NamedTuple

from gatewright.model import Action, Endpoint, JsonValue
from gatewright.redaction import Redactor
from gatewright.smoke.answer import tokens, unmet
from gatewright.smoke.shape import documents_in, flaw

_LONGEST_MESSAGE = 200
#: Codes have four or five digits; what is longer is no code.
_HIGHEST_CODE = 999_999
#: Beginnings of the headers that every answer of a gateway has some of.
_OWN = "cf-aig-"
_PAGES = ("<!doctype html", "<html")
_BEGINNING = max(map(len, _PAGES))
_CODE = re.compile(r"([0-9]{4,5}): (.*)", re.DOTALL)


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


class Evidence(NamedTuple):
    """Either ``trouble`` with ``message``, or a ``status`` and what came with it.

    ``code`` and ``message`` are of the first error in the body, ``flaw`` is what is wrong
    with the shape of a 200, ``cache`` is `cf-aig-cache-status`, ``retry_after`` is in
    seconds. ``is_html`` is true of pages that neither a gateway nor a provider writes.

    ``wanted`` is the declared status. ``unmet`` are the declared JSON values that are
    otherwise, ``tokens`` those read and written. ``log_id``, ``step``, ``model`` and ``dlp``
    (the action) are what the gateway's headers of these names say.
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
    wanted: int = 200
    unmet: tuple[str, ...] = ()
    tokens: tuple[int, int] | None = None
    log_id: str | None = None
    step: str | None = None
    model: str | None = None
    dlp: str | None = None

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


class Attempt(NamedTuple):
    """One request: ``started`` seconds after the run began, answered in ``seconds``."""

    started: float
    seconds: float
    evidence: Evidence


def of_answer(
    status: int, headers: Mapping[str, str], body: bytes, endpoint: Endpoint, redactor: Redactor
) -> Evidence:
    """The evidence in an answer; ``headers`` find their names in any case."""
    text = body.decode("utf-8", "replace")
    is_page = _is_page(headers, text)

    def header(name: str) -> str | None:
        return clean(headers.get(name, ""), redactor) or None

    documents = documents_in(endpoint, text)
    evidence = Evidence(
        status,
        cache=header("cf-aig-cache-status"),
        is_html=is_page and not any(name.lower().startswith(_OWN) for name in headers),
        wanted=endpoint.expect.status,
        unmet=unmet(documents, endpoint.expect.json, lambda text: clean(text, redactor)),
        tokens=tokens(documents),
        log_id=header("cf-aig-log-id"),
        step=header("cf-aig-step"),
        model=header("cf-aig-model"),
        dlp=_dlp_action(headers.get("cf-aig-dlp", "")),
    )
    if status == 200:  # noqa: PLR2004  # the one status whose body has a shape
        wrong = "the body is a page of HTML" if is_page else flaw(endpoint, text, documents)
        return evidence._replace(flaw=wrong)
    origin, code, message = _error(text)
    return evidence._replace(
        origin=origin,
        code=code,
        message=clean(message, redactor),
        retry_after=_retry_after(headers),
    )


def _is_page(headers: Mapping[str, str], text: str) -> bool:
    """Whether it is HTML, by its type or, as some in between give none, by its beginning."""
    is_told = "html" in headers.get("content-type", "").lower()
    return is_told or text.lstrip()[:_BEGINNING].lower().startswith(_PAGES)


def _dlp_action(value: str) -> str | None:
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return None
    action = found.get("action") if isinstance(found, dict) else None
    return action if action in set(Action) else None


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
        case {"error": [{"code": int() as code, **rest}, *_]} if 0 < code <= _HIGHEST_CODE:
            return Origin.GATEWAY, code, _message(rest)
        case {"errors": [{"code": int() as code, **rest}, *_]} if 0 < code <= _HIGHEST_CODE:
            return Origin.PROVIDER, code, _message(rest)
        # What the binding threw, as the shipped Worker says it.
        case {"name": str() as name, "message": str() as message} if thrown := _CODE.match(message):
            origin = Origin.GATEWAY if name == "AiGatewayError" else Origin.PROVIDER
            return origin, int(thrown[1]), thrown[2]
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
    except (KeyError, ValueError, TypeError, OverflowError):  # the last for a year of ten digits
        return None
