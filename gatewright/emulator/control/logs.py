"""Logs of calls: list, delete, read, change, and the bodies.

Fidelity, differs: Cloudflare shows a log some time after the call; how long is a setting. The
bodies come bare, without the envelope, as the official SDK reads them.
"""

from http import HTTPStatus

from starlette.responses import Response

from gatewright.emulator.clock import Clock
from gatewright.emulator.control import log_fields
from gatewright.emulator.control.answer import Bare, Many, One, object_schema
from gatewright.emulator.control.body import page_fields, page_in, page_of, part, read_body
from gatewright.emulator.control.log_query import chosen
from gatewright.emulator.control.owner import gateway_of
from gatewright.emulator.control.route import READERS, WRITERS, Call, Route
from gatewright.emulator.control.schema import Field, Number
from gatewright.emulator.envelope import refused, success
from gatewright.emulator.settings import Settings
from gatewright.emulator.store import Store
from gatewright.emulator.traffic.logbook import LogEntry
from gatewright.emulator.traffic.memory import Memory
from gatewright.emulator.web import JSON, Request, json_reply

_ALL = "/accounts/{account_id}/ai-gateway/gateways/{id}/logs"
_ONE = f"{_ALL}/{{log_id}}"

#: 50 on a page at most, seen live.
_LIST = (*page_fields(50), *log_fields.LIST, *log_fields.CHOICE)
#: Fidelity: what a deletion takes at once where it does not say is not documented.
_DELETE = (Field("limit", Number(1), default=10_000), *log_fields.DELETE, log_fields.BY)

_DETAIL = One(log_fields.DETAIL)
_DELETED = Bare(object_schema(success={"const": True}))
_RESPONSE = Bare({}, others=("text/event-stream",))


class Logs:
    """The endpoints below ``gateways/{id}/logs``; a single log can't be deleted."""

    def __init__(self, store: Store, memory: Memory, settings: Settings, clock: Clock) -> None:
        self._store = store
        self._logs = memory.logs
        self._delay = settings.log_delay
        self._clock = clock

    def routes(self) -> tuple[Route, ...]:
        """Method, path, handler and permissions of each."""
        return (
            Route("GET", _ALL, self.list_page, READERS, query=_LIST, answer=Many(log_fields.ROW)),
            Route("DELETE", _ALL, self.delete, WRITERS, query=_DELETE, answer=_DELETED),
            Route("GET", _ONE, self.get, READERS, answer=_DETAIL),
            Route("PATCH", _ONE, self.change, WRITERS, body=log_fields.PATCH, answer=_DETAIL),
            Route("GET", f"{_ONE}/request", self.request_body, READERS, answer=Bare({})),
            Route("GET", f"{_ONE}/response", self.response_body, READERS, answer=_RESPONSE),
        )

    async def list_page(self, call: Call) -> Response:
        """A page of logs, newest first unless told."""
        page = page_in(call.query())
        found = chosen(self._readable(call), call.request.query, log_fields.LIST)
        rows = [entry.row() for entry in part(found, page)]
        return page_of(rows, len(found), page)

    async def delete(self, call: Call) -> Response:
        """Forget the logs that filters choose; without any, all."""
        count = call.query()["limit"]
        found = chosen(self._readable(call), call.request.query, log_fields.DELETE)
        for entry in found[:count]:
            self._logs.remove(entry)
        return json_reply({"success": True})

    async def get(self, call: Call) -> Response:
        """One log, with the beginnings of the bodies."""
        return self.shown(*_place(call))

    def shown(self, gateway_id: str, log_id: str) -> Response:
        """One log of one gateway; raises `ApiError` (404, 7002)."""
        return success(self._entry(gateway_id, log_id).detail())

    async def change(self, call: Call) -> Response:
        """Feedback, score and metadata of one log; what is not sent stays."""
        return await self.changed(call.request, *_place(call))

    async def changed(self, request: Request, gateway_id: str, log_id: str) -> Response:
        """The same by names; raises `ApiError`."""
        entry = self._entry(gateway_id, log_id)
        body = await read_body(request, log_fields.PATCH)
        if "metadata" in body:
            body["metadata"] = body["metadata"] or {}
        self._logs.change(entry, body)
        return success(entry.detail())

    async def request_body(self, call: Call) -> Response:
        """What was asked."""
        return _body(self._entry(*_place(call)).request, JSON)

    async def response_body(self, call: Call) -> Response:
        """What was answered."""
        entry = self._entry(*_place(call))
        return _body(entry.response, entry.response_content_type)

    def _readable(self, call: Call) -> list[LogEntry]:
        gateway = gateway_of(self._store, call.parameters["id"])
        now = self._clock.now()
        entries = self._logs.of(gateway["id"])
        return [entry for entry in entries if entry.created + self._delay <= now]

    def _entry(self, gateway_id: str, log_id: str) -> LogEntry:
        gateway = gateway_of(self._store, gateway_id)
        entry = self._logs.get(gateway["id"], log_id)
        if entry is None or entry.created + self._delay > self._clock.now():
            raise refused(HTTPStatus.NOT_FOUND, 7002, "Log not found")
        return entry


def _place(call: Call) -> tuple[str, str]:
    return call.parameters["id"], call.parameters["log_id"]


def _body(content: bytes | None, content_type: str) -> Response:
    if content is None:
        raise refused(HTTPStatus.NOT_FOUND, 7002, "Log payload not found")
    return Response(content, headers={"content-type": content_type})
