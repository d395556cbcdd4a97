"""What a gateway has where nobody said otherwise, and the gateway that makes itself."""

from typing import Any

from gatewright.emulator.control.gateway_fields import FIELDS
from gatewright.emulator.settings import Settings
from gatewright.emulator.store import Document, Store

DEFAULT_ID = "default"

#: Documented for the automatic gateway: who calls is known, calls are logged, no more.
_AUTOMATIC = {
    "authentication": True,
    "cache_invalidate_on_update": False,
    "cache_ttl": 0,
    "collect_logs": True,
    "rate_limiting_interval": 0,
    "rate_limiting_limit": 0,
}


class Defaults:
    """Fills gateways up; which values depends on the account."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._values = {field.name: field.default for field in FIELDS}
        self._values |= settings.account_defaults

    def keep(self, created: Document, body: dict[str, Any], now: str) -> Document:
        """Store a gateway of which ``body`` says the rest."""
        given = {name: value for name, value in body.items() if value is not None}
        gateway = self._values | given | created
        gateway |= {"modified_at": now, "is_default": created["id"] == DEFAULT_ID}
        self._store.gateways.put(gateway["id"], gateway)
        return gateway

    def make_default(self, now: str) -> Document:
        """The automatic gateway.

        Fidelity: ``default`` comes to be even where the quota is used up.
        """
        return self.keep({"id": DEFAULT_ID, "created_at": now}, _AUTOMATIC, now)
