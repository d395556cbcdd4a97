"""Where the API is, with which token, and in which manner it is asked."""

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
    ``uses_proxy``: take the environment's proxy, if it names one.
    """

    user_agent: str
    repeats_creates: bool
    uses_proxy: bool
