"""What several reports say alike."""

import json
import shlex
from collections.abc import Iterator

from gatewright.model import JsonValue
from gatewright.review.difference import Difference, FieldChange, Operation
from gatewright.review.revision import Stack, StackReview
from gatewright.spec.durations import spelled
from gatewright.spec.words import printable

SIGNS = {Operation.ADDED: "+", Operation.CHANGED: "~", Operation.REMOVED: "-"}

#: Times are whole numbers in the model; people write them with a unit.
_MILLISECONDS = {
    "ttl": 1_000,
    "interval": 1_000,
    "window": 1_000,
    "rate_limit_period": 1_000,
    "cache_ttl": 1_000,
    "delay": 1,
    "timeout": 1,
    "retry_delay": 1,
    "request_timeout": 1,
    "latency": 1,
}
_LONGEST = 60
#: By this value of its own is seen that a part is new, or is there no more.
_NAMED = ".name"


def value(change_path: str, what: JsonValue) -> str:
    """A value as a spec would have it, shortened."""
    unit = _MILLISECONDS.get(change_path.rsplit(".", 1)[-1])
    if unit and isinstance(what, int) and not isinstance(what, bool):
        return spelled(what * unit)
    said = printable(what if isinstance(what, str) else json.dumps(what, ensure_ascii=False))
    return said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"


def change(each: FieldChange) -> str:
    """`cache.ttl: 5m → 1h`; what was or is not there is `none`."""
    before, after = (
        "none" if side is None else value(each.path, side) for side in (each.before, each.after)
    )
    return f"{printable(each.path)}: {before} → {after}"


def changes(each: Difference) -> Iterator[str]:
    """A line for each value; what is added or removed whole, an endpoint or a route, has one."""
    whole = {
        change.path.removesuffix(_NAMED): "removed" if change.after is None else "added"
        for change in each.fields
        if change.path.endswith(_NAMED)
        and change.path.count(".") > 1
        and None in {change.before, change.after}
    }
    told: set[str] = set()
    for one in each.fields:
        part = next((part for part in whole if one.path.startswith(f"{part}.")), None)
        if part is None:
            yield change(one)
        elif part not in told:
            told.add(part)
            yield f"{printable(part)}: {whole[part]}"


def names(stacks: tuple[Stack, ...]) -> str:
    """`stack prod`, `stacks prod and staging`; the specs alone are `every other stack`."""
    named = [stack for stack in stacks if stack]
    said = f"{'stacks' if len(named) > 1 else 'stack'} {', '.join(named)}" if named else ""
    if None not in stacks:
        return said
    return f"every other stack and {said}" if named else "every stack without differences"


def options(stack: str) -> str:
    """What a verb needs to mean the stack: its name, or its project's folder and its name."""
    project, _, name = stack.rpartition(" ")
    return f"--project {shlex.quote(project)} --stack {name}" if project else f"--stack {name}"


def heading(review: StackReview, *, is_only: bool) -> str:
    """Whom these differences concern."""
    return "all stacks" if is_only and _is_whole(review) else names(review.stacks)


def _is_whole(review: StackReview) -> bool:
    """Whether it is about one project, whose stacks need no folder before their names."""
    return not any(origin.folder for origin in review.origins)
