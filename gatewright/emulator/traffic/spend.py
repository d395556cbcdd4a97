"""Spend limits: dollars in a window, by rule.

Fidelity, differs: Cloudflare's are eventually consistent: the first request after the limit is
passed usually still goes through. Here it always does, and the next one never.
"""

import hashlib
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from gatewright.emulator.store import Document
from gatewright.emulator.traffic import errors
from gatewright.emulator.traffic.options import Metadata

#: Groups of calls that one gateway counts apart, and charges that one group remembers:
#: past it two neighbours become one, of the later time, so that none ends too early.
MAX_GROUPS = 10_000
MAX_CHARGES = 4_096
#: Characters of a group's name that are kept.
_LONGEST = 200


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

    def settle(self) -> None:
        """From now on what was pending counts."""
        self.spent.extend(self.pending)
        self.pending.clear()
        if len(self.spent) > MAX_CHARGES:
            self.spent = deque(_by_twos(self.spent))


@dataclass(frozen=True, slots=True)
class Budget:
    """How far a rule is spent for one group of calls; ``window`` in seconds."""

    rule: str
    group: str
    spent: float
    limit: float
    window: int


class Ledger:
    """Dollars by gateway, rule and partition."""

    def __init__(self, groups: int = MAX_GROUPS) -> None:
        self._max_groups = groups
        self._accounts: dict[str, OrderedDict[str, _Account]] = {}

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
            account.settle()
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

    def budgets(self, gateway: Document, now: float) -> list[Budget]:
        """The gateway's rules with what was spent of them in the present windows."""
        accounts = self._accounts.get(gateway["id"]) or OrderedDict()
        found = []
        for index, rule in enumerate(_rules(gateway)):
            name = _name(rule, index)
            own = [key for key in accounts if key.partition("\0")[0] == name]
            for key in own or [f"{name}\0"]:
                account = accounts.get(key, _Account())
                # Looking settles nothing: what is pending still lets one call through.
                pending = sum(dollars for _, dollars in account.pending)
                spent = account.total(rule, now) + pending
                group = key.partition("\0")[2]
                found.append(Budget(name, group, spent, rule["limit"], rule["window"]))
        return found

    def document(self, gateway_id: str) -> Document:
        """A gateway's accounts, as they are kept in a file."""
        return {
            key: [*account.spent, *account.pending]
            for key, account in self._accounts.get(gateway_id, {}).items()
        }

    def put(self, gateway_id: str, document: Document) -> None:
        """Take up what `document` gave before."""
        self._accounts[gateway_id] = OrderedDict(
            (key, _Account(deque((at, dollars) for at, dollars in spent)))
            for key, spent in document.items()
        )

    def forget(self, gateway_id: str) -> None:
        """Start anew for one gateway."""
        self._accounts.pop(gateway_id, None)

    def clear(self) -> None:
        """Start anew for all."""
        self._accounts.clear()

    def _account(self, gateway: Document, rule: dict[str, Any], index: int, group: str) -> _Account:
        """The account of a rule and group; past the bound, the one used longest ago is gone."""
        key = f"{_name(rule, index)}\0{group}"
        accounts = self._accounts.setdefault(gateway["id"], OrderedDict())
        account = accounts.setdefault(key, _Account())
        accounts.move_to_end(key)
        if len(accounts) > self._max_groups:
            accounts.popitem(last=False)
        return account


def _by_twos(spent: deque[tuple[float, float]]) -> list[tuple[float, float]]:
    """Half as many charges of the same dollars; a last one without neighbour stays."""
    merged = [(later[0], earlier[1] + later[1]) for earlier, later in list(pairwise(spent))[::2]]
    return merged if len(spent) % 2 == 0 else [*merged, spent[-1]]


def _rules(gateway: Document) -> list[dict[str, Any]]:
    """The rules in force. Fidelity: one with a window of 0 seconds limits nothing here."""
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
    group = ", ".join(parts)
    if len(group) <= _LONGEST:
        return group
    rest = hashlib.sha256(group.encode("utf-8")).hexdigest()
    return f"{group[:_LONGEST]}… ({rest[:16]})"


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
