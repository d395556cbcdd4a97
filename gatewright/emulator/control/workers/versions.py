"""Versions, and the deployments that say which of them answer."""

from http import HTTPStatus

from starlette.responses import Response

from gatewright.emulator.control.route import Call, Route
from gatewright.emulator.control.schema import (
    Array,
    Bool,
    Enum,
    Field,
    Number,
    Record,
    Struct,
    Text,
)
from gatewright.emulator.control.workers import answers, script, upload
from gatewright.emulator.control.workers.desk import FORM, READ, SCRIPT, Desk, ScriptError, changing
from gatewright.emulator.control.workers.metadata import invalid
from gatewright.emulator.envelope import refused, success
from gatewright.emulator.store import Document

_VERSIONS = f"{SCRIPT}/versions"
_DEPLOYMENTS = f"{SCRIPT}/deployments"
_WHOLE = 100

_DEPLOYMENT = Struct(
    Field("strategy", Enum("percentage"), required=True),
    Field(
        "versions",
        Array(
            Struct(
                Field("version_id", Text(1), required=True),
                Field("percentage", Number(0, _WHOLE, integer=False), required=True),
            ),
            minimum=1,
            maximum=2,
        ),
        required=True,
    ),
    Field("annotations", Record(Text()), nullable=True),
    Field("force", Bool(), nullable=True),
)


class Versions:
    """The endpoints ``versions`` and ``deployments`` of a script."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> tuple[Route, ...]:
        """Method, path, handler and permissions of each."""
        return (
            Route("GET", _VERSIONS, self.list_versions, READ, answer=answers.VERSIONS),
            changing("POST", _VERSIONS, self.create_version, form=FORM, answer=answers.NEW_VERSION),
            Route(
                "GET", f"{_VERSIONS}/{{version_id}}", self.get_version, READ, answer=answers.VERSION
            ),
            Route("GET", _DEPLOYMENTS, self.list_deployments, READ, answer=answers.DEPLOYMENTS),
            changing(
                "POST",
                _DEPLOYMENTS,
                self.create_deployment,
                body=_DEPLOYMENT,
                answer=answers.DEPLOYMENT,
            ),
            Route(
                "GET",
                f"{_DEPLOYMENTS}/{{deployment_id}}",
                self.get_deployment,
                READ,
                answer=answers.DEPLOYMENT,
            ),
        )

    async def list_versions(self, call: Call) -> Response:
        """The last ones, newest first."""
        versions = self._desk.worker(call)["versions"]
        return success({"items": [script.version_row(one) for one in reversed(versions)]})

    async def create_version(self, call: Call) -> Response:
        """A version that answers nothing yet."""
        worker = self._desk.worker(call)
        strict = call.request.parameters().get("bindings_inherit") == "strict"
        _, content = upload.content(
            await upload.parts(call.request),
            self._desk.version(worker),
            self._desk.today,
            strict=strict,
        )
        source = script.kind_of(call.request.header(b"user-agent"))
        worker, version = script.add_version(worker, content, source, self._desk.now)
        try:
            startup = await self._desk.runtime.try_out(worker["name"], version)
        except ScriptError as error:
            raise invalid(str(error)) from None
        self._desk.keep(worker)
        return success(script.version_object(version) | {"startup_time_ms": startup})

    async def get_version(self, call: Call) -> Response:
        """One version."""
        worker = self._desk.worker(call)
        return success(script.version_object(_version(worker, call.parameters["version_id"])))

    async def list_deployments(self, call: Call) -> Response:
        """The last ones, newest first."""
        return success({"deployments": self._desk.worker(call)["deployments"]})

    async def create_deployment(self, call: Call) -> Response:
        """From now on these versions answer; their shares are a whole together."""
        worker = self._desk.worker(call)
        body = await call.body()
        shares = body["versions"]
        chosen = [_version(worker, one["version_id"]) for one in shares]
        if sum(one["percentage"] for one in shares) != _WHOLE:
            raise refused(HTTPStatus.BAD_REQUEST, 10_096, "The percentages must add up to 100.")
        source = script.kind_of(call.request.header(b"user-agent"))
        annotations = body.get("annotations") or {}
        worker = script.deployed(worker, shares, annotations, source, self._desk.now)
        await self._desk.started(worker["name"], script.active(worker) or chosen[0])
        self._desk.keep(worker)
        return success(worker["deployments"][0])

    async def get_deployment(self, call: Call) -> Response:
        """One deployment."""
        found = self._desk.worker(call)["deployments"]
        for one in found:
            if one["id"] == call.parameters["deployment_id"]:
                return success(one)
        raise refused(HTTPStatus.NOT_FOUND, 10_007, "This deployment does not exist.")


def _version(worker: Document, version_id: str) -> Document:
    version = script.version_of(worker, version_id)
    if version is None:
        raise refused(HTTPStatus.NOT_FOUND, 10_007, "This version does not exist.")
    return version
