"""The plugin as a process: a port for the engine, and an end when the engine ends."""

from collections.abc import Callable
from typing import Final

import grpc.aio
from pulumi.runtime.proto import provider_pb2_grpc

from gatewright.plugin.edge import Edge
from gatewright.plugin.engine import Engine

_LARGEST_MESSAGE: Final = 400 * 1024 * 1024  # bytes, as the engine's own
_OPTIONS: Final = (
    ("grpc.max_receive_message_length", _LARGEST_MESSAGE),
    ("grpc.max_send_message_length", _LARGEST_MESSAGE),
)
_GRACE: Final = 1.0  # seconds for calls under way when the engine ends


async def serve(engine_address: str, servicer_of: Callable[[Engine], Edge]) -> None:
    """Serve on a free loopback port until the engine is gone."""
    engine = Engine(engine_address)
    servicer = servicer_of(engine)
    server = grpc.aio.server(options=_OPTIONS)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(port, flush=True)  # noqa: T201 — the protocol
    await engine.ended()
    await server.stop(_GRACE)
    await servicer.close()
    await engine.close()
