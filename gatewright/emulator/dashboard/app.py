"""The paths of the dashboard, and who may look at it."""

from http import HTTPStatus

from starlette.responses import Response

from gatewright.emulator.clock import Clock
from gatewright.emulator.dashboard import gateway, layout, log, overview
from gatewright.emulator.dashboard.html import tag
from gatewright.emulator.dashboard.layout import HOME, PREFIX, View
from gatewright.emulator.origin import is_local
from gatewright.emulator.router import Router
from gatewright.emulator.settings import Settings
from gatewright.emulator.store import Store
from gatewright.emulator.traffic.memory import Memory
from gatewright.emulator.web import Request


class Dashboard:
    """Answers ``/`` and everything below ``/dashboard``, to read only."""

    def __init__(self, store: Store, memory: Memory, settings: Settings, clock: Clock) -> None:
        self._store = store
        self._memory = memory
        self._settings = settings
        self._clock = clock
        self._router: Router[str] = Router()
        for pattern, kind in (
            ("/gateways/{id}", "gateway"),
            ("/gateways/{id}/logs/{log_id}", "log"),
            ("/{file}", "file"),
        ):
            self._router.add("GET", PREFIX + pattern, kind)

    def takes(self, path: str) -> bool:
        """Whether an undecoded path belongs here."""
        return path == HOME or path.startswith(f"{PREFIX}/")

    def __call__(self, request: Request) -> Response:
        """A page for every request."""
        view = View(
            self._settings.account,
            self._clock.now(),
            request.path,
            request.parameters(),
            request.header(b"host") or "",
        )
        if not self._settings.allow_remote and not is_local(view.host):
            # Another site's name that leads here: its scripts could read what is shown.
            return layout.page(
                view,
                "Refused",
                tag("h1", "Only under this machine's own name"),
                tag("p", "Open it as http://127.0.0.1 with the port, or as localhost."),
                status=HTTPStatus.MISDIRECTED_REQUEST,
            )
        if request.method not in {"GET", "HEAD"}:
            return layout.page(
                view, "Refused", tag("h1", "To read only"), status=HTTPStatus.METHOD_NOT_ALLOWED
            )
        return self._page(view)

    def _page(self, view: View) -> Response:
        if view.path == HOME:
            return overview.show(view, self._store, self._memory)
        match = self._router.find(view.path)
        if match is None:
            return layout.missing(view, "No such page")
        if "file" in match.parameters:
            return layout.file(match.parameters["file"]) or layout.missing(view, "No such page")
        gateway_id = match.parameters["id"]
        found = self._store.gateways.get(gateway_id)
        if found is None:
            return layout.missing(view, "No such gateway")
        if "log_id" not in match.parameters:
            return gateway.show(view, self._store, self._memory, found)
        entry = self._memory.logs.get(gateway_id, match.parameters["log_id"])
        return log.show(view, entry) if entry is not None else layout.missing(view, "No such log")
