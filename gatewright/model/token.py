"""An API token, declared by the names of its permissions."""

from dataclasses import dataclass, field
from enum import StrEnum

from gatewright.model.finding import Source


class TokenKind(StrEnum):
    """Who owns a token: the account, or the user who deploys it."""

    ACCOUNT = "account"
    USER = "user"


@dataclass(frozen=True, slots=True)
class RequestIp:
    """The addresses (CIDR) from which a token may be used."""

    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """An API token for the account, whoever owns it.

    ``permissions`` are names of permission groups, sorted, as Cloudflare's API
    writes them. ``not_before`` and ``expires`` are RFC 3339 in UTC without a fraction.
    A higher ``generation`` is another token in place of this one.
    """

    name: str
    permissions: tuple[str, ...]
    kind: TokenKind = TokenKind.ACCOUNT
    description: str | None = None
    not_before: str | None = None
    expires: str | None = None
    request_ip: RequestIp | None = None
    generation: int = 1
    source: Source | None = field(default=None, compare=False)

    @property
    def name_in_account(self) -> str:
        """Later generations say so: while one takes over from the other, both exist."""
        return self.name if self.generation == 1 else f"{self.name} #{self.generation}"
