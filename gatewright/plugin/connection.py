"""Where the API is, with which token, and in which manner it is asked."""

import ipaddress
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Connection:
    """A checked address and its credentials."""

    base_url: str
    api_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a plugin behaves on the wire.

    ``repeats_creates``: send a POST again although the first may have had its effect.
    ``uses_proxy``: take the environment's proxy, if it names one; never to loopback.
    """

    user_agent: str
    repeats_creates: bool
    uses_proxy: bool


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this machine by name or address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
