"""Numbers as people read them; what there is none of is a dash."""

from datetime import UTC, datetime

from gatewright.emulator.dashboard.html import Html, tag

NONE = "\N{EN DASH}"

_SECOND = 1000.0
_TEN = 10.0
_CENT = 0.01


def count(number: int) -> str:
    """With a comma at each thousand."""
    return f"{number:,}"


def share(part: int, whole: int) -> str:
    """Per cent."""
    return f"{100 * part / whole:.1f}%" if whole else NONE


def milliseconds(duration: float | None) -> str:
    """Two digits or so: a latency here is never exact."""
    if duration is None:
        return NONE
    if not duration:
        return "<1 ms"
    if duration >= _SECOND:
        return f"{duration / _SECOND:.1f} s"
    return f"{duration:.0f} ms" if duration >= _TEN else f"{duration:.1f} ms"


def duration(seconds: int) -> str:
    """Seconds, in the largest unit that says it whole."""
    for unit, factor in (("day", 86_400), ("hour", 3_600), ("min", 60)):
        whole, rest = divmod(seconds, factor)
        if whole and not rest:
            return f"{whole:,} {unit}{'s' if whole > 1 and unit != 'min' else ''}"
    return f"{seconds:,} s"


def dollars(amount: float) -> str:
    """To the cent, or to the millionth below one."""
    return f"${amount:,.2f}" if amount >= _CENT or not amount else f"${amount:.6f}"


def moment(seconds: float) -> Html:
    """The time of day, in UTC; the whole date for machines and on hovering."""
    if not seconds:
        return Html(NONE)
    at = datetime.fromtimestamp(seconds, UTC)
    stamp = f"{at:%Y-%m-%dT%H:%M:%S}Z"
    return tag("time", f"{at:%H:%M:%S}", datetime=stamp, title=stamp)


def size(count_of_bytes: int) -> str:
    """Bytes, in the unit that fits."""
    for unit, factor in (("MB", 1_000_000), ("kB", 1_000)):
        if count_of_bytes >= factor:
            return f"{count_of_bytes / factor:.1f} {unit}"
    return f"{count_of_bytes} B"
