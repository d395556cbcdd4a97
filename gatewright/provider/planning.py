"""What a resource is to become, and how that differs from what it is."""

from typing import Any

from gatewright.plugin.changes import Change, Difference, between
from gatewright.plugin.values import Properties, Secret, has_secret, plain
from gatewright.provider import paths
from gatewright.provider.resource import Field, Resource, Role
from gatewright.provider.shapes import keep_spelling


def planned(
    resource: Resource, news: Properties, olds: Properties, ignored: tuple[str, ...] = ()
) -> Properties:
    """The inputs with the official provider's defaults and, where ignored, the state's values.

    The engine puts the old *inputs* in place of what is ignored; the official
    provider then takes the old *state*, which after a refresh holds what the server
    filled in.
    """
    wanted = paths.restored(plain(news), plain(olds), ignored)
    plan = {}
    for field in resource.fields:
        if field.role is Role.COMPUTED:
            continue
        value = wanted.get(field.name)
        value = field.default if value is None else field.shape.filled(value)
        if value is not None:
            plan[field.name] = value
    return plan


def difference(
    resource: Resource,
    old_inputs: Properties,
    olds: Properties,
    news: Properties,
    ignored: tuple[str, ...],
) -> Difference:
    """Compare the state with what the program wants."""
    plan, state = planned(resource, news, olds, ignored), plain(olds)
    changes: list[Change] = []
    replaces: list[str] = []
    restless = False
    for field in resource.fields:
        if field.role is Role.COMPUTED:
            continue
        old, new = state.get(field.name), plan.get(field.name)
        if old == new:
            continue
        if new is None and field.role is Role.ADOPTED:
            restless = restless or field.restless
            if not (field.restless and field.name in old_inputs):
                continue
        changes += between(field.name, old, new, replaces=field.replaces)
        if field.replaces:
            replaces.append(field.name)
    return Difference(bool(changes) or restless, tuple(changes), tuple(replaces))


def creation_body(resource: Resource, plan: Properties) -> dict[str, Any]:
    """What a create sends: what is set, nothing else."""
    return {
        field.wire: field.shape.encoded(plan[field.name])
        for field in resource.fields
        if field.role in (Role.SENT, Role.ADOPTED) and field.name in plan
    }


def update_body(resource: Resource, plan: Properties, olds: Properties) -> dict[str, Any]:
    """What an update sends: the whole object, or for a patch what changed.

    What was set and no longer is goes out as ``null``; an upload has no such thing.
    """
    if resource.multipart:
        return creation_body(resource, plan)
    state, body = plain(olds), {}
    for field in resource.fields:
        old, new = state.get(field.name), plan.get(field.name)
        if field.role not in (Role.SENT, Role.ADOPTED) or (resource.patches and old == new):
            continue
        if new is not None:
            body[field.wire] = field.shape.encoded(new, old)
        elif old is not None and field.role is Role.SENT:
            body[field.wire] = None
    return body


def written_state(
    resource: Resource, plan: Properties, olds: Properties, answer: dict[str, Any]
) -> Properties:
    """The state after a create or update: the plan, and what only the answer knows."""
    state = dict(plan)
    for field in resource.fields:
        if field.name in plan or field.role in (Role.PATH, Role.SENT):
            continue
        state[field.name] = _answered(field, answer)
        if field.kept and state[field.name] is None:
            state[field.name] = olds.get(field.name)
    return state


def read_state(resource: Resource, known: Properties, answer: dict[str, Any]) -> Properties:
    """The state after a read: the answer, in the spelling of ``known`` where it agrees."""
    state = {}
    for field in resource.fields:
        old = known.get(field.name)
        if field.kept or field.role is Role.PATH:
            state[field.name] = old
            continue
        new = _answered(field, answer)
        state[field.name] = new if new is None else keep_spelling(field.shape, plain(old), new)
    return {name: value for name, value in state.items() if value is not None}


def read_inputs(old: Any, new: Any) -> Any:
    """Old inputs brought up to date: only what was an input stays one, secrets stay secret."""
    if isinstance(old, Secret):
        return Secret(read_inputs(old.value, new))
    match old, new:
        case dict(), dict():
            return {key: read_inputs(item, new[key]) for key, item in old.items() if key in new}
        case list(), list() if len(old) == len(new):
            return [read_inputs(was, now) for was, now in zip(old, new, strict=True)]
        case _:
            return Secret(new) if has_secret(old) else new


def _answered(field: Field, answer: dict[str, Any]) -> Any:
    value = answer.get(field.wire)
    return None if value is None else field.shape.decoded(value)
