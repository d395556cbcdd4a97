"""Dynamic routes, their versions and deployments.

Lists come under ``data`` in an envelope of their own, everything else under ``result``
(a change of name under ``route`` too, where the official SDK looks for it). What the
elements are is in a version, as JSON text: reading a route back does not give them, as
seen live, though the SDK's types promise them there. Every other answer has them.
"""

import json
import secrets
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from gatewright.emulator.clock import Clock
from gatewright.emulator.control import route_answers as given
from gatewright.emulator.control import route_elements as asked
from gatewright.emulator.control.answer import Answer
from gatewright.emulator.control.body import PAGE, page_in, part
from gatewright.emulator.control.owner import gateway_of
from gatewright.emulator.control.route import (
    READERS,
    WRITERS,
    Call,
    Endpoint,
    Route,
    Shapes,
    routes_of,
)
from gatewright.emulator.control.schema import Field, Kind
from gatewright.emulator.envelope import ApiError, refused, success
from gatewright.emulator.settings import Settings
from gatewright.emulator.store import Document, Store
from gatewright.emulator.web import json_reply

_ALL = "/accounts/{account_id}/ai-gateway/gateways/{id}/routes"
_ONE = f"{_ALL}/{{route_id}}"
#: Whatever is wrong with a route as a whole has this code.
_CODE = 7005


_SHAPES = Shapes(PAGE, given.ROUTES, asked.CREATE, given.WHOLE, given.ROUTE)


def _read(rest: str, endpoint: Endpoint, query: tuple[Field, ...], answer: Answer) -> Route:
    return Route("GET", f"{_ONE}/{rest}", endpoint, READERS, query=query, answer=answer)


def _make(rest: str, endpoint: Endpoint, body: Kind, answer: Answer) -> Route:
    return Route("POST", f"{_ONE}/{rest}", endpoint, WRITERS, body=body, answer=answer)


class DynamicRoutes:
    """The endpoints below ``gateways/{id}/routes``."""

    def __init__(self, store: Store, settings: Settings, clock: Clock) -> None:
        self._store = store
        self._account_id = settings.account
        self._clock = clock

    def routes(self) -> tuple[Route, ...]:
        """Method, path, handler and permissions of each."""
        return (
            *routes_of(self, _ALL, _ONE, _SHAPES),
            Route("PATCH", _ONE, self.rename, WRITERS, body=asked.RENAME, answer=given.RENAMED),
            _read("versions", self.list_versions, PAGE, given.VERSIONS),
            _make("versions", self.create_version, asked.VERSION, given.VERSION),
            _read("versions/{version_id}", self.get_version, (), given.VERSION),
            _read("deployments", self.list_deployments, PAGE, given.DEPLOYMENTS),
            _make("deployments", self.deploy, asked.DEPLOYMENT, given.DEPLOYED),
        )

    async def list_page(self, call: Call) -> Response:
        """A page of routes, newest first."""
        gateway = gateway_of(self._store, call.parameters["id"])
        shown = [self._document(route) for route in self._store.routes.of(gateway["id"])[::-1]]
        return _listed(call, "routes", shown)

    async def create(self, call: Call) -> Response:
        """A new route, its first version and that one's deployment."""
        gateway = gateway_of(self._store, call.parameters["id"])
        body = await call.body()
        self._require_free(gateway["id"], body["name"])
        now = self._clock.timestamp()
        version = _version(body["elements"], now)
        route = {
            "id": secrets.token_hex(8),
            "name": body["name"],
            "gateway_id": gateway["id"],
            "account_tag": self._account_id,
            "created_at": now,
            "modified_at": now,
            "versions": [version],
            "deployments": [_deployment(version, now)],
        }
        self._store.routes.put(route["id"], route)
        return success(self._whole(route))

    async def get(self, call: Call) -> Response:
        """One route."""
        return success(self._document(self._route(call)))

    async def rename(self, call: Call) -> Response:
        """Another name; nothing else of a route can be changed."""
        route = self._route(call)
        body = await call.body()
        if body["name"] != route["name"]:
            self._require_free(route["gateway_id"], body["name"])
        shown = self._whole(self._keep(route, name=body["name"]))
        return success(shown, route=shown)

    async def delete(self, call: Call) -> Response:
        """Forget a route; the answer is the object as it was."""
        route = self._route(call)
        self._store.routes.remove(route["id"])
        return success(self._whole(route))

    async def list_versions(self, call: Call) -> Response:
        """A page of versions, newest first."""
        route = self._route(call)
        shown = [_shown(route, version) for version in reversed(route["versions"])]
        return _listed(call, "versions", shown)

    async def create_version(self, call: Call) -> Response:
        """Another version, which is not deployed by that."""
        route = self._route(call)
        body = await call.body()
        version = _version(body["elements"], self._clock.timestamp())
        kept = self._keep(route, versions=[*route["versions"], version])
        return success(self._whole(kept, version))

    async def get_version(self, call: Call) -> Response:
        """One version, with what the route is."""
        route = self._route(call)
        return success(self._whole(route, _find(route, call.parameters["version_id"])))

    async def list_deployments(self, call: Call) -> Response:
        """A page of deployments, newest first."""
        return _listed(call, "deployments", self._route(call)["deployments"][::-1])

    async def deploy(self, call: Call) -> Response:
        """Calls take that version from now on."""
        route = self._route(call)
        body = await call.body()
        version = _find(route, body["version_id"])
        made = _deployment(version, self._clock.timestamp())
        kept = self._keep(route, deployments=[*route["deployments"], made])
        return success(self._whole(kept) | made)

    def _route(self, call: Call) -> Document:
        gateway = gateway_of(self._store, call.parameters["id"])
        route = self._store.routes.get_of(gateway["id"], call.parameters["route_id"])
        if route is None:
            raise refused(HTTPStatus.NOT_FOUND, _CODE, "Route not found")
        return route

    def _require_free(self, gateway_id: str, name: str) -> None:
        if any(route["name"] == name for route in self._store.routes.of(gateway_id)):
            raise refused(HTTPStatus.BAD_REQUEST, _CODE, f"Route {name} already exists")

    def _keep(self, route: Document, **changes: Any) -> Document:
        kept = route | changes | {"modified_at": self._clock.timestamp()}
        self._store.routes.put(kept["id"], kept)
        return kept

    def _document(self, route: Document) -> Document:
        """As it is sent: with the version and the deployment in force."""
        deployment = route["deployments"][-1]
        version = _shown(route, _find(route, deployment["version_id"]))
        kept = {name: one for name, one in route.items() if name not in {"versions", "deployments"}}
        return kept | {"version": version, "deployment": deployment}

    def _whole(self, route: Document, version: Document | None = None) -> Document:
        """With the elements of a version, and that version's own fields; else the active one's."""
        shown = self._document(route)
        if version is None:
            return shown | {"elements": json.loads(shown["version"]["data"])}
        return shown | _shown(route, version) | {"elements": json.loads(version["data"])}


def _version(elements: list[dict[str, Any]], now: str) -> Document:
    data = json.dumps(elements)
    return {"version_id": secrets.token_hex(8), "created_at": now, "data": data, "is_valid": True}


def _deployment(version: Document, now: str) -> Document:
    return {
        "deployment_id": secrets.token_hex(8),
        "version_id": version["version_id"],
        "created_at": now,
    }


def _shown(route: Document, version: Document) -> Document:
    active = route["deployments"][-1]["version_id"] == version["version_id"]
    return version | {"active": "true" if active else "false"}


def _find(route: Document, version_id: str) -> Document:
    for version in route["versions"]:
        if version["version_id"] == version_id:
            found: Document = version
            return found
    raise _no_version()


def _no_version() -> ApiError:
    return refused(HTTPStatus.NOT_FOUND, _CODE, "Version not found")


def _listed(call: Call, name: str, items: list[Document]) -> Response:
    page = page_in(call.query())
    data = {
        "order_by": "created_at",
        "order_by_direction": "desc",
        "page": page.number,
        "per_page": page.size,
        name: part(items, page),
    }
    return json_reply({"success": True, "data": data})
