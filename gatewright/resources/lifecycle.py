"""Compare, create, read, update and delete a resource of any kind."""

from typing import Any
from urllib.parse import unquote

from gatewright.plugin.api import Api, Task
from gatewright.plugin.changes import Change, Difference, between
from gatewright.plugin.errors import NotFoundError, ProviderError, UncertainError
from gatewright.plugin.values import (
    UNKNOWN,
    Properties,
    is_known,
    marked,
    plain,
    secret_names,
    secret_texts,
)
from gatewright.resources.existing import Existing, exists
from gatewright.resources.kind import Kind, Row, rows, segment


def problems(kind: Kind, inputs: Properties) -> dict[str, str]:
    """What is wrong with the inputs, by name."""
    required = {*kind.parents, *(name for name, field in kind.fields.items() if field.required)}
    missing = dict.fromkeys(sorted(required - inputs.keys()), "is required")
    unknown = sorted(inputs.keys() - kind.fields.keys() - set(kind.parents))
    return missing | dict.fromkeys(unknown, f"a {kind.noun} has no such input")


def difference(kind: Kind, olds: Properties, news: Properties) -> Difference:
    """Every place where what is wanted differs from what is known."""
    old, new = plain(olds), plain(news)
    changes: list[Change] = []
    for name in kind.parents:
        changes += between(name, old.get(name), new.get(name), replaces=True)
    for name, field in kind.fields.items():
        if field.agree(old.get(name), new.get(name)):
            continue
        if field.left_alone and new.get(name) is None:
            continue
        changes += between(name, old.get(name), new.get(name), replaces=field.replaces)
    replaces = tuple({change.path.split(".")[0]: None for change in changes if change.replaces})
    stays = all(old.get(name) == new.get(name) for name in (*kind.parents, *kind.key))
    return Difference(bool(changes), tuple(changes), replaces, delete_first=stays)


async def previewed(existing: Existing, kind: Kind, news: Properties) -> Properties:
    """What a create will make, as far as it is known; a key that is taken is refused already."""
    if is_known([news.get(name) for name in (*kind.parents, *kind.key)]):
        await existing.refuse(kind, _task("looking for", kind, news), plain(news))
    return {**news, **dict.fromkeys(kind.computed, UNKNOWN)}


async def create(
    api: Api, existing: Existing, kind: Kind, news: Properties
) -> tuple[str, Properties]:
    """Make it; returns its id and the state.

    An answer that leaves it open whether it was made is no failure if it is there now
    and was not before.
    """
    inputs, task = plain(news), _task("creating", kind, news)
    was_looked_for = await existing.refuse(kind, task, inputs)
    try:
        row = await api.call(task, "POST", kind.collection(inputs), body=kind.create(inputs))
    except UncertainError:
        found = await _by_key(api, task, kind, inputs) if was_looked_for else None
        if found is None:
            raise
        row = found
    except ProviderError as error:
        if "already exists" in str(error):
            raise exists(kind, inputs) from None
        raise
    if not isinstance(row, dict) or not row.get("id"):
        raise ProviderError(f"Cloudflare answered without an id while {task.doing}")
    return str(row["id"]), {**news, **kind.outputs(row)}


async def read(
    api: Api, kind: Kind, ident: str, olds: Properties
) -> tuple[str, Properties, Properties] | None:
    """Id, inputs and state as they are now; None when it is gone.

    Without ``olds`` it is an import: the id then begins with what the path needs, and
    may end with the object's key in place of its id.
    """
    if olds:
        known, secret = plain(olds), secret_names(olds)
        task = _task("reading", kind, olds)
        row = await _by_id(api, task, kind, ident, known)
    else:
        known, secret = _import_parts(kind, ident), kind.secrets
        task = Task(f"reading {kind.noun} `{ident}`")
        row = await _imported(api, task, kind, known)
    if row is None:
        return None
    inputs = kind.inputs(known, row, is_import=not olds)
    state = {name: known[name] for name in kind.computed if name in known}
    state |= inputs | kind.outputs(row)
    return str(row["id"]), marked(inputs, secret), marked(state, secret)


async def update(
    api: Api, kind: Kind, ident: str, olds: Properties, news: Properties
) -> Properties:
    """Change it in place; returns the state."""
    task = _task("updating", kind, olds, news)
    row = await kind.update(api, task, ident, plain(olds), plain(news))
    return {**news, **kind.outputs(row)}


async def delete(api: Api, existing: Existing, kind: Kind, ident: str, olds: Properties) -> None:
    """Delete it; that it is gone already is fine."""
    inputs = plain(olds)
    existing.forget(kind, inputs)
    try:
        path = f"{kind.collection(inputs)}/{segment(ident)}"
        await api.call(_task("deleting", kind, olds), "DELETE", path)
    except NotFoundError:
        return


async def _by_id(api: Api, task: Task, kind: Kind, ident: str, known: Properties) -> Row | None:
    try:
        if kind.readable:
            row: Row = await api.call(task, "GET", f"{kind.collection(known)}/{segment(ident)}")
            return row
        found = await rows(api, task, kind, known)
    except NotFoundError:
        return None
    return next((row for row in found if row.get("id") == ident), None)


async def _by_key(api: Api, task: Task, kind: Kind, inputs: Properties) -> Row | None:
    found = await rows(api, task, kind, inputs)
    row = next((row for row in found if kind.matches(row, inputs)), None)
    # A row of a list may hold less than the object itself.
    return row and await _by_id(api, task, kind, str(row["id"]), inputs)


async def _imported(api: Api, task: Task, kind: Kind, known: Properties) -> Row | None:
    """By the id that is the last part, else by the key that the last parts are."""
    ident = known.pop("id", None)
    row = await _by_id(api, task, kind, ident, known) if ident else None
    return row or await _by_key(api, task, kind, known)


def _import_parts(kind: Kind, ident: str) -> Properties:
    parts = [unquote(part) for part in ident.split("/")]
    above, last = parts[: len(kind.parents)], parts[len(kind.parents) :]
    if len(above) < len(kind.parents) or len(last) not in {1, len(kind.key)} or not all(parts):
        start = "/".join(f"<{name}>" for name in kind.parents)
        key = "/".join(f"<{name}>" for name in kind.key)
        raise ProviderError(
            f"the id of a {kind.noun} to import is `{start}/<id>` or `{start}/{key}`, not `{ident}`"
        )
    found: dict[str, Any] = dict(zip(kind.parents, above, strict=True))
    if len(last) == len(kind.key):
        found |= dict(zip(kind.key, last, strict=True))
    return found | ({"id": last[0]} if len(last) == 1 else {})


def _task(verb: str, kind: Kind, named: Properties, *holders: Properties) -> Task:
    inputs = plain(named)
    known = is_known([inputs.get(name) for name in (*kind.parents, *kind.key)])
    name = kind.names(inputs).label if known else "of a name that is not known yet"
    return Task(f"{verb} {kind.noun} {name}", secret_texts(named, *holders))
