"""When a token starts or stops working: a date, or a time in UTC."""

from time import gmtime, strftime

_FORM = "%Y-%m-%dT%H:%M:%SZ"
START_OF_DAY = "T00:00:00Z"
END_OF_DAY = "T23:59:59Z"


def instant(text: str, *, of_day: str) -> str | None:
    """RFC 3339 in UTC without a fraction, as Cloudflare's token API takes it.

    A date means ``of_day`` of that day. None if ``text`` is neither a date nor such
    a time, or names a day that does not exist.
    """
    from datetime import datetime  # noqa: PLC0415  # few specs have times

    whole = text if "T" in text else text + of_day
    try:
        moment = datetime.fromisoformat(whole)
    except ValueError:
        return None
    return whole if moment.strftime(_FORM) == whole else None


def now() -> str:
    """The present instant, in the same form."""
    return strftime(_FORM, gmtime())


def start(text: str) -> str | None:
    """When something starts that starts on or at ``text``."""
    return instant(text, of_day=START_OF_DAY)


def end(text: str) -> str | None:
    """When something ends that ends on or at ``text``."""
    return instant(text, of_day=END_OF_DAY)
