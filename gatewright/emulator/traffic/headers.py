"""The ``cf-aig-*`` headers: what a request asks for, and what a response tells."""

import secrets
import uuid
from dataclasses import dataclass

from gatewright.emulator.store import Document
from gatewright.emulator.web import Request

MIN_TTL = 60
#: "One month" in the documentation. Fidelity: 30 days is our reading.
MAX_TTL = 30 * 86_400
#: For a custom key where neither header nor gateway gives a time.
CUSTOM_KEY_TTL = 300

_TTL = (b"cf-aig-cache-ttl", b"cf-cache-ttl")
_SKIP = (b"cf-aig-skip-cache", b"cf-skip-cache")


@dataclass(frozen=True, slots=True)
class Options:
    """What applies to one request: its headers first, then the gateway's settings.

    ``ttl`` in seconds, 0 for no caching.
    """

    ttl: int
    cache_key: str | None
    logged: bool
    event_id: str | None


def options_of(request: Request, gateway: Document) -> Options:
    """Read the request's headers over the gateway's settings."""
    cache_key = request.header(b"cf-aig-cache-key") or None
    logged = _flag(request.header(b"cf-aig-collect-log"))
    return Options(
        ttl=_ttl(request, gateway, custom_key=cache_key is not None),
        cache_key=cache_key,
        logged=gateway["collect_logs"] if logged is None else logged,
        event_id=request.header(b"cf-aig-event-id"),
    )


def response_headers(options: Options, now: float, cache_status: str | None) -> dict[str, str]:
    """What the gateway adds to a response.

    Fidelity: documentation leaves the cache status out where caching is not in play;
    one client saw ``MISS`` there. Left out here, and decided by the caller's
    ``cache_status`` alone.
    """
    headers = {"cf-aig-step": "0"}
    if cache_status is not None:
        headers["cf-aig-cache-status"] = cache_status
    if options.logged:
        headers["cf-aig-log-id"] = _uuid7(now)
    if options.event_id:
        headers["cf-aig-event-id"] = options.event_id
    return headers


def _ttl(request: Request, gateway: Document, *, custom_key: bool) -> int:
    if _flag(_first(request, _SKIP)):
        return 0
    asked = _first(request, _TTL)
    if asked is not None and asked.isascii() and asked.isdigit():
        return _bounded(asked)
    configured: int = gateway["cache_ttl"]
    return configured or (CUSTOM_KEY_TTL if custom_key else 0)


def _bounded(digits: str) -> int:
    """Fidelity: 0 turns caching off; what other values out of bounds do is not documented."""
    # No time has that many digits, and Python refuses to read some thousand of them.
    seconds = int(digits[-10:]) if len(digits.lstrip("0")) <= len(str(MAX_TTL)) else MAX_TTL
    return min(max(seconds, MIN_TTL), MAX_TTL) if seconds else 0


def _first(request: Request, names: tuple[bytes, ...]) -> str | None:
    """The value under the present name, or under the deprecated one."""
    return next((value for name in names if (value := request.header(name)) is not None), None)


def _flag(text: str | None) -> bool | None:
    return {"true": True, "false": False}.get(text.lower()) if text is not None else None


def _uuid7(now: float) -> str:
    """A UUID of version 7: milliseconds, then randomness."""
    value = (int(now * 1000) & ((1 << 48) - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))
