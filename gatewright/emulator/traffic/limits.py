"""Rate limits: so many requests an interval, by gateway."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field

from gatewright.emulator.store import Document

#: Values that one gateway's rate nodes count apart.
MAX_KEYS = 10_000


@dataclass(slots=True)
class _Window:
    """Both techniques' memory: a count since ``start``, and the times of the last requests."""

    start: float = 0.0
    count: int = 0
    times: deque[float] = field(default_factory=deque)


class Limiter:
    """Counts requests, answers from the cache included.

    Fidelity: a limit without a technique counts as ``fixed``; refused requests are
    not counted. Neither is documented.
    """

    def __init__(self) -> None:
        self._windows: dict[str, _Window] = {}

    def admits(self, gateway: Document, now: float) -> bool:
        """Count a request, or refuse it; either setting at 0 is no limit."""
        limit, interval = gateway.get("rate_limiting_limit"), gateway.get("rate_limiting_interval")
        if not limit or not interval:
            return True
        window = self._windows.setdefault(gateway["id"], _Window())
        if gateway["rate_limiting_technique"] == "sliding":
            return _admits_sliding(window, limit, interval, now)
        return _admits_fixed(window, limit, interval, now)

    def forget(self, gateway_id: str) -> None:
        """Start anew for one gateway."""
        self._windows.pop(gateway_id, None)

    def clear(self) -> None:
        """Start anew for all."""
        self._windows.clear()


def _admits_fixed(window: _Window, limit: int, interval: int, now: float) -> bool:
    start = now - now % interval  # on the clock's own boundaries
    if start != window.start:
        window.start, window.count = start, 0
    if window.count >= limit:
        return False
    window.count += 1
    return True


def _admits_sliding(window: _Window, limit: int, interval: int, now: float) -> bool:
    while window.times and window.times[0] <= now - interval:
        window.times.popleft()
    if len(window.times) >= limit:
        return False
    window.times.append(now)
    return True


class Counters:
    """What the rate nodes of dynamic routes count, in windows on the clock's own boundaries.

    Past ``keys`` of a gateway, the one counted under longest ago starts anew: callers
    choose their values.
    """

    def __init__(self, keys: int = MAX_KEYS) -> None:
        self._max_keys = keys
        self._totals: dict[str, OrderedDict[str, tuple[float, float]]] = {}

    def total(self, gateway_id: str, key: str, window: float, now: float) -> float:
        """What was counted under ``key`` in the present window."""
        totals = self._totals.get(gateway_id)
        start, total = totals.get(key, (0.0, 0.0)) if totals else (0.0, 0.0)
        return total if start == now - now % window else 0.0

    def add(self, gateway_id: str, key: str, window: float, now: float, amount: float) -> None:
        """Count ``amount``."""
        total = self.total(gateway_id, key, window, now) + amount
        totals = self._totals.setdefault(gateway_id, OrderedDict())
        totals[key] = (now - now % window, total)
        totals.move_to_end(key)
        if len(totals) > self._max_keys:
            totals.popitem(last=False)

    def forget(self, gateway_id: str) -> None:
        """Start anew for one gateway."""
        self._totals.pop(gateway_id, None)

    def clear(self) -> None:
        """Start anew for all."""
        self._totals.clear()
