"""What would be checked, without a request."""

import textwrap
from collections.abc import Iterator, Sequence

from gatewright.paint import Paint, Style
from gatewright.smoke.budget import Budget
from gatewright.smoke.checks import Check, by_endpoint
from gatewright.smoke.expected import expected
from gatewright.smoke.kind import Kind
from gatewright.smoke.prices import SOURCE, dollars

_INDENT = 2 + max(map(len, Kind)) + 2
_NARROWEST_TEXT = 20
_MOST_NAMED = 3


def plan(checks: Sequence[Check], budget: Budget, paint: Paint, width: int) -> str:
    """Each endpoint with its path and checks, then the budget; ``width`` in columns."""
    if not checks:
        return "no checks: no gateway declares an endpoint"
    lines: list[str] = []
    for group in by_endpoint(checks):
        lines += [*_endpoint(group, paint, width), ""]
    return "\n".join([*lines, *textwrap.wrap(budget_line(len(checks), budget), width)])


def budget_line(count: int, budget: Budget) -> str:
    """How many requests ``count`` checks take, and an estimate of the rest."""
    planned, at_most = budget.planned, budget.at_most
    requests = f"{planned}" if planned == at_most else f"{planned} to {at_most}"
    line = (
        f"{count} checks, {requests} requests; at most about {budget.tokens} tokens and "
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


def _endpoint(group: Sequence[Check], paint: Paint, width: int) -> Iterator[str]:
    gateway, endpoint = group[0].gateway, group[0].endpoint
    head = f"{gateway.id}/{endpoint.name}"
    yield f"{paint(head, Style.BOLD)}  {paint(_request(group[0]), Style.DIM)}"
    for check in group:
        room = max(width - _INDENT, _NARROWEST_TEXT)
        first, *rest = textwrap.wrap(expected(check), room)
        yield f"  {check.kind}".ljust(_INDENT) + first
        yield from (" " * _INDENT + line for line in rest)


def _request(check: Check) -> str:
    if check.worker:
        worker, called = check.worker
        return f"{called.method} {called.path} of worker {worker.name}"
    return f"POST {check.endpoint.path}"
