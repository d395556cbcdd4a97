"""Two deployments side by side."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gatewright.model import Deployment, Gateway, JsonValue
from gatewright.review import effects
from gatewright.review.difference import Difference, FieldChange, Operation
from gatewright.review.flat import flat, flat_difference


def compare(before: Deployment, after: Deployment) -> tuple[Difference, ...]:
    """Every object that differs, in the order of kind and key, with its effects.

    A cache policy shows in the gateways that use it: Cloudflare knows no policies.
    """
    found: list[Difference] = []
    old, new = _objects(before), _objects(after)
    moved = _moved(before, after)
    for kind, key in sorted(old.keys() | new.keys()):
        objects = old.get((kind, key)), new.get((kind, key))
        difference = _difference(kind, key, *objects)
        if difference:
            told = [*effects.of(difference, *objects), *effects.of_reach(*objects, after)]
            if kind == "gateway" and key in moved:
                told.insert(0, effects.of_move(moved[key]))
            found.append(replace(difference, effects=tuple(told)))
    return tuple(found)


def _moved(before: Deployment, after: Deployment) -> dict[str, str]:
    """By the id of a new gateway, that of the one in whose place it is.

    It stands in the same file, or is the same in all but the id.
    """
    old, new = ({each.id: each for each in side.gateways} for side in (before, after))
    gone = [old[name] for name in old.keys() - new.keys()]
    found: dict[str, str] = {}
    for name in sorted(new.keys() - old.keys()):
        for each in gone:
            is_alike = replace(new[name], id=each.id) == each
            if is_alike or _file(new[name]) == _file(each) is not None:
                found[name] = each.id
    return found


def _file(gateway: Gateway) -> str | None:
    return gateway.source.location.file if gateway.source else None


def _objects(deployment: Deployment) -> dict[tuple[str, str], Any]:
    return {
        **{("gateway", each.id): each for each in deployment.gateways},
        **{("token", each.name): each for each in deployment.tokens},
        **{("custom provider", each.slug): each for each in deployment.custom_providers},
        **{("worker", each.name): each for each in deployment.workers},
    }


def _difference(kind: str, key: str, before: Any, after: Any) -> Difference | None:
    if before is None:
        return Difference(kind, key, Operation.ADDED, _fields(kind, {}, flat(after)))
    if after is None:
        return Difference(kind, key, Operation.REMOVED)
    if before is after or before == after:
        return None
    changes = _fields(kind, *flat_difference(before, after))
    return Difference(kind, key, Operation.CHANGED, changes) if changes else None


#: Written for people and sent to nobody, by kind.
_UNSENT = {
    "gateway": frozenset({"description", "cache.name", "cache.description"}),
    "token": frozenset({"description"}),
    "worker": frozenset({"description"}),
}


def _fields(
    kind: str, before: Mapping[str, JsonValue], after: Mapping[str, JsonValue]
) -> tuple[FieldChange, ...]:
    # The order of the spec, with what is gone where it was.
    return tuple(
        FieldChange(path, before.get(path), after.get(path))
        for path in dict.fromkeys([*before, *after])
        if before.get(path) != after.get(path) and path not in _UNSENT.get(kind, ())
    )
