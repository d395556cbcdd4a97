"""What several reports say alike."""

import json

from gatewright.model import JsonValue
from gatewright.review.difference import FieldChange, Operation
from gatewright.review.revision import Stack, StackReview
from gatewright.spec.durations import spelled

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


def value(change_path: str, what: JsonValue) -> str:
    """A value as a spec would have it, shortened."""
    unit = _MILLISECONDS.get(change_path.rsplit(".", 1)[-1])
    if unit and isinstance(what, int) and not isinstance(what, bool):
        return spelled(what * unit)
    said = what if isinstance(what, str) else json.dumps(what, ensure_ascii=False)
    return said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"


def change(each: FieldChange) -> str:
    """`cache.ttl: 5m → 1h`; what was or is not there is `none`."""
    before, after = (
        "none" if side is None else value(each.path, side) for side in (each.before, each.after)
    )
    return f"{each.path}: {before} → {after}"


def names(stacks: tuple[Stack, ...]) -> str:
    """`stack prod`, `stacks prod and staging`; the specs alone are `every other stack`."""
    named = [stack for stack in stacks if stack]
    said = f"{'stacks' if len(named) > 1 else 'stack'} {', '.join(named)}" if named else ""
    if None not in stacks:
        return said
    return f"every other stack and {said}" if named else "every stack without differences"


def heading(review: StackReview, *, is_only: bool) -> str:
    """Whom these differences concern."""
    return "all stacks" if is_only else names(review.stacks)
