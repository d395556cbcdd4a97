"""The ``cf-aig-*`` headers of a response, and the ids they carry."""

import secrets

from gatewright.emulator.traffic.options import Options


def response_headers(
    options: Options, step: int, log_id: str | None, cache_status: str | None = None
) -> dict[str, str]:
    """What the gateway adds to a response.

    Fidelity: documentation leaves the cache status out where caching is not in play;
    one client saw ``MISS`` there. Left out here, and decided by the caller's
    ``cache_status`` alone. What ``cf-aig-request-id`` looks like is not documented.
    """
    headers = {"cf-aig-step": str(step), "cf-aig-request-id": secrets.token_hex(16)}
    if cache_status is not None:
        headers["cf-aig-cache-status"] = cache_status
    if log_id is not None:
        headers["cf-aig-log-id"] = log_id
    if options.event_id:
        headers["cf-aig-event-id"] = options.event_id
    return headers


def sendable(text: str) -> str:
    """Any text as the value of a header: in UTF-8, without what can't be sent."""
    printable = "".join(character for character in text if character.isprintable())
    return printable.encode().decode("latin-1")


def new_id(now: float) -> str:
    """A UUID of version 7: milliseconds, then randomness."""
    value = (int(now * 1000) & ((1 << 48) - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    digits = f"{value:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
