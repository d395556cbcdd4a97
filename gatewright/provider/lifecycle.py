"""Create, read, update and delete any resource of the tables."""

from typing import Any
from urllib.parse import quote

from gatewright.plugin.api import Api, Task
from gatewright.plugin.errors import NotFoundError, ProviderError
from gatewright.plugin.values import (
    UNKNOWN,
    Properties,
    marked,
    plain,
    secret_names,
    secret_texts,
)
from gatewright.provider import planning, script
from gatewright.provider.resource import Resource, Role
from gatewright.provider.tables import SCRIPT


async def create(api: Api, resource: Resource, news: Properties) -> tuple[str, Properties]:
    """Make it; returns Pulumi's id and the state."""
    plan = planning.planned(resource, news, {})
    task = _task("creating", resource, plan, news)
    method, template = resource.create
    body = planning.creation_body(resource, plan)
    answer = await _send(api, resource, task, (method, _path(template, plan)), body)
    ident = {**plan, "id": answer.get("id")}[resource.id_from]
    if ident is None:
        raise ProviderError(f"Cloudflare answered without an id while {task.doing}")
    state = planning.written_state(resource, plan, {}, answer)
    return str(ident), _secured(resource, state, news)


def previewed(
    resource: Resource, news: Properties, olds: Properties, ignored: tuple[str, ...] = ()
) -> Properties:
    """The state as far as it is known before anything is sent; ``olds`` empty for a create."""
    plan = planning.planned(resource, news, olds, ignored)
    state = dict(plan)
    for field in resource.fields:
        if field.role in (Role.ADOPTED, Role.COMPUTED) and field.name not in plan:
            state[field.name] = plain(olds).get(field.name) if olds else UNKNOWN
    return _secured(resource, state, {**_ignored_secrets(olds, ignored), **news})


async def update(
    api: Api,
    resource: Resource,
    ident: str,
    olds: Properties,
    news: Properties,
    *,
    ignored: tuple[str, ...],
) -> Properties:
    """Change it in place; returns the state."""
    plan = planning.planned(resource, news, olds, ignored)
    task = _task("updating", resource, plan, olds, news)
    method, template = resource.update
    path = _path(template, {**plan, "id": ident})
    body = planning.update_body(resource, plan, olds)
    answer = await _send(api, resource, task, (method, path), body)
    state = planning.written_state(resource, plan, plain(olds), answer)
    return _secured(resource, state, {**_ignored_secrets(olds, ignored), **news})


async def delete(api: Api, resource: Resource, ident: str, olds: Properties) -> None:
    """Delete it; that it is already gone is an error, as with the official provider."""
    state = plain(olds)
    path = _path(resource.delete, {**state, "id": ident})
    await api.call(_task("deleting", resource, state, olds), "DELETE", path)


async def read(
    api: Api, resource: Resource, ident: str, olds: Properties, old_inputs: Properties
) -> tuple[str, Properties, Properties] | None:
    """Refresh it, or import it when there is no state; ``None`` when it is gone.

    Returns id, state and inputs.
    """
    known = {**olds, **({"id": ident} if olds else _import_parts(resource, ident))}
    task = _task("reading", resource, plain(known), olds, old_inputs)
    try:
        answer = await _fetch(api, resource, task, plain(known))
    except NotFoundError:
        return None
    if any(answer.get(key) == value for key, value in resource.dropped):
        return None
    state = planning.read_state(resource, known, answer)
    if olds:
        inputs = {
            name: planning.read_inputs(value, plain(state[name])) if name in state else None
            for name, value in old_inputs.items()
            if name in state or not _is_field(resource, name)
        }
    else:
        inputs = {
            field.name: state[field.name]
            for field in resource.fields
            if field.role is not Role.COMPUTED and field.name in state
        }
    return str(plain(known)[resource.id_from]), _secured(resource, state, olds, old_inputs), inputs


async def _send(
    api: Api, resource: Resource, task: Task, target: tuple[str, str], body: dict[str, Any]
) -> dict[str, Any]:
    method, path = target
    if resource.multipart:
        answer = await api.call(task, method, path, parts=script.form(body))
    else:
        answer = await api.call(task, method, path, body=body)
    return answer if isinstance(answer, dict) else {}


async def _fetch(api: Api, resource: Resource, task: Task, known: Properties) -> dict[str, Any]:
    if resource is not SCRIPT:
        answer = await api.call(task, "GET", _path(resource.read, known))
        return answer if isinstance(answer, dict) else {}
    before = {
        field.wire: field.shape.encoded(known[field.name])
        for field in resource.fields
        if known.get(field.name) is not None
    }
    return before | await script.read(api, task, known)


def _import_parts(resource: Resource, ident: str) -> Properties:
    parts = ident.split("/")
    if len(parts) != len(resource.import_id) or not all(parts):
        wanted = "/".join(f"<{name}>" for name in resource.import_id)
        raise ProviderError(f"the id of a {resource.kind} to import is `{wanted}`, not `{ident}`")
    return dict(zip(resource.import_id, parts, strict=True))


def _is_field(resource: Resource, name: str) -> bool:
    return any(field.name == name for field in resource.fields)


def _path(template: str, values: Properties) -> str:
    return template.format_map({name: quote(str(value), safe="") for name, value in values.items()})


def _task(verb: str, resource: Resource, named: Properties, *holders: Properties) -> Task:
    name = named.get(resource.label) or named.get("id")
    return Task(f"{verb} {resource.kind} `{name}`", secret_texts(*holders))


def _ignored_secrets(olds: Properties, ignored: tuple[str, ...]) -> Properties:
    """Old values that stay in force because changes to them are ignored."""
    names = {path.split(".")[0].split("[")[0] for path in ignored}
    return {name: value for name, value in olds.items() if name in names}


def _secured(resource: Resource, state: Properties, *holders: Properties) -> Properties:
    """``state`` without absent entries, secret where a holder was or the table says so."""
    names = frozenset(field.name for field in resource.fields if field.secret)
    names = names.union(*(secret_names(holder) for holder in holders))
    return marked(plain({k: v for k, v in state.items() if v is not None}), names)
