"""Gateways: list, create, read, replace, delete."""

from http import HTTPStatus

from starlette.responses import Response

from gatewright.emulator.clock import Clock
from gatewright.emulator.control.answer import Many, One
from gatewright.emulator.control.body import INVALID, PAGE, page_in, paged
from gatewright.emulator.control.defaults import Defaults
from gatewright.emulator.control.gateway_fields import CREATE, GATEWAY, REPLACE
from gatewright.emulator.control.owner import gateway_of
from gatewright.emulator.control.route import WRITERS, Call, Route, Shapes, routes_of
from gatewright.emulator.control.schema import Field, Text
from gatewright.emulator.envelope import ApiError, refused, success
from gatewright.emulator.settings import Settings
from gatewright.emulator.store import Store
from gatewright.emulator.traffic.memory import Memory

_ALL = "/accounts/{account_id}/ai-gateway/gateways"
_ONE = "/accounts/{account_id}/ai-gateway/gateways/{id}"
_QUERY = (*PAGE, Field("search", Text()))
_SHAPES = Shapes(_QUERY, Many(GATEWAY), CREATE, One(GATEWAY), One(GATEWAY))


class Gateways:
    """The endpoints below ``ai-gateway/gateways``."""

    def __init__(self, store: Store, memory: Memory, settings: Settings, clock: Clock) -> None:
        self._store = store
        self._memory = memory
        self._quota = settings.quota
        self._defaults = Defaults(store, settings)
        self._clock = clock

    def routes(self) -> tuple[Route, ...]:
        """Method, path, handler and permissions of each."""
        return (
            *routes_of(self, _ALL, _ONE, _SHAPES),
            Route("PUT", _ONE, self.replace, WRITERS, body=REPLACE, answer=One(GATEWAY)),
        )

    async def list_page(self, call: Call) -> Response:
        """A page of gateways, oldest first; ``search`` is part of an id.

        Fidelity: neither the order nor the case of ``search`` is documented.
        """
        query = call.query()
        page, search = page_in(query), query.get("search")
        if not search:
            return paged(self._store.gateways, len(self._store.gateways), page)
        found = [one for one in self._store.gateways if search.lower() in one["id"].lower()]
        return paged(found, len(found), page)

    async def create(self, call: Call) -> Response:
        """A new gateway; its id is taken once."""
        body = await call.body()
        if body["id"] in self._store.gateways:
            raise _invalid("A gateway with that id already exists")
        if self._quota is not None and len(self._store.gateways) >= self._quota:
            # Fidelity: the quota is documented, this answer is not.
            raise _invalid(f"You have reached the limit of {self._quota} gateways")
        now = self._clock.timestamp()
        return success(self._defaults.keep({"id": body["id"], "created_at": now}, body, now))

    async def get(self, call: Call) -> Response:
        """One gateway."""
        return success(gateway_of(self._store, call.parameters["id"]))

    async def replace(self, call: Call) -> Response:
        """The whole object anew: what is left out goes back to its default.

        Fidelity: with ``cache_invalidate_on_update`` the cache is emptied, as the name
        says; one observer saw it kept. An ``id`` in the body that differs from the
        path's is ignored.
        """
        gateway = gateway_of(self._store, call.parameters["id"])
        body = await call.body()
        created = {"id": gateway["id"], "created_at": gateway["created_at"]}
        kept = self._defaults.keep(created, body, self._clock.timestamp())
        if body["cache_invalidate_on_update"]:
            self._memory.cache.invalidate(gateway["id"])
        return success(kept)

    async def delete(self, call: Call) -> Response:
        """Forget a gateway with all that is its own; the answer is the object as it was."""
        gateway = gateway_of(self._store, call.parameters["id"])
        self._store.remove_gateway(gateway["id"])
        self._memory.forget(gateway["id"])
        return success(gateway)


def _invalid(message: str) -> ApiError:
    return refused(HTTPStatus.BAD_REQUEST, INVALID, message)
