"""The gRPC edge: what any servicer answers alike, and errors as plain text.

The SDK's own servicer appends a Python traceback to every error; here an error is
its message.
"""

import os
import traceback
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar, Final

import grpc
import grpc.aio
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2_grpc
from pulumi.runtime.proto import provider_pb2 as pb

from gatewright.plugin.api import Api
from gatewright.plugin.changes import Difference, Kind
from gatewright.plugin.engine import Engine
from gatewright.plugin.errors import ProviderError

_KINDS: Final = {
    (Kind.ADD, False): pb.PropertyDiff.ADD,
    (Kind.ADD, True): pb.PropertyDiff.ADD_REPLACE,
    (Kind.DELETE, False): pb.PropertyDiff.DELETE,
    (Kind.DELETE, True): pb.PropertyDiff.DELETE_REPLACE,
    (Kind.UPDATE, False): pb.PropertyDiff.UPDATE,
    (Kind.UPDATE, True): pb.PropertyDiff.UPDATE_REPLACE,
}

_Handler = Callable[[Any, Any, Any], Awaitable[Any]]


def told(handler: _Handler) -> _Handler:
    """Turn any exception of a servicer's method into a status whose text is for people."""

    async def call(servicer: Any, request: Any, context: Any) -> Any:
        try:
            return await handler(servicer, request, context)
        except ProviderError as error:
            message = str(error)
        except Exception as error:  # noqa: BLE001 — the last stop before the wire
            # The text of an unforeseen error may hold a secret; its place does not.
            frame = traceback.extract_tb(error.__traceback__)[-1]
            message = (
                f"unexpected error in {servicer.name}: "
                f"{type(error).__name__} in `{frame.name}`, line {frame.lineno} of "
                f"`{os.path.basename(frame.filename)}`"  # noqa: PTH119 — a name, not a file
            )
        await context.abort(grpc.StatusCode.UNKNOWN, message)
        return None

    return call


class Edge(provider_pb2_grpc.ResourceProviderServicer):
    """What does not depend on the types of resources; ``name`` is the plugin's in messages."""

    name: ClassVar[str]
    version: ClassVar[str]

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
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
        return plugin_pb2.PluginInfo(version=self.version)

    async def Cancel(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: N802 — Pulumi's
        """Requests under way are short and finish; a half-done create would be lost."""
        del request, context
        return empty_pb2.Empty()

    @told
    async def CheckConfig(self, request: pb.CheckRequest, context: Any) -> pb.CheckResponse:  # noqa: N802 — Pulumi's
        """Configuration is checked where it is used."""
        del context
        return pb.CheckResponse(inputs=request.news)

    @told
    async def DiffConfig(self, request: pb.DiffRequest, context: Any) -> pb.DiffResponse:  # noqa: N802 — Pulumi's
        """A change of address or token replaces nothing."""
        del context
        changed = request.old_inputs != request.news
        return pb.DiffResponse(
            changes=pb.DiffResponse.DIFF_SOME if changed else pb.DiffResponse.DIFF_NONE
        )


def urn_parts(urn: str) -> tuple[str, str]:
    """Type (without its parents' types) and logical name of a URN."""
    _, _, kinds, name = urn.split("::", 3)
    return kinds.rsplit("$", 1)[-1], name


def diff_response(found: Difference) -> pb.DiffResponse:
    """``found`` as the engine wants it told."""
    some, none = pb.DiffResponse.DIFF_SOME, pb.DiffResponse.DIFF_NONE
    return pb.DiffResponse(
        changes=some if found.changed else none,
        replaces=found.replaces,
        deleteBeforeReplace=found.delete_first,
        diffs=sorted({change.path.split(".")[0].split("[")[0] for change in found.changes}),
        detailedDiff={
            change.path: pb.PropertyDiff(kind=_KINDS[change.kind, change.replaces])
            for change in found.changes
        },
        hasDetailedDiff=True,
    )
