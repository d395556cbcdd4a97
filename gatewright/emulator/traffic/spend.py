"""Spend limits: dollars in a window, by rule.

Cloudflare's are eventually consistent: the first request after the limit is passed
usually still goes through. Here it always does, and the next one never.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from gatewright.emulator.store import Document
from gatewright.emulator.traffic import errors
from gatewright.emulator.traffic.options import Metadata


@dataclass(slots=True)
class _Account:
    """What one rule, for one group of calls, has seen: times and dollars, oldest first."""

    spent: deque[tuple[float, float]] = field(default_factory=deque)
    pending: list[tuple[float, float]] = field(default_factory=list)

    def total(self, rule: dict[str, Any], now: float) -> float:
        """Dollars in the present window."""
        window = rule["window"]
        fixed = rule.get("technique") == "fixed"
        start = now - now % window if fixed else now - window
        # A fixed window starts with its boundary, a sliding one just after.
        while self.spent and (
            self.spent[0][0] < start or (not fixed and self.spent[0][0] == start)
        ):
            self.spent.popleft()
        return sum(dollars for _, dollars in self.spent)


class Ledger:
    """Dollars by gateway, rule and partition."""

    def __init__(self) -> None:
        self._accounts: dict[str, dict[str, _Account]] = {}

    def admit(
        self, gateway: Document, provider: str, model: str, metadata: Metadata, now: float
    ) -> None:
        """Raises `errors.GatewayError`: 429 over a limit, 403 for a call of unknown model."""
        rules = _rules(gateway)
        if not rules:
            return
        if not model:
            raise errors.unresolved_for_spending()
        for index, rule in enumerate(rules):
            group = _group(rule, provider, model, metadata)
            if group is None:
                continue
            account = self._account(gateway, rule, index, group)
            over = account.total(rule, now) >= rule["limit"]
            account.spent.extend(account.pending)
            account.pending.clear()
            if over:
                raise errors.overspent(_sentence(rule, index, group))

    def charge(
        self,
        gateway: Document,
        provider: str,
        model: str,
        metadata: Metadata,
        at: tuple[float, float],
    ) -> None:
        """Count a call: the time it came, and its dollars."""
        for index, rule in enumerate(_rules(gateway)):
            group = _group(rule, provider, model, metadata)
            if group is not None:
                self._account(gateway, rule, index, group).pending.append(at)

    def spent(self, gateway_id: str) -> float:
        """Dollars that rules of a gateway have counted, whatever their windows."""
        accounts = self._accounts.get(gateway_id, {}).values()
        return sum(dollars for account in accounts for _, dollars in account.spent)

    def forget(self, gateway_id: str) -> None:
        """Start anew for one gateway."""
        self._accounts.pop(gateway_id, None)

    def clear(self) -> None:
        """Start anew for all."""
        self._accounts.clear()

    def _account(self, gateway: Document, rule: dict[str, Any], index: int, group: str) -> _Account:
        key = f"{_name(rule, index)}\0{group}"
        return self._accounts.setdefault(gateway["id"], {}).setdefault(key, _Account())


def _rules(gateway: Document) -> list[dict[str, Any]]:
    limits = gateway.get("spend_limits")
    if not limits or not limits["enabled"]:
        return []
    return [rule for rule in limits["rules"] if rule.get("enabled", True) and rule["window"]]


def _group(rule: dict[str, Any], provider: str, model: str, metadata: Metadata) -> str | None:
    """The part of a rule's budget that a call is charged to; ``None`` where it is none of it."""
    for wanted, value in (("model", model), ("provider", provider)):
        chosen = rule.get(wanted)
        if chosen is not None and value not in chosen["values"]:
            return None
    parts = []
    for key, how in (rule.get("metadata") or {}).items():
        value = _text(metadata.get(key))
        if how["mode"] == "partition":
            parts.append(f"{key}={value}")
        elif value not in how["values"]:
            return None
    return ", ".join(parts)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _name(rule: dict[str, Any], index: int) -> str:
    return rule.get("id") or str(index)


def _sentence(rule: dict[str, Any], index: int, group: str) -> str:
    limit = f"cost limit {rule['limit']:g} per {rule['window']}s"
    technique = rule.get("technique", "sliding")
    return f"rule '{_name(rule, index)}' ({limit}, {technique}) for {group or 'all requests'}"
