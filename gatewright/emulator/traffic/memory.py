"""What the gateway endpoint remembers between requests; it ends with the process."""

from gatewright.emulator.traffic.cache import Cache
from gatewright.emulator.traffic.limits import Counters, Limiter
from gatewright.emulator.traffic.logbook import Logbook
from gatewright.emulator.traffic.spend import Ledger
from gatewright.emulator.traffic.switches import Switches


class Memory:
    """Kept answers, counted requests and dollars, logs; and what it does wrong on purpose."""

    def __init__(self) -> None:
        self.cache = Cache()
        self.limiter = Limiter()
        self.counters = Counters()
        self.ledger = Ledger()
        self.logs = Logbook()
        self.switches = Switches()

    def forget(self, gateway_id: str) -> None:
        """A gateway is gone: one made later under its id starts anew."""
        self.cache.invalidate(gateway_id)
        self.limiter.forget(gateway_id)
        self.counters.forget(gateway_id)
        self.ledger.forget(gateway_id)
        self.logs.forget(gateway_id)

    def clear(self) -> None:
        """All gateways are gone."""
        self.cache.clear()
        self.limiter.clear()
        self.counters.clear()
        self.ledger.clear()
        self.logs.clear()
        self.switches.on.clear()
