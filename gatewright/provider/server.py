"""The gRPC side: requests in, property values and plain-text errors out."""

import os
from collections.abc import Callable
from typing import Any, Final

from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2 as pb

from gatewright.plugin.api import Api
from gatewright.plugin.connection import Connection
from gatewright.plugin.edge import Edge, diff_response, told, urn_parts
from gatewright.plugin.engine import Engine
from gatewright.plugin.errors import ProviderError
from gatewright.plugin.values import Properties, from_struct, is_known, plain, to_struct
from gatewright.provider import functions, lifecycle, planning
from gatewright.provider.configuration import MANNER, settings
from gatewright.provider.resource import Resource
from gatewright.provider.tables import RESOURCES

#: The release of the SDK whose types are served.
VERSION: Final = "6.23.1"


def connected(where: Connection) -> Api:
    """An API that is asked as the official provider asks."""
    return Api(where, MANNER)


class Servicer(Edge):
    """Pulumi's ``ResourceProvider`` service for the types of the tables."""

    name = "the gatewright stand-in provider"
    version = VERSION

    def __init__(self, engine: Engine, connect: Callable[[Connection], Api] = connected) -> None:
        super().__init__(engine)
        self._connect = connect

    @told
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

    @told
    async def Check(self, request: pb.CheckRequest, context: Any) -> pb.CheckResponse:  # noqa: N802 — Pulumi's
        """Inputs stay as they are: defaults are part of the plan, not of the inputs."""
        del context
        _resource(request.urn)
        return pb.CheckResponse(inputs=request.news)

    @told
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
        return diff_response(found)

    @told
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

    @told
    async def Read(self, request: pb.ReadRequest, context: Any) -> pb.ReadResponse:  # noqa: N802 — Pulumi's
        """Refresh or import it; an answer without an id means that it is gone."""
        del context
        olds, inputs = from_struct(request.properties), from_struct(request.inputs)
        found = await lifecycle.read(self._api, _resource(request.urn), request.id, olds, inputs)
        if found is None:
            return pb.ReadResponse()
        ident, state, inputs = found
        return pb.ReadResponse(id=ident, properties=to_struct(state), inputs=to_struct(inputs))

    @told
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

    @told
    async def Delete(self, request: pb.DeleteRequest, context: Any) -> empty_pb2.Empty:  # noqa: N802 — Pulumi's
        """Delete it."""
        del context
        olds = from_struct(request.properties)
        await lifecycle.delete(self._api, _resource(request.urn), request.id, olds)
        return empty_pb2.Empty()

    @told
    async def Invoke(self, request: pb.InvokeRequest, context: Any) -> pb.InvokeResponse:  # noqa: N802 — Pulumi's
        """Call one of the functions there are."""
        del context
        arguments = from_struct(request.args)
        path = functions.path_of(request.tok, plain(arguments))
        if path is None:
            raise ProviderError(
                f"the gatewright stand-in provider does not have the function `{request.tok}`"
            )
        if not is_known(arguments):
            return pb.InvokeResponse()
        found = await functions.permission_groups(self._api, path, plain(arguments))
        return pb.InvokeResponse(**{"return": to_struct(found)})


def _resource(urn: str) -> Resource:
    """The table of the URN's type."""
    kind = urn_parts(urn)[0]
    try:
        return RESOURCES[kind]
    except KeyError:
        raise ProviderError(
            f"the gatewright stand-in provider does not have the type `{kind}`; "
            "the official `cloudflare` plugin has it"
        ) from None


def _with_import_hint(
    error: ProviderError, urn: str, resource: Resource, inputs: Properties
) -> ProviderError:
    """A create that met an object of that name says how to adopt it."""
    if "already exists" not in str(error) or resource.label != "aiGatewayId":
        return error
    kind, name = urn_parts(urn)
    ident = f"{inputs['accountId']}/{inputs[resource.label]}"
    return ProviderError(
        f"{error}\n"
        f"hint: `{inputs[resource.label]}` exists, but not in this stack's state, perhaps since "
        f"an earlier create was cut short; adopt it with `pulumi import --yes --protect=false "
        f"--generate-code=false {kind} {name} {ident}`, then run `up` again"
    )
