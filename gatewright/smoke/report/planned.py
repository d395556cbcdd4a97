"""What would be checked, without a request."""

import textwrap
from collections.abc import Iterator, Sequence

from gatewright.paint import Paint, Style
from gatewright.smoke.budget import Budget
from gatewright.smoke.checks import Check, by_endpoint
from gatewright.smoke.expected import expected
from gatewright.smoke.kind import Kind
from gatewright.smoke.report.cost import budget_line

_INDENT = 2 + max(map(len, Kind)) + 2
_NARROWEST_TEXT = 20


def plan(checks: Sequence[Check], budget: Budget, paint: Paint, width: int) -> str:
    """Each endpoint with its path and checks, then the budget; ``width`` in columns."""
    if not checks:
        return "no checks: no gateway declares an endpoint"
    lines: list[str] = []
    for group in by_endpoint(checks):
        lines += [*_endpoint(group, paint, width), ""]
    return "\n".join([*lines, *textwrap.wrap(budget_line(len(checks), budget), width)])


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
