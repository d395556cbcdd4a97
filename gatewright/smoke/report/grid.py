"""One line a check."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gatewright.paint import Paint, Style
from gatewright.smoke.report.styles import STYLES
from gatewright.smoke.result import Status, Verdict

_HEAD = ("gateway", "endpoint", "check", "verdict", "time")
_GAP = "  "
_NARROWEST_NAME = 8
_VERDICT_WIDTH = max(len(word) for word in (*Status, "verdict"))
_TIME_WIDTH = len("999 ms")
_SECOND = 1.0
_STATUS_COLUMN = 3


def grid(verdicts: Sequence[Verdict], paint: Paint, width: int) -> Iterator[str]:
    """The lines, grouped by gateway; names repeat only where they change."""
    columns = _Columns.of(verdicts, width)
    yield paint(_GAP.join(columns.aligned(_HEAD)), Style.BOLD)
    before: tuple[str, str] | None = None
    for verdict in verdicts:
        gateway, endpoint = here = verdict.check.gateway.id, verdict.check.endpoint.name
        is_new_gateway = before is None or before[0] != gateway
        if is_new_gateway and before is not None:
            yield ""
        cells = columns.aligned(
            (
                gateway if is_new_gateway else "",
                endpoint if before != here else "",
                verdict.check.kind,
                verdict.status,
                seconds(verdict.seconds) if verdict.attempts else "-",
            )
        )
        cells[_STATUS_COLUMN] = paint(cells[_STATUS_COLUMN], STYLES[verdict.status])
        yield _GAP.join(cells)
        before = here


def seconds(value: float) -> str:
    """A time for people."""
    return f"{value:.1f} s" if value >= _SECOND else f"{value * 1000:.0f} ms"


@dataclass(frozen=True, slots=True)
class _Columns:
    """Widths of the first three columns; the others are fixed."""

    gateway: int
    endpoint: int
    check: int

    @classmethod
    def of(cls, verdicts: Sequence[Verdict], width: int) -> "_Columns":
        """As wide as needed; where that is too wide, the longer of the names gives way."""
        checks = [verdict.check for verdict in verdicts]
        gateway = max(len(word) for word in (_HEAD[0], *(check.gateway.id for check in checks)))
        endpoint = max(len(word) for word in (_HEAD[1], *(check.endpoint.name for check in checks)))
        kind = max(len(word) for word in (_HEAD[2], *(check.kind for check in checks)))
        room = width - kind - _VERDICT_WIDTH - _TIME_WIDTH - len(_GAP) * (len(_HEAD) - 1)
        while gateway + endpoint > room and max(gateway, endpoint) > _NARROWEST_NAME:
            if gateway > endpoint:
                gateway -= 1
            else:
                endpoint -= 1
        return cls(gateway, endpoint, kind)

    def aligned(self, cells: Sequence[str]) -> list[str]:
        """The cells of one line, each padded or cut to its column."""
        gateway, endpoint, check, verdict, time = cells
        return [
            _fit(gateway, self.gateway),
            _fit(endpoint, self.endpoint),
            check.ljust(self.check),
            verdict.ljust(_VERDICT_WIDTH),
            time.rjust(_TIME_WIDTH),
        ]


def _fit(text: str, width: int) -> str:
    return text.ljust(width) if len(text) <= width else text[: width - 1] + "…"
