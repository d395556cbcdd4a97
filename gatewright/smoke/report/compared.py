"""A run beside the last good one."""

from collections.abc import Sequence
from datetime import datetime

from gatewright.paint import Paint, Style
from gatewright.smoke.history import Past, Slower
from gatewright.smoke.report.grid import seconds


def comparison(past: Past | None, found: Sequence[Slower], paint: Paint) -> str:
    """What is slower than in ``past``, or that there is nothing to compare with."""
    if past is None:
        return "no good run of this stack before: nothing to compare with"
    revision = f" of revision {past.revision}" if past.revision else ""
    when = f"the good run{revision} at {_shown(past.started)}"
    if not found:
        rest = "; what that did not call, than in those before it" if past.older else ""
        return f"nothing is slower than in {when}{rest}"
    lines = [paint(f"slower than in {when}", Style.WARNING)]
    for each in found:
        gateway, endpoint, cache = each.place
        times = f"{seconds(each.before)} → {seconds(each.now)}"
        older = past.older.get(each.place)
        since = f"  (since the good run at {_shown(older)})" if older else ""
        lines.append(f"  {gateway}/{endpoint} {cache}  {times}{since}")
    return "\n".join(lines)


def _shown(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"
