"""Answers kept for a while, by gateway, in memory and bounded.

They end with the process, as Cloudflare's own cache promises nothing either.
"""

import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import TypeAlias

from gatewright.emulator.traffic.exchange import Ask

#: The largest request, and the largest answer, that is kept, in bytes.
MAX_SIZE = 25 * 1024 * 1024

#: Answers of all gateways together, and their bytes.
MAX_ENTRIES = 1_000_000
MAX_TOTAL = 1024 * 1024 * 1024


#: A gateway, the generation of its answers, and the key.
Place: TypeAlias = tuple[str, int, bytes]


@dataclass(frozen=True, slots=True)
class Entry:
    """A kept answer; ``expires`` is in seconds since the epoch."""

    body: bytes
    content_type: str
    expires: float
    model_type: str = ""


_SORTED = json.JSONEncoder(sort_keys=True)


class Cache:
    """One dictionary, so that a look-up costs the same with any number of entries and gateways.

    Past either bound the answers kept longest are let go. A gateway's answers are
    forgotten by a new generation of its keys: what it had goes as it would for age.
    """

    def __init__(self, entries: int = MAX_ENTRIES, size: int = MAX_TOTAL) -> None:
        self._max_entries, self._max_size = entries, size
        self._entries: OrderedDict[Place, Entry] = OrderedDict()
        self._generations: dict[str, int] = {}
        self._cleared = 0
        self._size = 0

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def size(self) -> int:
        """Bytes of all answers."""
        return self._size

    def place(self, gateway_id: str, key: bytes) -> Place:
        """Where the answer under ``key`` is, until the gateway's answers are forgotten."""
        return gateway_id, self._generations.get(gateway_id, 0) + self._cleared, key

    def get(self, place: Place, now: float) -> Entry | None:
        """The answer there, if it is still fresh."""
        entry = self._entries.get(place)
        if entry is None:
            return None
        if entry.expires <= now:
            del self._entries[place]
            self._size -= len(entry.body)
            return None
        return entry

    def put(self, place: Place, entry: Entry) -> None:
        """Keep an answer that is not too large, nor asked for before all were forgotten."""
        gateway_id, _, key = place
        if len(entry.body) > MAX_SIZE or place != self.place(gateway_id, key):
            return
        before = self._entries.pop(place, None)
        self._entries[place] = entry
        self._size += len(entry.body) - (len(before.body) if before else 0)
        while len(self._entries) > self._max_entries or self._size > self._max_size:
            self._size -= len(self._entries.popitem(last=False)[1].body)

    def invalidate(self, gateway_id: str) -> None:
        """Forget the gateway's answers."""
        self._generations[gateway_id] = self._generations.get(gateway_id, 0) + 1

    def clear(self) -> None:
        """Forget all answers."""
        self._cleared += 1
        self._entries.clear()
        self._size = 0


def cacheable(content_type: str) -> bool:
    """Whether an answer is text or an image: sound and the like are not kept."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind.startswith(("text/", "image/")) or kind.endswith("json")


def key_of(ask: Ask, authorization: str) -> bytes:
    """The key of a request: the same for bodies that differ in white space only.

    The provider's authorization is part of it: another token never gets this answer.
    """
    body = ask.body if ask.body is not None else hashlib.sha256(ask.content).hexdigest()
    text = _SORTED.encode([ask.provider, ask.kind, ask.model, authorization, ask.query, body])
    return hashlib.sha256(text.encode("ascii")).digest()


def custom_key(text: str) -> bytes:
    """The key a caller chose with ``cf-aig-cache-key``, in place of the request's own.

    Fidelity: that nothing else is part of it follows from "override" in the
    documentation; the provider's token is checked before, so it opens nothing.
    """
    return hashlib.sha256(b"custom\0" + text.encode()).digest()
