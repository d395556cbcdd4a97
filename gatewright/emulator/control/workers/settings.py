"""Settings: those of the version that answers, and those of the script as a whole."""

from http import HTTPStatus

from starlette.responses import Response

from gatewright.emulator.control.route import Call, Form, Route
from gatewright.emulator.control.workers import answers, metadata, script, upload
from gatewright.emulator.control.workers.desk import READ, SCRIPT, Desk, changing
from gatewright.emulator.envelope import refused, success
from gatewright.emulator.store import Document

_OF_SCRIPT = f"{SCRIPT}/script-settings"
_FORM = Form("settings", metadata.SETTINGS)


class WorkerSettings:
    """The endpoints ``settings``, ``script-settings`` and ``secrets`` of a script."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> tuple[Route, ...]:
        """Method, path, handler and permissions of each."""
        return (
            Route("GET", f"{SCRIPT}/settings", self.get, READ, answer=answers.SETTINGS),
            changing(
                "PATCH",
                f"{SCRIPT}/settings",
                self.change,
                form=_FORM,
                answer=answers.SETTINGS,
            ),
            Route("GET", _OF_SCRIPT, self.get_script, READ, answer=answers.SCRIPT_SETTINGS),
            changing(
                "PATCH",
                _OF_SCRIPT,
                self.change_script,
                body=metadata.SCRIPT_SETTINGS,
                answer=answers.SCRIPT_SETTINGS,
            ),
            Route("GET", f"{SCRIPT}/secrets", self.secrets, READ, answer=answers.SECRETS),
            changing(
                "PUT",
                f"{SCRIPT}/secrets",
                self.put_secret,
                body=metadata.SECRET,
                answer=answers.SECRET,
            ),
            changing(
                "DELETE",
                f"{SCRIPT}/secrets/{{secret}}",
                self.delete_secret,
                answer=answers.NOTHING,
            ),
        )

    async def get(self, call: Call) -> Response:
        """Bindings and the rest."""
        worker = self._desk.worker(call)
        return success(script.settings_of(worker, self._desk.version(worker)))

    async def change(self, call: Call) -> Response:
        """A new version with the same modules; what is not sent stays."""
        worker = self._desk.worker(call)
        sent = upload.document_of(await upload.parts(call.request), "settings")
        given = metadata.read(metadata.SETTINGS, sent, self._desk.today)
        before = self._desk.version(worker)
        settled = upload.settle_bindings(given, before, strict=False)
        worker = script.with_settings(worker, given)
        worker = await self._with(worker, before, script.versioned(settled))
        return success(script.settings_of(worker, self._desk.version(worker)))

    async def get_script(self, call: Call) -> Response:
        """What all versions share."""
        return success(script.script_settings_of(self._desk.worker(call)))

    async def change_script(self, call: Call) -> Response:
        """What is sent is changed, the rest stays; no new version."""
        worker = self._desk.worker(call)
        body = await call.body()
        given = {name: value for name, value in body.items() if value is not None}
        worker = script.with_settings(worker, given) | {"modified_on": self._desk.now}
        self._desk.keep(worker)
        return success(script.script_settings_of(worker))

    async def secrets(self, call: Call) -> Response:
        """The names of the secret bindings."""
        version = self._desk.version(self._desk.worker(call))
        return success([script.shown(one) for one in _bindings(version) if _is_secret(one)])

    async def put_secret(self, call: Call) -> Response:
        """A new version with the secret in it."""
        worker = self._desk.worker(call)
        secret = await call.body()
        before = self._desk.version(worker)
        others = [one for one in _bindings(before) if one["name"] != secret["name"]]
        await self._with(worker, before, {"bindings": [*others, secret]})
        return success(script.shown(secret))

    async def delete_secret(self, call: Call) -> Response:
        """A new version without it."""
        worker = self._desk.worker(call)
        before, name = self._desk.version(worker), call.parameters["secret"]
        others = [one for one in _bindings(before) if one["name"] != name or not _is_secret(one)]
        if len(others) == len(_bindings(before)):
            raise refused(HTTPStatus.NOT_FOUND, 10_056, "Binding not found.")
        await self._with(worker, before, {"bindings": others})
        return success(None)

    async def _with(self, worker: Document, before: Document, changes: Document) -> Document:
        content = {"metadata": before["metadata"] | changes, "modules": before["modules"]}
        worker, version = script.add_version(worker, content, "api", self._desk.now)
        worker, _ = await self._desk.deploy(worker, version, {}, "api")
        return worker


def _bindings(version: Document) -> list[Document]:
    bindings: list[Document] = version["metadata"].get("bindings", [])
    return bindings


def _is_secret(binding: Document) -> bool:
    return bool(binding["type"] == "secret_text")
