"""The gRPC side: requests in, property values and plain-text errors out."""

import os
from collections.abc import Callable
from typing import Any, Final

from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2 as pb

from gatewright import __version__
from gatewright.plugin.api import Api
from gatewright.plugin.connection import Connection
from gatewright.plugin.edge import Edge, diff_response, told, urn_parts
from gatewright.plugin.engine import Engine
from gatewright.plugin.errors import ProviderError
from gatewright.plugin.values import UNKNOWN, from_struct, plain, to_struct
from gatewright.resources import custom_provider, dynamic_route, lifecycle, provider_config
from gatewright.resources.configuration import MANNER, connection
from gatewright.resources.existing import Existing
from gatewright.resources.kind import Kind

KINDS: Final = {
    "gatewright:index:DynamicRoute": dynamic_route.KIND,
    "gatewright:index:ProviderConfig": provider_config.KIND,
    "gatewright:index:CustomProvider": custom_provider.KIND,
}


def connected(where: Connection) -> Api:
    """An API that is asked in this plugin's manner."""
    return Api(where, MANNER)


class Servicer(Edge):
    """Pulumi's ``ResourceProvider`` service for the kinds of this plugin."""

    name = "the gatewright provider"
    version = __version__

    def __init__(self, engine: Engine, connect: Callable[[Connection], Api] = connected) -> None:
        super().__init__(engine)
        self._connect = connect
        self._looked_at: Existing | None = None

    @property
    def _existing(self) -> Existing:
        if self._looked_at is None:
            self._looked_at = Existing(self._api)
        return self._looked_at

    @told
    async def Configure(  # noqa: N802 — Pulumi's
        self, request: pb.ConfigureRequest, context: Any
    ) -> pb.ConfigureResponse:
        """Take the address from the inputs, what the environment has from there."""
        del context
        inputs = plain(from_struct(request.args))
        self._connection = self._connect(connection(inputs, os.environ))
        return pb.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    @told
    async def Check(self, request: pb.CheckRequest, context: Any) -> pb.CheckResponse:  # noqa: N802 — Pulumi's
        """Inputs that are missing or not there are told by name."""
        del context
        found = lifecycle.problems(_kind(request.urn), from_struct(request.news))
        failures = [pb.CheckFailure(property=name, reason=why) for name, why in found.items()]
        return pb.CheckResponse(inputs=request.news, failures=failures)

    @told
    async def Diff(self, request: pb.DiffRequest, context: Any) -> pb.DiffResponse:  # noqa: N802 — Pulumi's
        """Compare the state, which a refresh brings up to date, with what is wanted."""
        del context
        olds, news = from_struct(request.olds), from_struct(request.news)
        return diff_response(lifecycle.difference(_kind(request.urn), olds, news))

    @told
    async def Create(self, request: pb.CreateRequest, context: Any) -> pb.CreateResponse:  # noqa: N802 — Pulumi's
        """Make it, or in a preview say what is known of it."""
        del context
        kind, news = _kind(request.urn), from_struct(request.properties)
        if request.preview:
            state = await lifecycle.previewed(self._existing, kind, news)
            return pb.CreateResponse(id="", properties=to_struct(state))
        ident, state = await lifecycle.create(self._api, self._existing, kind, news)
        return pb.CreateResponse(id=ident, properties=to_struct(state))

    @told
    async def Read(self, request: pb.ReadRequest, context: Any) -> pb.ReadResponse:  # noqa: N802 — Pulumi's
        """Refresh or import it; an answer without an id means that it is gone."""
        del context
        olds = from_struct(request.properties)
        found = await lifecycle.read(self._api, _kind(request.urn), request.id, olds)
        if found is None:
            return pb.ReadResponse()
        ident, inputs, state = found
        return pb.ReadResponse(id=ident, properties=to_struct(state), inputs=to_struct(inputs))

    @told
    async def Update(self, request: pb.UpdateRequest, context: Any) -> pb.UpdateResponse:  # noqa: N802 — Pulumi's
        """Change it in place, or in a preview say what is known of it."""
        del context
        kind = _kind(request.urn)
        olds, news = from_struct(request.olds), from_struct(request.news)
        if request.preview:
            state = {**news, **dict.fromkeys(kind.computed, UNKNOWN)}
        else:
            state = await lifecycle.update(self._api, kind, request.id, olds, news)
        return pb.UpdateResponse(properties=to_struct(state))

    @told
    async def Delete(self, request: pb.DeleteRequest, context: Any) -> empty_pb2.Empty:  # noqa: N802 — Pulumi's
        """Delete it."""
        del context
        olds = from_struct(request.properties)
        await lifecycle.delete(self._api, self._existing, _kind(request.urn), request.id, olds)
        return empty_pb2.Empty()


def _kind(urn: str) -> Kind:
    token = urn_parts(urn)[0]
    try:
        return KINDS[token]
    except KeyError:
        raise ProviderError(
            f"gatewright {__version__} does not have the type `{token}`\n"
            "hint: is it the version that deployed the stack?"
        ) from None
