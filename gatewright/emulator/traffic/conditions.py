"""Conditions of dynamic routes, in the manner of MongoDB's queries.

Fidelity: documentation shows ``{"metadata.plan": {"$eq": "paid"}}`` and names no full
list of operators or fields. Here a field begins with ``metadata``, ``headers`` or
``body``.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

Facts: TypeAlias = Mapping[str, Any]

_ORDERED: dict[str, Callable[[Any, Any], bool]] = {
    "$gt": operator.gt,
    "$gte": operator.ge,
    "$lt": operator.lt,
    "$lte": operator.le,
}


def holds(condition: Any, facts: Facts) -> bool:
    """Whether a condition is true of a call; what is not understood is not."""
    if not isinstance(condition, dict):
        return False
    return all(_entry_holds(name, wanted, facts) for name, wanted in condition.items())


def value_at(path: str, facts: Facts) -> Any:
    """The value at a dotted path; ``None`` where there is none."""
    value: Any = facts
    for step in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(step)
    return value


def _entry_holds(name: str, wanted: Any, facts: Facts) -> bool:
    if name in {"$and", "$or", "$nor"}:
        parts = [holds(part, facts) for part in wanted] if isinstance(wanted, list) else []
        return {"$and": all(parts), "$or": any(parts), "$nor": not any(parts)}[name]
    if name == "$not":
        return not holds(wanted, facts)
    value = value_at(name, facts)
    if not isinstance(wanted, dict):
        return bool(value == wanted)
    return all(_compared(value, how, other) for how, other in wanted.items())


def _compared(value: Any, how: str, other: Any) -> bool:
    compare = _ORDERED.get(how)
    if compare is not None:
        try:
            return compare(value, other)
        except TypeError:
            return False
    if how in {"$in", "$nin"}:
        within = isinstance(other, list) and value in other
        return within is (how == "$in")
    if how == "$exists":
        return (value is not None) is bool(other)
    if how == "$not":
        return isinstance(other, dict) and not all(_compared(value, *one) for one in other.items())
    return bool((how == "$eq" and value == other) or (how == "$ne" and value != other))
