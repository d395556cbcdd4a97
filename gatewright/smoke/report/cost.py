"""The line that is said before the first request."""

from collections.abc import Sequence

from gatewright.smoke.budget import Budget
from gatewright.smoke.prices import SOURCE, dollars

_MOST_NAMED = 3


def counted(count: int, noun: str) -> str:
    """So many of something."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def budget_line(count: int, budget: Budget) -> str:
    """How many requests ``count`` checks take, and an estimate of the rest."""
    planned, at_most = budget.planned, budget.at_most
    requests = counted(at_most, "request")
    if planned != at_most:
        requests = f"{planned} to {requests}"
    line = (
        f"{counted(count, 'check')}, {requests}; at most about {budget.tokens} tokens and "
        f"{dollars(budget.cost)} (estimated from {SOURCE})"
    )
    if budget.unpriced:
        line += f"; no price known of {_named(budget.unpriced)}"
    return line


def _named(names: Sequence[str]) -> str:
    shown = [f"`{name}`" for name in names[:_MOST_NAMED]]
    if len(names) > _MOST_NAMED:
        shown.append(f"{len(names) - _MOST_NAMED} more models")
    return ", ".join(shown)
