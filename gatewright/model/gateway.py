"""A gateway, its cache policy and the other settings people declare."""

from dataclasses import dataclass, field

from gatewright.model.endpoint import Endpoint
from gatewright.model.finding import Location


@dataclass(frozen=True, slots=True)
class CachePolicy:
    """How long answers are kept.

    ``ttl`` is in seconds (Cloudflare's ``cache_ttl``). ``name`` is None for a
    policy written inline in a gateway; the name never reaches Cloudflare, which
    knows no policies.
    """

    ttl: int
    invalidate_on_update: bool = False
    name: str | None = None
    description: str | None = None
    source: Location | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class RateLimiting:
    """At most ``limit`` requests in ``interval`` seconds."""

    limit: int
    interval: int
    technique: str = "fixed"


@dataclass(frozen=True, slots=True)
class Retries:
    """What the gateway does when a provider fails; ``delay`` is in milliseconds."""

    max_attempts: int
    delay: int | None = None
    backoff: str | None = None


@dataclass(frozen=True, slots=True)
class Logs:
    """Whether requests are logged and how many logs are kept.

    ``limit`` and ``strategy`` are None where the spec leaves them to the account,
    whose default differs from one account to the next.
    """

    collect: bool = True
    limit: int | None = None
    strategy: str | None = None


@dataclass(frozen=True, slots=True)
class Gateway:
    """One AI gateway; ``id`` is its key and a segment of its URL."""

    id: str
    authentication: bool
    description: str | None = None
    cache: CachePolicy | None = None
    rate_limiting: RateLimiting | None = None
    retries: Retries | None = None
    logs: Logs = field(default_factory=Logs)
    logpush: bool = False
    zdr: bool = False
    endpoints: tuple[Endpoint, ...] = ()
    source: Location | None = field(default=None, compare=False)
