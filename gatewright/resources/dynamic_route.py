"""A dynamic route: an edit is a new version and its deployment, never another route.

Its elements are kept by id: where they stand in Cloudflare's list says nothing, and a
difference names the element. A condition is kept as a JSON text, because Pulumi's
property values lose a null and the order of nothing else matters.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from gatewright.plugin.api import Api, Task
from gatewright.plugin.errors import ProviderError
from gatewright.plugin.values import Properties
from gatewright.resources.kind import Field, Kind, Names, Row, gateway, segment

_KEPT = ("type", "outputs", "properties")


def elements_by_id(elements: list[Row]) -> dict[str, Row]:
    """Cloudflare's list of elements as the input `elements`."""
    return {str(element["id"]): _input(element) for element in elements}


def element_list(elements: Mapping[str, Row]) -> list[Row]:
    """The input `elements` as Cloudflare's list: the start first, the end last."""
    place = {"start": 0, "end": 2}
    ids = sorted(elements, key=lambda name: (place.get(elements[name]["type"], 1), name))
    return [{"id": name, **_element(elements[name])} for name in ids]


def _input(element: Row) -> Row:
    kept = {name: element[name] for name in _KEPT if element.get(name) or name == "outputs"}
    properties = kept.get("properties", {})
    if "conditions" not in properties:
        return kept
    text = properties["conditions"]
    conditions = json.loads(text) if isinstance(text, str) else text
    return kept | {"properties": properties | {"conditions": _text(conditions)}}


def _element(element: Row) -> Row:
    properties = element.get("properties", {})
    if "conditions" not in properties:
        return element
    try:
        conditions = json.loads(properties["conditions"])
    except ValueError:
        raise ProviderError("`conditions` of an element must be a JSON text") from None
    return element | {"properties": properties | {"conditions": conditions}}


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _collection(inputs: Properties) -> str:
    return f"{gateway(inputs)}/routes"


def _listed(answer: Mapping[str, Any]) -> list[Row]:
    """These lists are under ``data``, not under ``result``."""
    return [*((answer.get("data") or {}).get("routes") or [])]


def _names(inputs: Properties) -> Names:
    name, owner = inputs["name"], inputs["gatewayId"]
    return Names(f"`{name}` of gateway `{owner}`", f"{owner}/routes/{name}")


def _create(inputs: Properties) -> Row:
    return {"name": inputs["name"], "elements": element_list(inputs["elements"])}


async def _update(api: Api, task: Task, ident: str, olds: Properties, news: Properties) -> Row:
    one = f"{_collection(news)}/{segment(ident)}"
    if news["name"] != olds.get("name"):
        await api.call(task, "PATCH", one, body={"name": news["name"]})
    if news["elements"] != olds.get("elements"):
        body = {"elements": element_list(news["elements"])}
        version = await api.call(task, "POST", f"{one}/versions", body=body)
        deployed = {"version_id": version["version_id"]}
        await api.call(task, "POST", f"{one}/deployments", body=deployed)
    route: Row = await api.call(task, "GET", one)
    return route


def _answered(row: Row) -> Row:
    """With the elements of the version in force, which are a JSON text in it."""
    version = row.get("version") or {}
    data = version.get("data")
    elements = json.loads(data) if isinstance(data, str) else data
    return {"name": row.get("name")} | ({"elements": elements} if elements else {})


def _outputs(row: Row) -> Properties:
    version = row.get("version") or {}
    return {"versionId": version["version_id"]} if version.get("version_id") else {}


KIND: Final = Kind(
    noun="dynamic route",
    fields={
        "name": Field("name", required=True),
        "elements": Field("elements", required=True, decoded=elements_by_id),
    },
    parents=("accountId", "gatewayId"),
    key=("name",),
    collection=_collection,
    listed=_listed,
    names=_names,
    create=_create,
    update=_update,
    outputs=_outputs,
    answered=_answered,
    computed=("versionId",),
)
