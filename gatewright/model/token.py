"""An API token, declared by the names of its permissions."""

from dataclasses import dataclass, field

from gatewright.model.finding import Location


@dataclass(frozen=True, slots=True)
class RequestIp:
    """The addresses (CIDR) from which a token may be used."""

    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """An account-owned API token.

    ``permissions`` are names of permission groups, sorted, as Cloudflare's API
    writes them. ``expires`` is RFC 3339 in UTC without a fraction.
    """

    name: str
    permissions: tuple[str, ...]
    description: str | None = None
    expires: str | None = None
    request_ip: RequestIp | None = None
    source: Location | None = field(default=None, compare=False)
