"""What the account API answers: JSON in an envelope, unless something else is at its address."""

import json
import time
from typing import Any

import httpx

#: In bytes: more than the code of the largest Worker.
MOST = 64 * 1024 * 1024
#: What Cloudflare's API answers has at least one of these.
_KEYS = frozenset({"success", "result", "errors"})


def octets(answer: httpx.Response, seconds: float) -> bytes:
    """The body of a streamed answer.

    Raises `httpx.ReadError` for one of more than `MOST` bytes and `httpx.ReadTimeout` for
    one that is not there after ``seconds``.
    """
    give_up = time.monotonic() + seconds
    body = bytearray()
    for chunk in answer.iter_bytes():
        body += chunk
        if len(body) > MOST:
            raise httpx.ReadError(f"{answer.status_code}, a body of more than {MOST} bytes")
        if time.monotonic() > give_up:
            raise httpx.ReadTimeout(f"no whole answer within {seconds:.0f} s")
    return bytes(body)


def parsed(body: bytes) -> dict[str, Any] | None:
    """The envelope; None if it is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found.keys() & _KEYS else None


def said(envelope: dict[str, Any]) -> str:
    """Its errors, as a person reads them in one line; empty if there are none."""
    sentences = "; ".join(
        f"{entry.get('message', 'no message')} (code {entry.get('code', '?')})"
        for entry in objects(envelope.get("errors"))
    )
    return "".join(char if char.isprintable() else " " for char in sentences)


def objects(value: Any) -> list[dict[str, Any]]:
    """The JSON objects in a list; of what is no list, none."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
