"""What the gateway endpoint remembers between requests; it ends with the process."""

from gatewright.emulator.traffic.cache import Cache
from gatewright.emulator.traffic.limits import Limiter


class Memory:
    """Kept answers and counted requests."""

    def __init__(self) -> None:
        self.cache = Cache()
        self.limiter = Limiter()

    def forget(self, gateway_id: str) -> None:
        """A gateway is gone: one made later under its id starts anew."""
        self.cache.invalidate(gateway_id)
        self.limiter.forget(gateway_id)

    def clear(self) -> None:
        """All gateways are gone."""
        self.cache.clear()
        self.limiter.clear()
