"""What a condition of a dynamic route is made of: fields of the request, and operators.

Cloudflare's page on the JSON of routes says "MongoDB-like operators" and shows ``$eq``;
no list is published. Those below are MongoDB's for comparing and combining. A condition
with another one was never seen refused, so it is doubted, not forbidden.
"""

from collections.abc import Iterator
from typing import Any

from gatewright.model import Finding
from gatewright.spec.positions import Positions
from gatewright.spec.rules import Path, finding
from gatewright.spec.words import did_you_mean, listed, quoted

#: They take a list of conditions.
_COMBINING = frozenset({"$and", "$or", "$nor"})
#: They take a list of values.
_OF_LISTS = frozenset({"$in", "$nin"})
_NOT = "$not"
_COMPARING = _OF_LISTS | {"$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$exists", "$regex", _NOT}
_FIELDS = ("metadata", "headers", "body")
_MARK = "$"
#: Deeper, nothing is looked at: nobody reads such a condition.
_DEEPEST = 20


def check(condition: Any, path: Path, positions: Positions) -> Iterator[Finding]:
    """Findings about the condition at ``path``, of whatever shape."""
    if len(path) > _DEEPEST or not isinstance(condition, dict):
        return
    for name, wanted in condition.items():
        here = (*path, name)
        if name in _COMBINING:
            yield from _all_of(name, wanted, here, positions)
        elif name == _NOT:
            yield from check(wanted, here, positions)
        elif name.startswith(_MARK):
            yield _unknown(name, _COMBINING | {_NOT}, here, positions)
        else:
            yield from _field(name, here, positions)
            yield from _operators(wanted, here, positions)


def _all_of(name: str, parts: Any, path: Path, positions: Positions) -> Iterator[Finding]:
    if not isinstance(parts, list):
        yield _needs_list(name, "conditions", path, positions)
        return
    for index, part in enumerate(parts):
        yield from check(part, (*path, index), positions)


def _field(name: str, path: Path, positions: Positions) -> Iterator[Finding]:
    first, dot, rest = name.partition(".")
    if first in _FIELDS and (not dot or rest):
        return
    near = did_you_mean(first, _FIELDS) if dot else None
    yield finding(
        "condition-field",
        positions.key(path),
        f"no request has {quoted(name)}",
        hint=near or f"a field begins with {listed(f'{each}.' for each in _FIELDS)}",
        path=path,
    )


def _operators(wanted: Any, path: Path, positions: Positions) -> Iterator[Finding]:
    if len(path) > _DEEPEST or not isinstance(wanted, dict):
        return
    for name, value in wanted.items():
        here = (*path, name)
        if name not in _COMPARING:
            yield _unknown(name, _COMPARING, here, positions)
        elif name in _OF_LISTS and not isinstance(value, list):
            yield _needs_list(name, "values", here, positions)
        elif name == _NOT:
            yield from _operators(value, here, positions)


def _unknown(name: str, known: frozenset[str], path: Path, positions: Positions) -> Finding:
    names = sorted(known)
    message = f"{quoted(name)} is no operator that is known"
    if not name.startswith(_MARK):
        message = f"{quoted(name)} stands where an operator is expected"
    near = did_you_mean(name if name.startswith(_MARK) else _MARK + name, names)
    return finding(
        "unknown-operator",
        positions.key(path),
        message,
        hint=near or f"known are {listed(names, 'and')}",
        path=path,
    )


def _needs_list(name: str, what: str, path: Path, positions: Positions) -> Finding:
    return finding(
        "unknown-operator",
        positions.value(path),
        f"{quoted(name)} takes a list of {what}",
        hint=f"for example `{name}: [{'…' if what == 'conditions' else 'paid, trial'}]`",
        path=path,
    )
