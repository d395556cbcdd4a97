"""The options that a Worker gives ``env.AI.run``, as the headers that other callers send."""

import json
from typing import Any

from gatewright.emulator.web import Headers

#: Seconds that an answer is kept where neither the call nor the gateway says.
DEFAULT_TTL = 300

_PLAIN = {
    "cacheKey": b"cf-aig-cache-key",
    "cacheTtl": b"cf-aig-cache-ttl",
    "skipCache": b"cf-aig-skip-cache",
    "collectLog": b"cf-aig-collect-log",
    "eventId": b"cf-aig-event-id",
    "requestTimeoutMs": b"cf-aig-request-timeout",
}
_RETRIES = {
    "maxAttempts": b"cf-aig-max-attempts",
    "retryDelayMs": b"cf-aig-retry-delay",
    "backoff": b"cf-aig-backoff",
}


def headers_of(wanted: dict[str, Any]) -> Headers:
    """The headers that mean the same; what is ``null`` means nothing, ``cacheTtl: 0`` either."""
    retries = wanted.get("retries")
    given = [(_PLAIN[name], wanted.get(name)) for name in _PLAIN]
    given += (
        [(_RETRIES[name], retries.get(name)) for name in _RETRIES]
        if isinstance(retries, dict)
        else []
    )
    headers = {name: _text(value) for name, value in given if value not in (None, "")}
    if headers.get(b"cf-aig-cache-ttl") == b"0":
        del headers[b"cf-aig-cache-ttl"]
    if isinstance(wanted.get("metadata"), dict):
        headers[b"cf-aig-metadata"] = json.dumps(wanted["metadata"]).encode("ascii")
    return headers


def _text(value: Any) -> bytes:
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8")
