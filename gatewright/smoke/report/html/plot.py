"""Latency of each endpoint, HIT against MISS, on one logarithmic axis."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from gatewright.smoke.latency import Latency
from gatewright.smoke.report.grid import seconds
from gatewright.smoke.report.html.tags import element, escaped, joined

#: Rows more than this are a wall: the slowest are shown.
MOST_ROWS = 40

_RADIUS = 5
#: Per cent of the width kept free at both ends, so that no dot is cut.
_MARGIN = 3.0
_PERCENT = 100.0
#: Below this a time says nothing but the clock's grain.
_SHORTEST = 0.001
_STEPS = (1, 2, 5)
_MOST_TICKS = 5


def plot(rows: Sequence[Latency]) -> str:
    """A row for each endpoint; a filled dot is a HIT, a ring is a MISS."""
    slowest = sorted(rows, key=_slowest, reverse=True)[:MOST_ROWS]
    shown = [row for row in rows if row in slowest]
    axis = _Axis.of([value for row in shown for value in (*row.hits, *row.misses)])
    left_out = len(rows) - len(shown)
    note = f"The {len(shown)} slowest endpoints; {left_out} more are not shown." if left_out else ""
    return element(
        "figure",
        _legend(),
        joined(_row(row, axis) for row in shown),
        _scale(axis),
        element("figcaption", escaped(note)) if note else "",
        class_="plot",
    )


@dataclass(frozen=True, slots=True)
class _Axis:
    """From ``low`` to ``high`` seconds, logarithmic; ``ticks`` lie between."""

    low: float
    high: float
    ticks: tuple[float, ...]

    @classmethod
    def of(cls, values: Sequence[float]) -> "_Axis":
        """Round numbers around ``values``."""
        rounds = [
            step * 10.0**power for power in range(-4, 4) for step in _STEPS
        ]  # 0.1 ms to about an hour and a half
        fastest, slowest = max(min(values), _SHORTEST), max((*values, _SHORTEST))
        low = max(each for each in rounds if each <= fastest)
        high = min((each for each in rounds if each > slowest), default=rounds[-1])
        within = [each for each in rounds if low <= each <= high]
        every = -(-len(within) // _MOST_TICKS)
        return cls(low, high, tuple(within[::every]))

    def place(self, value: float) -> str:
        """Where ``value`` is, in per cent of the width."""
        bounded = min(max(value, self.low), self.high)
        part = math.log(bounded / self.low) / math.log(self.high / self.low)
        return f"{_MARGIN + part * (_PERCENT - 2 * _MARGIN):.2f}%"


def _row(row: Latency, axis: _Axis) -> str:
    name = f"{row.gateway}/{row.endpoint}"
    medians = tuple(_medians(row))
    picture = element(
        "svg",
        *(
            element("line", x1=place, x2=place, y1="0%", y2="100%", class_="tick")
            for place in map(axis.place, axis.ticks)
        ),
        *(_dot(value, axis, "miss") for value in row.misses),
        *(_dot(value, axis, "hit") for value in row.hits),
        role="img",
        aria_label=f"{name}: {', '.join(medians)}",
        class_="row",
    )
    label = element("span", escaped(name), class_="name")
    shown = ", ".join(element("span", escaped(each)) for each in medians)
    return element("div", label, picture, element("span", shown, class_="medians"))


def _dot(value: float, axis: _Axis, kind: str) -> str:
    title = element("title", f"{kind.upper()} {seconds(value)}")
    return element("circle", title, cx=axis.place(value), cy="50%", r=_RADIUS, class_=kind)


def _medians(row: Latency) -> Iterator[str]:
    for kind, times in (("HIT", row.hits), ("MISS", row.misses)):
        if times:
            shown = f"{kind} {seconds(median(times))}"
            yield f"{shown} (median of {len(times)})" if len(times) > 1 else shown


def _scale(axis: _Axis) -> str:
    labels = (element("text", seconds(tick), x=axis.place(tick), y=14) for tick in axis.ticks)
    picture = element("svg", *labels, class_="axis", aria_hidden="true")
    return element("div", element("span"), picture, element("span"), class_="scale")


def _legend() -> str:
    def mark(kind: str) -> str:
        dot = element("circle", cx=7, cy=7, r=_RADIUS, class_=kind)
        return element("svg", dot, width=14, height=14, aria_hidden="true")

    return element(
        "p",
        element("span", mark("hit"), " HIT: answered from the cache"),
        element("span", mark("miss"), " MISS: answered by the model"),
        class_="legend",
    )


def _slowest(row: Latency) -> float:
    return max((*row.hits, *row.misses))
