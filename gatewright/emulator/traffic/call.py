"""A call on its way through a gateway."""

from dataclasses import dataclass

from gatewright.emulator.store import Document
from gatewright.emulator.web import Headers


@dataclass(frozen=True, slots=True)
class Call:
    """One client request; ``now`` in seconds since the epoch, ``started`` by a stop watch.

    ``headers`` are the client's. ``rest`` marks the host of the account API, where the
    provider's token is the gateway's too; ``bound``, a Worker's binding, which needs none.
    """

    gateway: Document
    headers: Headers
    client_ip: str
    now: float
    started: float
    rest: bool = False
    bound: bool = False
