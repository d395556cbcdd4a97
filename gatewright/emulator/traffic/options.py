"""What a call asks for in ``cf-aig-*`` headers, over the gateway's settings."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from gatewright.emulator.store import Document
from gatewright.emulator.web import Headers, header_of, parse_json

Metadata: TypeAlias = dict[str, str | int | float | bool]

MIN_TTL = 60
#: "One month" in the documentation. Fidelity: that it is 30 days is our reading.
MAX_TTL = 30 * 86_400
#: For a custom key where neither header nor gateway gives a time.
CUSTOM_KEY_TTL = 300
#: Dollars, of a call or a token.
_DEAREST = 1e12

MAX_METADATA = 5
MAX_ATTEMPTS = 5
#: In milliseconds: a header's bounds; a gateway's own are wider.
MAX_RETRY_DELAY = 5_000
MAX_TIMEOUT = 10 * 60 * 1000

_TTL = (b"cf-aig-cache-ttl", b"cf-cache-ttl")
_SKIP = (b"cf-aig-skip-cache", b"cf-skip-cache")
_BACKOFFS = frozenset(("constant", "linear", "exponential"))


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a provider is asked, ``delay`` milliseconds apart."""

    attempts: int = 1
    delay: int = 0
    backoff: str = "constant"

    def wait(self, failed: int) -> float:
        """Seconds to wait after so many failed attempts."""
        factor: int = {"linear": failed, "exponential": 2 ** (failed - 1)}.get(self.backoff, 1)
        return self.delay * factor / 1000


@dataclass(frozen=True, slots=True)
class CustomCost:
    """A price that the caller knows better, in dollars."""

    per_token_in: float = 0.0
    per_token_out: float = 0.0
    total: float | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """What applies to one request: its headers first, then the gateway's settings.

    ``ttl`` in seconds, 0 for no caching; ``timeout`` in milliseconds to the first
    byte. ``payload`` is whether a logged call's bodies are kept.
    """

    ttl: int
    cache_key: str | None
    logged: bool
    payload: bool
    event_id: str | None
    metadata: Metadata
    custom_cost: CustomCost | None
    timeout: int | None
    retries: Retries
    byok_alias: str | None
    wholesale: bool


def options_of(headers: Headers, gateway: Document) -> Options:
    """Read a request's headers over the gateway's settings."""
    cache_key = header_of(headers, b"cf-aig-cache-key") or None
    logged = _flag(header_of(headers, b"cf-aig-collect-log"))
    return Options(
        ttl=_ttl(headers, gateway, custom_key=cache_key is not None),
        cache_key=cache_key,
        logged=gateway["collect_logs"] if logged is None else logged,
        payload=_flag(header_of(headers, b"cf-aig-collect-log-payload")) is not False,
        event_id=header_of(headers, b"cf-aig-event-id"),
        metadata=_metadata(headers.get(b"cf-aig-metadata")),
        custom_cost=_custom_cost(headers.get(b"cf-aig-custom-cost")),
        timeout=_number(header_of(headers, b"cf-aig-request-timeout"), 1, MAX_TIMEOUT),
        retries=_retries(headers, gateway),
        byok_alias=header_of(headers, b"cf-aig-byok-alias") or None,
        wholesale=not _flag(header_of(headers, b"cf-aig-no-wholesale")),
    )


def _ttl(headers: Headers, gateway: Document, *, custom_key: bool) -> int:
    if _flag(_first(headers, _SKIP)):
        return 0
    asked = _first(headers, _TTL)
    if asked is not None and asked.isascii() and asked.isdigit():
        return _bounded(asked)
    configured: int = gateway["cache_ttl"]
    return configured or (CUSTOM_KEY_TTL if custom_key else 0)


def _bounded(digits: str) -> int:
    """Fidelity: 0 turns caching off; what other values out of bounds do is not documented."""
    # No time has that many digits, and Python refuses to read some thousand of them.
    seconds = int(digits[-10:]) if len(digits.lstrip("0")) <= len(str(MAX_TTL)) else MAX_TTL
    return min(max(seconds, MIN_TTL), MAX_TTL) if seconds else 0


def _retries(headers: Headers, gateway: Document) -> Retries:
    """Fidelity: the number counts the first attempt too; what is out of bounds is cut to them."""
    attempts = _number(header_of(headers, b"cf-aig-max-attempts"), 1, MAX_ATTEMPTS)
    delay = _number(header_of(headers, b"cf-aig-retry-delay"), 0, MAX_RETRY_DELAY)
    backoff = header_of(headers, b"cf-aig-backoff")
    if attempts is None:
        attempts = gateway.get("retry_max_attempts")
    if delay is None:
        delay = gateway.get("retry_delay")
    if backoff not in _BACKOFFS:
        backoff = gateway.get("retry_backoff")
    return Retries(attempts or 1, delay or 0, backoff or "constant")


def _metadata(given: bytes | None) -> Metadata:
    """The first five entries; one value that is none of text, number or truth drops them all."""
    entries = _object(given)
    if not all(isinstance(value, str | int | float) for value in entries.values()):
        return {}
    # Fidelity: `cf.` is reserved; that such keys are left out is our reading.
    kept = [(key, value) for key, value in entries.items() if not key.startswith("cf.")]
    return dict(kept[:MAX_METADATA])


def _custom_cost(given: bytes | None) -> CustomCost | None:
    """Fidelity: a price beyond reason counts for nothing: our reading, so that sums are finite."""
    entries = _object(given)
    numbers = {
        name: float(value)
        for name, value in entries.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _DEAREST
    }
    if "total_cost" in numbers:
        return CustomCost(total=numbers["total_cost"])
    if "per_token_in" in numbers or "per_token_out" in numbers:
        return CustomCost(numbers.get("per_token_in", 0.0), numbers.get("per_token_out", 0.0))
    return None


def _object(given: bytes | None) -> dict[str, Any]:
    """JSON in UTF-8; what is none, or has numbers that JSON has not, counts for nothing."""
    if not given:
        return {}
    try:
        value = parse_json(given)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _number(given: str | None, minimum: int, maximum: int) -> int | None:
    if given is None or not (given.isascii() and given.isdigit()):
        return None
    digits = given.lstrip("0") or "0"
    value = maximum if len(digits) > len(str(maximum)) else int(digits)
    return min(max(value, minimum), maximum)


def _first(headers: Headers, names: tuple[bytes, ...]) -> str | None:
    """The value under the present name, or under the deprecated one."""
    return next((value for name in names if (value := header_of(headers, name)) is not None), None)


def _flag(given: str | None) -> bool | None:
    """Fidelity: only ``true`` and ``false`` are documented; ``True`` or ``1`` say nothing here."""
    return {"true": True, "false": False}.get(given) if given is not None else None
