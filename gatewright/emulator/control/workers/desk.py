"""What the endpoints of Workers share: the store, the time, and what runs the scripts."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from http import HTTPStatus
from typing import Protocol

from gatewright.emulator.clock import Clock
from gatewright.emulator.control.route import Call, Form, Route
from gatewright.emulator.control.workers import script
from gatewright.emulator.control.workers.metadata import METADATA, invalid
from gatewright.emulator.envelope import ApiError, refused
from gatewright.emulator.permissions import (
    WORKERS_SCRIPTS_READ,
    WORKERS_SCRIPTS_WRITE,
    WORKERS_TAIL_READ,
)
from gatewright.emulator.store import Document, Store

READ = frozenset({WORKERS_SCRIPTS_READ, WORKERS_SCRIPTS_WRITE, WORKERS_TAIL_READ})
WRITE = frozenset({WORKERS_SCRIPTS_WRITE})

SCRIPTS = "/accounts/{account_id}/workers/scripts"
SCRIPT = f"{SCRIPTS}/{{name}}"
#: A version as it is sent: what it is, and its modules.
FORM = Form("metadata", METADATA)

#: A route that changes the Worker in its path: one call at a time, for starting a script takes
#: its time, in which another call would build on what is no longer so.
changing = partial(Route, permissions=WRITE, turns="name")

#: Fidelity: the form that wrangler allows; a longer name has no address on workers.dev.
_NAME = re.compile(r"[a-z0-9_][a-z0-9_-]{0,62}")


class ScriptError(Exception):
    """A script that does not start; the message is the runtime's own line."""


class Runtime(Protocol):
    """What runs Workers."""

    async def start(self, name: str, version: Document) -> int:
        """Have this version answer for ``name``: milliseconds; raises `ScriptError`."""

    async def try_out(self, name: str, version: Document) -> int:
        """Whether this version starts at all: milliseconds; raises `ScriptError`."""

    async def stop(self, name: str) -> None:
        """Nothing answers for ``name`` any more."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The account's Workers."""

    store: Store
    clock: Clock
    runtime: Runtime

    @property
    def now(self) -> str:
        """The time as the API writes it."""
        return self.clock.timestamp()

    @property
    def today(self) -> date:
        """The day in UTC."""
        return datetime.fromtimestamp(self.clock.now(), UTC).date()

    def worker(self, call: Call, code: int = 10_007) -> Document:
        """The Worker in the path; raises `ApiError` (404)."""
        worker = self.store.workers.get(call.parameters["name"])
        if worker is None:
            message = "This Worker does not exist on your account."
            raise refused(HTTPStatus.NOT_FOUND, code, message)
        return worker

    def version(self, worker: Document) -> Document:
        """The version that answers; without any, the last one made."""
        return script.active(worker) or worker["versions"][-1]

    def keep(self, worker: Document) -> None:
        """Write it down."""
        self.store.workers.put(worker["name"], worker)

    async def deploy(
        self, worker: Document, version: Document, annotations: Document, source: str
    ) -> tuple[Document, int]:
        """Let one version take all requests, if it starts; raises `ApiError` (400, 10021)."""
        startup = await self.started(worker["name"], version)
        shares = [{"version_id": version["id"], "percentage": 100}]
        worker = script.deployed(worker, shares, annotations, source, self.now)
        self.keep(worker)
        return worker, startup

    async def started(self, name: str, version: Document) -> int:
        """How long it took to start; raises `ApiError` (400, 10021) with the runtime's words."""
        try:
            return await self.runtime.start(name, version)
        except ScriptError as error:
            raise invalid(str(error)) from None


def name_of(call: Call) -> str:
    """The name of a Worker to be made; raises `ApiError` (400)."""
    name = call.parameters["name"]
    if not _NAME.fullmatch(name):
        raise _bad_name()
    return name


def _bad_name() -> ApiError:
    message = "Invalid Worker name: it must be lower-case letters, digits, - and _, at most 63."
    return refused(HTTPStatus.BAD_REQUEST, 10_016, message)
