"""Scripts: upload, list, content, delete, and the service around each."""

import secrets
from typing import Any

from starlette.responses import Response

from gatewright.emulator.control.route import Call, Route
from gatewright.emulator.control.workers import answers, script, upload
from gatewright.emulator.control.workers.desk import (
    FORM,
    READ,
    SCRIPT,
    SCRIPTS,
    Desk,
    changing,
    name_of,
)
from gatewright.emulator.envelope import success
from gatewright.emulator.store import Document

_SERVICE = "/accounts/{account_id}/workers/services/{name}"
_NO_SERVICE = 10_090


class Scripts:
    """The endpoints below ``workers/scripts`` and ``workers/services``."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> tuple[Route, ...]:
        """Method, path, handler and permissions of each."""
        return (
            Route("GET", SCRIPTS, self.list_all, READ, answer=answers.SCRIPTS),
            changing("PUT", SCRIPT, self.upload, form=FORM, answer=answers.UPLOADED),
            Route("GET", SCRIPT, self.content, READ, answer=answers.CODE),
            changing("DELETE", SCRIPT, self.delete, answer=answers.NOTHING),
            Route("GET", f"{SCRIPT}/content", self.content, READ, answer=answers.CODE),
            Route("GET", f"{SCRIPT}/content/v2", self.content, READ, answer=answers.CODE),
            changing(
                "PUT",
                f"{SCRIPT}/content",
                self.change_content,
                form=FORM,
                answer=answers.UPLOADED,
            ),
            Route("GET", _SERVICE, self.service, READ, answer=answers.SERVICE),
            changing("DELETE", _SERVICE, self.delete, answer=answers.NOTHING),
        )

    async def list_all(self, call: Call) -> Response:
        """Every Worker; this list has one page."""
        del call
        return success([script.object_of(one) for one in self._desk.store.workers])

    async def upload(self, call: Call) -> Response:
        """Make or replace a Worker: a new version that takes all requests."""
        name = name_of(call)
        return await self._take(call, self._desk.store.workers.get(name), name)

    async def change_content(self, call: Call) -> Response:
        """Other modules with the metadata as it was."""
        worker = self._desk.worker(call)
        before = self._desk.version(worker)["metadata"]
        return await self._take(call, worker, worker["name"], before)

    async def content(self, call: Call) -> Response:
        """The code: a form of modules, or the one file of a service worker."""
        version = self._desk.version(self._desk.worker(call))
        first = version["modules"][0]
        if not script.is_module_worker(version):
            return Response(script.content_of(first), headers={"content-type": first["type"]})
        boundary = secrets.token_hex(16)
        kind = f"multipart/form-data; boundary={boundary}"
        headers = {"content-type": kind, "cf-entrypoint": first["name"]}
        return Response(_form(version["modules"], boundary), headers=headers)

    async def delete(self, call: Call) -> Response:
        """Forget a Worker and all its versions."""
        name = self._desk.worker(call)["name"]
        self._desk.store.workers.remove(name)
        await self._desk.runtime.stop(name)
        return success(None)

    async def service(self, call: Call) -> Response:
        """What wrangler and the Terraform provider look at first."""
        return success(script.service_of(self._desk.worker(call, _NO_SERVICE)))

    async def _take(
        self, call: Call, worker: Document | None, name: str, before: Document | None = None
    ) -> Response:
        strict = call.request.parameters().get("bindings_inherit") == "strict"
        previous = self._desk.version(worker) if worker else None
        given, content = upload.content(
            await upload.parts(call.request), previous, self._desk.today, strict=strict
        )
        if before is not None:
            content = content | {"metadata": before | _entry(given)}
        source = script.kind_of(call.request.header(b"user-agent"))
        worker = script.with_settings(worker or script.new_worker(name, self._desk.now), given)
        worker, version = script.add_version(worker, content, source, self._desk.now)
        annotations = given.get("annotations", {})
        worker, startup = await self._desk.deploy(worker, version, annotations, source)
        answer = script.object_of(worker)
        return success(answer | {"startup_time_ms": startup, "deployment_id": version["id"]})


def _entry(given: dict[str, Any]) -> Document:
    return {name: given[name] for name in ("main_module", "body_part") if name in given}


def _form(modules: list[Document], boundary: str) -> bytes:
    parts = []
    for one in modules:
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{one["name"]}"; '
            f'filename="{one["name"]}"\r\nContent-Type: {one["type"]}\r\n\r\n'
        )
        parts.append(head.encode() + script.content_of(one) + b"\r\n")
    return b"".join([*parts, f"--{boundary}--\r\n".encode()])
