"""API tokens: what one is, what it may do, and whether it may do it now."""

import hashlib
import ipaddress
import secrets
import string
import zlib
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, TypeAlias

from gatewright.emulator.permissions import ACCOUNT_SCOPE, BY_ID, USER_SCOPE, PermissionGroup

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

#: The user to whom the emulated account belongs.
USER_ID = "7c5dae5552338874e5053f2534d2767a"


class Owner(Enum):
    """Whose token it is; the value is the prefix of its own."""

    ACCOUNT = "cfat_"
    USER = "cfut_"


_ALPHABET = string.ascii_letters + string.digits
_RANDOM_LENGTH = 40


def new_value(owner: Owner = Owner.ACCOUNT) -> str:
    """A token's value in the present format.

    Fidelity: a prefix, 40 characters and a checksum are documented; which checksum
    is not.
    """
    random = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM_LENGTH))
    return f"{owner.value}{random}{zlib.crc32(random.encode()):08x}"


def digest(value: str) -> str:
    """The only form in which a token's value is kept."""
    return hashlib.sha256(value.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Token:
    """A token as stored: the API's object without its value, and the value's digest.

    The rest is taken from the object once, so that a request costs no more than
    comparisons. Times are seconds since the epoch.
    """

    document: dict[str, Any]
    digest: str
    permissions: frozenset[str]
    active: bool
    not_before: float | None
    expires: float | None
    allowed: tuple[Network, ...]
    refused: tuple[Network, ...]
    owner: Owner

    @classmethod
    def from_document(
        cls,
        document: dict[str, Any],
        digest: str,
        account_id: str,
        owner: Owner = Owner.ACCOUNT,
    ) -> "Token":
        """Read the API's object; it has been validated."""
        request_ip = (document.get("condition") or {}).get("request_ip") or {}
        return cls(
            document=document,
            digest=digest,
            permissions=_permissions(document["policies"], account_id),
            active=document["status"] == "active",
            not_before=seconds(document.get("not_before")),
            expires=seconds(document.get("expires_on")),
            allowed=_networks(request_ip.get("in")),
            refused=_networks(request_ip.get("not_in")),
            owner=owner,
        )

    @property
    def id(self) -> str:
        """The token's id, which is no secret."""
        identifier: str = self.document["id"]
        return identifier

    def status(self, now: float) -> str:
        """``active``, ``disabled`` or ``expired``."""
        if self.expires is not None and now >= self.expires:
            return "expired"
        status: str = self.document["status"]
        return status

    def valid(self, now: float) -> bool:
        """Whether the token opens anything at all at this time."""
        return (
            self.active
            and (self.expires is None or now < self.expires)
            and (self.not_before is None or now >= self.not_before)
        )

    def usable_from(self, client_ip: str) -> bool:
        """Whether the condition on client addresses holds."""
        if not self.allowed and not self.refused:
            return True
        try:
            address = ipaddress.ip_address(client_ip)
        except ValueError:
            return False
        within = not self.allowed or any(address in network for network in self.allowed)
        return within and not any(address in network for network in self.refused)

    def may(self, permissions: frozenset[str]) -> bool:
        """Whether the token holds one of these permissions on the account."""
        return not self.permissions.isdisjoint(permissions)


def seconds(text: str | None) -> float | None:
    """RFC 3339 as seconds since the epoch."""
    return datetime.fromisoformat(text).timestamp() if text is not None else None


def _permissions(policies: list[dict[str, Any]], account_id: str) -> frozenset[str]:
    granted: dict[str, set[str]] = {"allow": set(), "deny": set()}
    for policy in policies:
        for given in policy["permission_groups"]:
            group = BY_ID[given["id"]]
            if _reaches(policy["resources"], group, account_id):
                granted[policy["effect"]].add(group.name)
    return frozenset(granted["allow"] - granted["deny"])


def _reaches(resources: dict[str, Any], group: PermissionGroup, account_id: str) -> bool:
    of_user = group.scope == USER_SCOPE
    scope, own = (USER_SCOPE, USER_ID) if of_user else (ACCOUNT_SCOPE, account_id)
    return any(resources.get(f"{scope}.{which}") == "*" for which in (own, "*"))


def _networks(texts: list[str] | None) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts or ())
