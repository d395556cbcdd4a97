"""What the dashboard shows of each gateway, counted as calls end: logged or not."""

import math
from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

#: Minutes that the chart looks back.
MINUTES = 60

#: Buckets of the latencies for each doubling: a percentile is at most 4.5 % off.
_BUCKETS = 8


@dataclass(frozen=True, slots=True)
class Ended:
    """A call, or a step of one, that has ended: ``at`` in seconds, ``duration`` in milliseconds."""

    at: float
    duration: float
    cached: bool = False
    failed: bool = False
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0


@dataclass(slots=True)
class Figures:
    """A gateway's calls so far; ``minutes`` are requests, hits and failures by minute."""

    requests: int = 0
    cached: int = 0
    failed: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    last: float = 0.0
    minutes: dict[int, list[int]] = field(default_factory=dict)
    latencies: Counter[int] = field(default_factory=Counter)

    def count(self, ended: Ended) -> None:
        """One more."""
        self.requests += 1
        self.cached += ended.cached
        self.failed += ended.failed
        self.tokens_in += ended.tokens_in
        self.tokens_out += ended.tokens_out
        self.cost += ended.cost
        self.last = ended.at
        minute = int(ended.at) // 60
        counted = self.minutes.get(minute)
        if counted is None:
            counted = self.minutes[minute] = [0, 0, 0]
            while len(self.minutes) > MINUTES:
                del self.minutes[next(iter(self.minutes))]
        counted[0] += 1
        counted[1] += ended.cached
        counted[2] += ended.failed
        self.latencies[_bucket(ended.duration)] += 1

    def percentile(self, share: float) -> float | None:
        """The latency in milliseconds that this share of the calls did not exceed."""
        wanted = math.ceil(self.latencies.total() * share)
        for bucket in sorted(self.latencies):
            wanted -= self.latencies[bucket]
            if wanted <= 0:
                return math.exp2((bucket + 0.5) / _BUCKETS)
        return None

    def document(self) -> dict[str, Any]:
        """As it is kept in a file."""
        kept = {name: getattr(self, name) for name in _PLAIN}
        return kept | {
            "minutes": list(self.minutes.items()),
            "latencies": list(self.latencies.items()),
        }

    @classmethod
    def of(cls, document: dict[str, Any]) -> "Figures":
        """From what `document` gave."""
        plain = {name: document[name] for name in _PLAIN}
        latencies: Counter[int] = Counter(dict(document["latencies"]))
        return cls(**plain, minutes=dict(document["minutes"]), latencies=latencies)


_PLAIN = ("requests", "cached", "failed", "tokens_in", "tokens_out", "cost", "last")


class Statistics:
    """Figures by gateway."""

    def __init__(self) -> None:
        self._figures: dict[str, Figures] = {}

    def count(self, gateway_id: str, ended: Ended) -> None:
        """One more call of a gateway."""
        figures = self._figures.get(gateway_id)
        if figures is None:
            figures = self._figures[gateway_id] = Figures()
        figures.count(ended)

    def of(self, gateway_id: str) -> Figures:
        """A gateway's figures; all nought before its first call."""
        return self._figures.get(gateway_id) or Figures()

    def put(self, gateway_id: str, figures: Figures) -> None:
        """Take up what was counted before."""
        self._figures[gateway_id] = figures

    def gateways(self) -> AbstractSet[str]:
        """The gateways that were called."""
        return self._figures.keys()

    def total(self) -> Figures:
        """All gateways together."""
        total = Figures()
        for figures in self._figures.values():
            for name in ("requests", "cached", "failed", "tokens_in", "tokens_out", "cost"):
                setattr(total, name, getattr(total, name) + getattr(figures, name))
            total.last = max(total.last, figures.last)
            total.latencies.update(figures.latencies)
            for minute, counted in figures.minutes.items():
                sums = total.minutes.setdefault(minute, [0, 0, 0])
                total.minutes[minute] = [a + b for a, b in zip(sums, counted, strict=True)]
        return total

    def forget(self, gateway_id: str) -> None:
        """Start anew for one gateway."""
        self._figures.pop(gateway_id, None)

    def clear(self) -> None:
        """Start anew for all."""
        self._figures.clear()


def _bucket(milliseconds: float) -> int:
    return math.floor(math.log2(max(milliseconds, 0.001)) * _BUCKETS)
