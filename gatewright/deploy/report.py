"""Plans, changes and problems as lines and as JSON objects; pure."""

from collections.abc import Callable, Iterator
from typing import Any

from gatewright.deploy.change import Change, Operation
from gatewright.deploy.plan import Plan
from gatewright.deploy.problem import Problem
from gatewright.model import Location
from gatewright.paint import Paint, Style, plain
from gatewright.spec.words import printable

_SIGNS = {
    Operation.CREATE: ("+", Style.OK),
    Operation.ADOPT: ("=", Style.OK),
    Operation.UPDATE: ("~", Style.WARNING),
    Operation.REPLACE: ("±", Style.ERROR),
    Operation.DELETE: ("-", Style.ERROR),
    Operation.RELEASE: ("-", Style.WARNING),
    Operation.SAME: (" ", Style.DIM),
}
#: What a reader must know of an operation on an object of that kind.
_EFFECTS = {
    (Operation.REPLACE, "gateway"): "its URL changes, and its logs go",
    (Operation.REPLACE, "token"): "its value changes, and the old one ends",
    (Operation.REPLACE, "user token"): "its value changes, and the old one ends",
    (Operation.DELETE, "gateway"): "its URL ends, and its logs go",
    (Operation.DELETE, "token"): "whoever uses it is refused",
    (Operation.DELETE, "user token"): "whoever uses it is refused",
    (Operation.DELETE, "route"): "requests that name it fail",
    (Operation.DELETE, "provider key"): "requests that rely on it fail",
    (Operation.DELETE, "custom provider"): "requests to it fail",
    (Operation.DELETE, "worker"): "its URL ends",
}
#: The same of every kind.
_OF_ALL = {Operation.RELEASE: "it stays in the account, and no stack manages it"}

_HINT = "\nhint: "

Locate = Callable[[Problem], Location | None]


def change(each: Change, paint: Paint = plain) -> str:
    """One line: sign, operation, object, the fields that change, the effect."""
    sign, style = _SIGNS[each.operation]
    line = f"{sign} {each.operation:<7} {each.kind} {printable(each.key)}"
    if each.fields and each.operation in {Operation.UPDATE, Operation.REPLACE}:
        line += f": {', '.join(each.fields)}"
    effect = _EFFECTS.get((each.operation, each.kind)) or _OF_ALL.get(each.operation)
    return paint(line, style) + (f" ({effect})" if effect else "")


def plan(planned: Plan, paint: Paint = plain) -> str:
    """Each change in a line, the harmful ones last, and a line with the counts."""
    ordered = sorted(planned.changes, key=order)
    lines = [change(each, paint) for each in ordered]
    come, go = _gateways(planned, Operation.CREATE), _gateways(planned, Operation.DELETE)
    if come and go:
        lines.append(
            f"if {go} is {come} under another id: the id is part of the URL, and callers need "
            "the new one"
        )
    counts = ", ".join(f"{number} {operation}" for operation, number in planned.counts.items())
    return "\n".join([*lines, f"plan: {counts or 'empty'}"])


def _gateways(planned: Plan, operation: Operation) -> str:
    changes = [each for each in planned.changes if each.kind == "gateway"]
    return " or ".join(f"`{each.key}`" for each in changes if each.operation is operation)


def order(each: Change) -> tuple[bool, str, str]:
    """By what changes are sorted: the harmful ones last."""
    return each.operation.is_destructive, each.kind, each.key


def problems(found: tuple[Problem, ...], locate: Locate, paint: Paint = plain) -> str:
    """Each problem at its place in a spec, as the findings of `validate` are shown."""
    return "\n".join(_problem(each, locate(each), paint) for each in found)


def _problem(each: Problem, where: Location | None, paint: Paint) -> str:
    head = paint("error", Style.ERROR)
    if each.kind:
        head += f" {each.kind} {each.key}"
    if where:
        head = f"{where.file}:{where.line}:{where.column}: {head}"
    field = f"`{'.'.join(map(str, each.path))}`: " if each.path else ""
    return f"{head}: {field}{each.said.replace('. hint: ', _HINT)}"


def change_object(each: Change) -> dict[str, Any]:
    """For machines."""
    return {
        "operation": str(each.operation),
        "kind": each.kind,
        "key": each.key,
        "fields": list(each.fields),
    }


def plan_object(planned: Plan) -> dict[str, Any]:
    """For machines."""
    return {
        "changes": [change_object(each) for each in planned.changes],
        "counts": {str(operation): number for operation, number in planned.counts.items()},
        "deployed": planned.deployed,
    }


def problem_objects(found: tuple[Problem, ...], locate: Locate) -> Iterator[dict[str, Any]]:
    """For machines."""
    for each in found:
        where = locate(each)
        yield {
            "said": each.said,
            "kind": each.kind or None,
            "key": each.key or None,
            "path": list(each.path),
            "code": each.code,
            "file": where.file if where else None,
            "line": where.line if where else None,
            "column": where.column if where else None,
        }
