"""A custom provider: changed in place, but for its slug, which is part of the URL."""

import json
from typing import Any, Final

from gatewright.plugin.api import Api, Task
from gatewright.plugin.values import Properties
from gatewright.resources.kind import (
    Field,
    Kind,
    Names,
    Row,
    account,
    result_rows,
    segment,
)


def _same_json(one: Any, other: Any) -> bool:
    try:
        return bool(json.loads(one) == json.loads(other))
    except (TypeError, ValueError):
        return bool(one == other)


_NO_TEXT = (None, "")
_OFF = (None, False)

_FIELDS: Final = {
    "slug": Field("slug", replaces=True, required=True),
    "name": Field("name", required=True),
    "baseUrl": Field("base_url", required=True),
    "description": Field("description", empty=_NO_TEXT),
    "enable": Field("enable", empty=_OFF),
    "beta": Field("beta", empty=_OFF),
    "headers": Field("headers", empty=(*_NO_TEXT, "{}"), secret=True, same=_same_json),
    "link": Field("link", empty=_NO_TEXT),
    "curlExample": Field("curl_example", empty=_NO_TEXT),
    "jsExample": Field("js_example", empty=_NO_TEXT),
    "position": Field("position", left_alone=True),
}


def _collection(inputs: Properties) -> str:
    return f"{account(inputs)}/custom-providers"


def _names(inputs: Properties) -> Names:
    return Names(f"`{inputs['slug']}`", f"custom-providers/{inputs['slug']}")


def _create(inputs: Properties) -> Row:
    return {
        field.wire: inputs[name] for name, field in _FIELDS.items() if inputs.get(name) is not None
    }


async def _update(api: Api, task: Task, ident: str, olds: Properties, news: Properties) -> Row:
    """A PATCH of what changed; what is left alone from now on is not sent."""
    changed = {
        field.wire: news.get(name)
        for name, field in _FIELDS.items()
        if not field.agree(olds.get(name), news.get(name))
        and not (field.left_alone and news.get(name) is None)
    }
    path = f"{_collection(news)}/{segment(ident)}"
    row: Row = await api.call(task, "PATCH", path, body=changed)
    return row


def _outputs(row: Row) -> Properties:
    del row
    return {}


KIND: Final = Kind(
    noun="custom provider",
    fields=_FIELDS,
    parents=("accountId",),
    key=("slug",),
    collection=_collection,
    listed=result_rows,
    names=_names,
    create=_create,
    update=_update,
    outputs=_outputs,
)
