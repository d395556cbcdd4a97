"""Durations: a whole number with a unit, `500ms`, `30s`, `5m`, `1h`, `30d`."""

_MILLISECONDS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
#: Longer ones are nonsense, and Python refuses to read very long numbers.
_MOST_DIGITS = 9


def milliseconds(text: str) -> int | None:
    """The duration in milliseconds; None if ``text`` is not a duration."""
    digits = text.rstrip("dhms")
    factor = _MILLISECONDS.get(text[len(digits) :])
    if factor is None or not (digits.isascii() and digits.isdigit()):
        return None
    return int(digits) * factor if len(digits) <= _MOST_DIGITS else None


def seconds(value: int | str) -> int | None:
    """The duration in seconds, an integer being that already; None if it is not a whole number."""
    if isinstance(value, int):
        return value
    total = milliseconds(value)
    return None if total is None or total % 1_000 else total // 1_000


def spelled(total: int) -> str:
    """``total`` milliseconds with the largest unit that gives a whole number."""
    for unit in ("d", "h", "m", "s"):
        if total and total % _MILLISECONDS[unit] == 0:
            return f"{total // _MILLISECONDS[unit]}{unit}"
    return f"{total}ms"
