"""The gRPC edge: requests in, property values and plain-text errors out.

The SDK's own servicer appends a Python traceback to every error; here an error is
its message.
"""

import os
import traceback
from collections.abc import Awaitable, Callable
from typing import Any, Final

import grpc
import grpc.aio
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2_grpc
from pulumi.runtime.proto import provider_pb2 as pb

from gatewright.provider import functions, lifecycle, planning
from gatewright.provider.api import Api
from gatewright.provider.configuration import Settings, settings
from gatewright.provider.engine import Engine
from gatewright.provider.errors import ProviderError
from gatewright.provider.planning import Difference, Kind
from gatewright.provider.resource import Resource
from gatewright.provider.tables import RESOURCES
from gatewright.provider.values import Properties, from_struct, is_known, plain, to_struct

#: The release of the SDK whose types are served.
VERSION: Final = "6.23.1"

_KINDS: Final = {
    (Kind.ADD, False): pb.PropertyDiff.ADD,
    (Kind.ADD, True): pb.PropertyDiff.ADD_REPLACE,
    (Kind.DELETE, False): pb.PropertyDiff.DELETE,
    (Kind.DELETE, True): pb.PropertyDiff.DELETE_REPLACE,
    (Kind.UPDATE, False): pb.PropertyDiff.UPDATE,
    (Kind.UPDATE, True): pb.PropertyDiff.UPDATE_REPLACE,
}

_Handler = Callable[[Any, Any, Any], Awaitable[Any]]


def _told(handler: _Handler) -> _Handler:
    """Turn any exception into a status whose text is for people."""

    async def call(servicer: Any, request: Any, context: Any) -> Any:
        try:
            return await handler(servicer, request, context)
        except ProviderError as error:
            message = str(error)
        except Exception as error:  # noqa: BLE001 — the last stop before the wire
            # The text of an unforeseen error may hold a secret; its place does not.
            frame = traceback.extract_tb(error.__traceback__)[-1]
            message = (
                "unexpected error in the gatewright stand-in provider: "
                f"{type(error).__name__} in `{frame.name}`, line {frame.lineno} of "
                f"`{os.path.basename(frame.filename)}`"  # noqa: PTH119 — a name, not a file
            )
        await context.abort(grpc.StatusCode.UNKNOWN, message)
        return None

    return call


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """Pulumi's ``ResourceProvider`` service for the types of the tables."""

    def __init__(self, engine: Engine, connect: Callable[[Settings], Api] = Api) -> None:
        self._engine = engine
        self._connect = connect
        self._connection: Api | None = None

    @property
    def _api(self) -> Api:
        if self._connection is None:
            raise ProviderError("the provider is not configured")
        return self._connection

    async def close(self) -> None:
        """Close the connections to the API."""
        if self._connection is not None:
            await self._connection.close()

    async def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:  # noqa: N802 — Pulumi's
        """The version the engine compares with the program's SDK."""
        del request, context
        return plugin_pb2.PluginInfo(version=VERSION)

    async def Cancel(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: N802 — Pulumi's
        """Requests under way are short and finish; a half-done create would be lost."""
        del request, context
        return empty_pb2.Empty()

    @_told
    async def CheckConfig(self, request: pb.CheckRequest, context: Any) -> pb.CheckResponse:  # noqa: N802 — Pulumi's
        """Configuration is checked where it is used."""
        del context
        return pb.CheckResponse(inputs=request.news)

    @_told
    async def DiffConfig(self, request: pb.DiffRequest, context: Any) -> pb.DiffResponse:  # noqa: N802 — Pulumi's
        """A change of address or token replaces nothing."""
        del context
        changed = request.old_inputs != request.news
        return pb.DiffResponse(
            changes=pb.DiffResponse.DIFF_SOME if changed else pb.DiffResponse.DIFF_NONE
        )

    @_told
    async def Configure(  # noqa: N802 — Pulumi's
        self, request: pb.ConfigureRequest, context: Any
    ) -> pb.ConfigureResponse:
        """Take address and token, and say which provider this is."""
        del context
        where = settings(dict(request.variables), os.environ)
        self._connection = self._connect(where)
        await self._engine.say(
            "provider `cloudflare`: the gatewright stand-in, not Cloudflare's official plugin; "
            f"it talks to the local Cloudflare at {where.base_url}"
        )
        return pb.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    @_told
    async def Check(self, request: pb.CheckRequest, context: Any) -> pb.CheckResponse:  # noqa: N802 — Pulumi's
        """Inputs stay as they are: defaults are part of the plan, not of the inputs."""
        del context
        _resource(request.urn)
        return pb.CheckResponse(inputs=request.news)

    @_told
    async def Diff(self, request: pb.DiffRequest, context: Any) -> pb.DiffResponse:  # noqa: N802 — Pulumi's
        """Compare the state with the plan, not with the inputs."""
        del context
        found = planning.difference(
            _resource(request.urn),
            from_struct(request.old_inputs),
            from_struct(request.olds),
            from_struct(request.news),
            tuple(request.ignoreChanges),
        )
        return _diff_response(found)

    @_told
    async def Create(self, request: pb.CreateRequest, context: Any) -> pb.CreateResponse:  # noqa: N802 — Pulumi's
        """Make it, or in a preview say what is known of it."""
        del context
        resource, news = _resource(request.urn), from_struct(request.properties)
        if request.preview:
            state = lifecycle.previewed(resource, news, {})
            return pb.CreateResponse(id="", properties=to_struct(state))
        try:
            ident, state = await lifecycle.create(self._api, resource, news)
        except ProviderError as error:
            raise _with_import_hint(error, request.urn, resource, plain(news)) from None
        return pb.CreateResponse(id=ident, properties=to_struct(state))

    @_told
    async def Read(self, request: pb.ReadRequest, context: Any) -> pb.ReadResponse:  # noqa: N802 — Pulumi's
        """Refresh or import it; an answer without an id means that it is gone."""
        del context
        olds, inputs = from_struct(request.properties), from_struct(request.inputs)
        found = await lifecycle.read(self._api, _resource(request.urn), request.id, olds, inputs)
        if found is None:
            return pb.ReadResponse()
        ident, state, inputs = found
        return pb.ReadResponse(id=ident, properties=to_struct(state), inputs=to_struct(inputs))

    @_told
    async def Update(self, request: pb.UpdateRequest, context: Any) -> pb.UpdateResponse:  # noqa: N802 — Pulumi's
        """Change it in place, or in a preview say what is known of it."""
        del context
        resource, ignored = _resource(request.urn), tuple(request.ignoreChanges)
        olds, news = from_struct(request.olds), from_struct(request.news)
        if request.preview:
            state = lifecycle.previewed(resource, news, olds, ignored)
        else:
            state = await lifecycle.update(
                self._api, resource, request.id, olds, news, ignored=ignored
            )
        return pb.UpdateResponse(properties=to_struct(state))

    @_told
    async def Delete(self, request: pb.DeleteRequest, context: Any) -> empty_pb2.Empty:  # noqa: N802 — Pulumi's
        """Delete it."""
        del context
        olds = from_struct(request.properties)
        await lifecycle.delete(self._api, _resource(request.urn), request.id, olds)
        return empty_pb2.Empty()

    @_told
    async def Invoke(self, request: pb.InvokeRequest, context: Any) -> pb.InvokeResponse:  # noqa: N802 — Pulumi's
        """Call the one function there is."""
        del context
        if request.tok != functions.PERMISSION_GROUPS:
            raise ProviderError(
                f"the gatewright stand-in provider does not have the function `{request.tok}`"
            )
        arguments = from_struct(request.args)
        if not is_known(arguments):
            return pb.InvokeResponse()
        found = await functions.permission_groups(self._api, plain(arguments))
        return pb.InvokeResponse(**{"return": to_struct(found)})


def _resource(urn: str) -> Resource:
    """The table of the URN's type."""
    kind = _parts(urn)[0]
    try:
        return RESOURCES[kind]
    except KeyError:
        raise ProviderError(
            f"the gatewright stand-in provider does not have the type `{kind}`; "
            "the official `cloudflare` plugin has it"
        ) from None


def _parts(urn: str) -> tuple[str, str]:
    """Type (without its parents' types) and logical name of a URN."""
    _, _, kinds, name = urn.split("::", 3)
    return kinds.rsplit("$", 1)[-1], name


def _with_import_hint(
    error: ProviderError, urn: str, resource: Resource, inputs: Properties
) -> ProviderError:
    """A create that met an object of that name says how to adopt it."""
    if "already exists" not in str(error) or resource.label != "aiGatewayId":
        return error
    kind, name = _parts(urn)
    ident = f"{inputs['accountId']}/{inputs[resource.label]}"
    return ProviderError(
        f"{error}\n"
        f"hint: `{inputs[resource.label]}` exists, but not in this stack's state, perhaps since "
        f"an earlier create was cut short; adopt it with `pulumi import --yes --protect=false "
        f"--generate-code=false {kind} {name} {ident}`, then run `up` again"
    )


def _diff_response(found: Difference) -> pb.DiffResponse:
    some, none = pb.DiffResponse.DIFF_SOME, pb.DiffResponse.DIFF_NONE
    return pb.DiffResponse(
        changes=some if found.changed else none,
        replaces=found.replaces,
        diffs=sorted({change.path.split(".")[0].split("[")[0] for change in found.changes}),
        detailedDiff={
            change.path: pb.PropertyDiff(kind=_KINDS[change.kind, change.replaces])
            for change in found.changes
        },
        hasDetailedDiff=True,
    )
