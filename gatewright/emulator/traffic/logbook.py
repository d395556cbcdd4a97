"""The log of calls, by gateway, in memory and bounded.

Bodies are references to bytes that exist anyway; past a number of bytes the oldest
are let go, and past a number of entries, or of characters in them, the oldest entries too.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from gatewright.emulator.clock import precise_timestamp
from gatewright.emulator.store import Document
from gatewright.emulator.traffic.options import Metadata

#: Entries of all gateways together, bytes of their bodies, and characters that callers chose.
MAX_ENTRIES = 100_000
MAX_PAYLOAD = 64 * 1024 * 1024
MAX_TEXT = 64 * 1024 * 1024

#: Characters of a body that a single log shows. Fidelity: how many is not documented.
_HEAD = 4096


@dataclass(slots=True)
class LogEntry:
    """One call; ``created`` in seconds since the epoch, ``duration`` in milliseconds.

    ``request`` and ``response`` are ``None`` where bodies are not kept.
    """

    id: str
    gateway_id: str
    created: float
    provider: str
    model: str
    path: str
    status: int
    step: int
    duration: int = 0
    cached: bool = False
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    custom_cost: bool = False
    model_type: str = ""
    request_type: str = ""
    request_content_type: str = ""
    response_content_type: str = ""
    event_id: str | None = None
    authentication: bool = False
    wholesale: bool = False
    byok: bool = False
    compatible: bool = False
    dlp_action: str | None = None
    user_agent: str = ""
    metadata: Metadata = field(default_factory=dict)
    feedback: float | None = None
    score: float | None = None
    request: bytes | None = None
    response: bytes | None = None
    request_size: int = 0
    response_size: int = 0

    @property
    def payload(self) -> int:
        """Bytes held for the bodies."""
        return len(self.request or b"") + len(self.response or b"")

    @property
    def text(self) -> int:
        """Characters whose number the caller decides."""
        named = (self.model, self.path, self.request_content_type, self.user_agent)
        return (
            sum(map(len, named))
            + len(self.response_content_type)
            + len(self.event_id or "")
            + sum(len(key) + len(str(value)) for key, value in self.metadata.items())
        )

    @property
    def success(self) -> bool:
        """Whether the provider answered as it should."""
        return self.status < 400  # noqa: PLR2004 - where errors begin

    def row(self) -> dict[str, Any]:
        """As a list shows it."""
        return {
            "id": self.id,
            "created_at": precise_timestamp(self.created),
            "provider": self.provider,
            "model": self.model,
            "model_type": self.model_type,
            "path": self.path,
            "duration": self.duration,
            "success": self.success,
            "status_code": self.status,
            "cached": self.cached,
            "tokens_in": self.tokens_in,
            "tokens_out": self.tokens_out,
            "cost": self.cost,
            "custom_cost": self.custom_cost,
            "request_type": self.request_type,
            "request_content_type": self.request_content_type,
            "response_content_type": self.response_content_type,
            "step": self.step,
            "metadata": self.metadata,
            "event_id": self.event_id,
            "feedback": self.feedback,
            "score": self.score,
            "authentication": self.authentication,
            "wholesale": self.wholesale,
            "byok": self.byok,
            "dlp_action": self.dlp_action,
            "user_agent": self.user_agent,
        }

    def detail(self) -> dict[str, Any]:
        """As it is shown alone: with the beginning of both bodies."""
        return (
            self.row()
            | _head("request", self.request, self.request_size)
            | _head("response", self.response, self.response_size)
        )


class Logbook:
    """Entries by gateway and id, oldest first."""

    def __init__(
        self, entries: int = MAX_ENTRIES, payload: int = MAX_PAYLOAD, text: int = MAX_TEXT
    ) -> None:
        self._max_entries, self._max_payload, self._max_text = entries, payload, text
        self._by_gateway: dict[str, OrderedDict[str, LogEntry]] = {}
        self._all: OrderedDict[str, LogEntry] = OrderedDict()
        self._with_payload: OrderedDict[str, LogEntry] = OrderedDict()
        self._payload = self._text = 0
        #: What has changed since it was last taken, where somebody takes it: an entry, or
        #: `None` for one that is gone.
        self.changed: dict[str, LogEntry | None] | None = None

    def __len__(self) -> int:
        return len(self._all)

    @property
    def payload(self) -> int:
        """Bytes held for bodies."""
        return self._payload

    def takes(self, gateway: Document) -> bool:
        """Whether the gateway's log has room, or makes some."""
        if gateway.get("log_management_strategy") != "STOP_INSERTING":
            return True
        limit = gateway.get("log_management")
        return limit is None or len(self._by_gateway.get(gateway["id"], ())) < limit

    def add(self, gateway: Document, entry: LogEntry) -> None:
        """Keep an entry, in place of the oldest where the gateway's limit is reached."""
        own = self._by_gateway.get(gateway["id"])
        limit = gateway.get("log_management")
        while own and limit is not None and len(own) >= limit:
            self.remove(next(iter(own.values())))
        self.put(entry)

    def put(self, entry: LogEntry) -> None:
        """Keep an entry, whatever its gateway allows."""
        own = self._by_gateway.get(entry.gateway_id)
        if own is None:
            own = self._by_gateway[entry.gateway_id] = OrderedDict()
        own[entry.id] = self._all[entry.id] = entry
        self._touch(entry)
        if entry.payload:
            self._with_payload[entry.id] = entry
            self._payload += entry.payload
        self._text += entry.text
        while len(self._all) > self._max_entries or self._text > self._max_text:
            self.remove(next(iter(self._all.values())))
        while self._payload > self._max_payload:
            self._let_payload_go(self._with_payload.popitem(last=False)[1])

    def of(self, gateway_id: str) -> Iterator[LogEntry]:
        """A gateway's entries, oldest first."""
        return iter(self._by_gateway.get(gateway_id, {}).values())

    def newest(self, gateway_id: str | None = None) -> Iterator[LogEntry]:
        """The entries of a gateway or of all, newest first."""
        entries = self._all if gateway_id is None else self._by_gateway.get(gateway_id)
        return iter(()) if entries is None else reversed(entries.values())

    def get(self, gateway_id: str, log_id: str) -> LogEntry | None:
        """One entry."""
        own = self._by_gateway.get(gateway_id)
        return own.get(log_id) if own is not None else None

    def change(self, entry: LogEntry, changes: dict[str, Any]) -> None:
        """An entry is not what it was."""
        self._text -= entry.text
        for name, value in changes.items():
            setattr(entry, name, value)
        self._text += entry.text
        self._touch(entry)

    def remove(self, entry: LogEntry) -> None:
        """Forget an entry."""
        if self.changed is not None:
            self.changed[entry.id] = None
        del self._by_gateway[entry.gateway_id][entry.id], self._all[entry.id]
        self._text -= entry.text
        if self._with_payload.pop(entry.id, None) is not None:
            self._payload -= entry.payload

    def forget(self, gateway_id: str) -> None:
        """Forget a gateway's entries."""
        for entry in list(self.of(gateway_id)):
            self.remove(entry)
        self._by_gateway.pop(gateway_id, None)

    def clear(self) -> None:
        """Forget all."""
        if self.changed is not None:
            self.changed.update(dict.fromkeys(self._all))
        for mapping in (self._by_gateway, self._all, self._with_payload):
            mapping.clear()
        self._payload = self._text = 0

    def _touch(self, entry: LogEntry) -> None:
        if self.changed is not None:
            self.changed[entry.id] = entry

    def _let_payload_go(self, entry: LogEntry) -> None:
        self._payload -= entry.payload
        entry.request = entry.response = None
        self._touch(entry)


def _head(name: str, body: bytes | None, size: int) -> dict[str, Any]:
    head = (body or b"")[:_HEAD].decode("utf-8", "replace")
    return {
        f"{name}_head": head,
        f"{name}_head_complete": body is not None and size <= _HEAD,
        f"{name}_size": size,
    }
