"""Addresses on ``workers.dev``: the account's name there, and which scripts answer."""

import re
from http import HTTPStatus

from starlette.responses import Response

from gatewright.emulator.control.route import Call, Route
from gatewright.emulator.control.schema import Bool, Field, Struct, Text
from gatewright.emulator.control.workers import answers
from gatewright.emulator.control.workers.desk import READ, SCRIPT, WRITE, Desk, changing
from gatewright.emulator.envelope import refused, success
from gatewright.emulator.store import Document, Store

_ACCOUNT = "/accounts/{account_id}/workers/subdomain"
_ONE = f"{SCRIPT}/subdomain"
_KEY = "workers_subdomain"
#: The account's name until it takes another. Cloudflare's accounts begin without one.
_DEFAULT = "gatewright"

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_NAMED = Struct(Field("subdomain", Text(1), required=True))
_ENABLED = Struct(
    Field("enabled", Bool(), required=True),
    Field("previews_enabled", Bool(), nullable=True),
)


def account_subdomain(store: Store) -> str:
    """What stands between a script's name and ``workers.dev``."""
    kept: Document = store.account.get(_KEY) or {"subdomain": _DEFAULT}
    name: str = kept["subdomain"]
    return name


class Subdomains:
    """The endpoints ``workers/subdomain`` and ``subdomain`` of a script."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> tuple[Route, ...]:
        """Method, path, handler and permissions of each."""
        return (
            Route("GET", _ACCOUNT, self.of_account, READ, answer=answers.NAMED),
            Route("PUT", _ACCOUNT, self.name_account, WRITE, body=_NAMED, answer=answers.NAMED),
            Route("GET", _ONE, self.get, READ, answer=answers.ENABLED),
            changing("POST", _ONE, self.change, body=_ENABLED, answer=answers.ENABLED),
            changing("DELETE", _ONE, self.delete, answer=answers.ENABLED),
        )

    async def of_account(self, call: Call) -> Response:
        """The account's name on ``workers.dev``."""
        del call
        return success({"subdomain": account_subdomain(self._desk.store)})

    async def name_account(self, call: Call) -> Response:
        """Another name, for all Workers at once."""
        body = await call.body()
        if not _LABEL.fullmatch(body["subdomain"]):
            raise refused(HTTPStatus.BAD_REQUEST, 10_032, "Invalid subdomain.")
        self._desk.store.account.put(_KEY, body)
        return success(body)

    async def get(self, call: Call) -> Response:
        """Whether the Worker answers there."""
        return success(self._desk.worker(call)["subdomain"])

    async def change(self, call: Call) -> Response:
        """Let it answer, or not."""
        worker = self._desk.worker(call)
        body = await call.body()
        previews = body.get("previews_enabled")
        if previews is None:
            previews = worker["subdomain"]["previews_enabled"]
        return self._keep(worker, enabled=body["enabled"], previews=previews)

    async def delete(self, call: Call) -> Response:
        """No address any more."""
        return self._keep(self._desk.worker(call), enabled=False, previews=False)

    def _keep(self, worker: Document, *, enabled: bool, previews: bool) -> Response:
        subdomain = {"enabled": enabled, "previews_enabled": previews}
        self._desk.keep(worker | {"subdomain": subdomain})
        return success(subdomain)
