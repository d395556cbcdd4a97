"""A run beside the last good one."""

from collections.abc import Sequence

from gatewright.paint import Paint, Style
from gatewright.smoke.history import Past, Slower
from gatewright.smoke.report.grid import seconds


def comparison(past: Past | None, found: Sequence[Slower], paint: Paint) -> str:
    """What is slower than in ``past``, or that there is nothing to compare with."""
    if past is None:
        return "no good run of this stack before: nothing to compare with"
    revision = f" of revision {past.revision}" if past.revision else ""
    when = f"the good run{revision} at {past.started:%Y-%m-%d %H:%M} UTC"
    if not found:
        return f"nothing is slower than in {when}"
    lines = [paint(f"slower than in {when}", Style.WARNING)]
    for each in found:
        gateway, endpoint, cache = each.place
        times = f"{seconds(each.before)} → {seconds(each.now)}"
        lines.append(f"  {gateway}/{endpoint} {cache}  {times}")
    return "\n".join(lines)
