"""When a token expires: a date, or a time in UTC."""

from datetime import datetime

_END_OF_DAY = "T23:59:59Z"


def instant(text: str) -> str | None:
    """RFC 3339 in UTC without a fraction, as Cloudflare's token API takes it.

    A date means the end of that day. None if ``text`` is neither a date nor such
    a time, or names a day that does not exist.
    """
    whole = text if "T" in text else text + _END_OF_DAY
    try:
        moment = datetime.fromisoformat(whole)
    except ValueError:
        return None
    return whole if moment.strftime("%Y-%m-%dT%H:%M:%SZ") == whole else None
