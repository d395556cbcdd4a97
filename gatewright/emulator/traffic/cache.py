"""Answers kept for a while, by gateway."""

import hashlib
import json
from dataclasses import dataclass

from gatewright.emulator.traffic.exchange import Ask

#: The largest answer that is kept, in bytes.
MAX_SIZE = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """A kept answer; ``expires`` is in seconds since the epoch."""

    body: bytes
    content_type: str
    expires: float
    model_type: str = ""


class Cache:
    """One dictionary a gateway, so that a look-up costs the same with any number of entries."""

    def __init__(self) -> None:
        self._entries: dict[str, dict[bytes, Entry]] = {}

    def get(self, gateway_id: str, key: bytes, now: float) -> Entry | None:
        """The answer under ``key``, if it is still fresh."""
        entries = self._entries.get(gateway_id)
        entry = entries.get(key) if entries else None
        if entry is None or entries is None:
            return None
        if entry.expires <= now:
            del entries[key]
            return None
        return entry

    def put(self, gateway_id: str, key: bytes, entry: Entry) -> None:
        """Keep an answer that is not too large."""
        if len(entry.body) <= MAX_SIZE:
            self._entries.setdefault(gateway_id, {})[key] = entry

    def invalidate(self, gateway_id: str) -> None:
        """Forget the gateway's answers."""
        self._entries.pop(gateway_id, None)

    def clear(self) -> None:
        """Forget all answers."""
        self._entries.clear()


def key_of(ask: Ask, authorization: str) -> bytes:
    """The key of a request: the same for bodies that differ in white space only.

    The provider's authorization is part of it: another token never gets this answer.
    """
    body = ask.body if ask.body is not None else hashlib.sha256(ask.content).hexdigest()
    text = json.dumps([ask.kind, ask.model, authorization, ask.query, body], sort_keys=True)
    return hashlib.sha256(text.encode("ascii")).digest()


def custom_key(text: str) -> bytes:
    """The key a caller chose with ``cf-aig-cache-key``, in place of the request's own.

    Fidelity: that nothing else is part of it follows from "override" in the
    documentation; the provider's token is checked before, so it opens nothing.
    """
    return hashlib.sha256(b"custom\0" + text.encode()).digest()
