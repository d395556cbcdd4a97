"""What the plugin says to the engine that started it, and how it learns of its end."""

import asyncio
from typing import Final

import grpc
import grpc.aio
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

_OPTIONS: Final = (
    # An idle channel must stay open: that it closes is how the engine's end is seen.
    ("grpc.client_idle_timeout_ms", 2**31 - 1),
)
_FIRST_READY_WITHIN: Final = 10.0  # seconds
_BACK_WITHIN: Final = 1.0  # seconds; on loopback a connection is not lost for nothing


class Engine:
    """The engine at ``address``; without an address, one that hears nothing and never ends."""

    def __init__(self, address: str) -> None:
        self._channel = grpc.aio.insecure_channel(address, options=_OPTIONS) if address else None

    async def say(self, message: str) -> None:
        """Show ``message`` among the diagnostics of the running command."""
        if self._channel is None:
            return
        request = engine_pb2.LogRequest(severity=engine_pb2.INFO, message=message)
        await engine_pb2_grpc.EngineStub(self._channel).Log(request)

    async def ended(self) -> None:
        """Wait until the engine is gone; a plugin must not outlive it."""
        if self._channel is None:
            await asyncio.Event().wait()
            return
        try:
            await asyncio.wait_for(self._channel.channel_ready(), _FIRST_READY_WITHIN)
            while True:
                await self._channel.wait_for_state_change(grpc.ChannelConnectivity.READY)
                await asyncio.wait_for(self._channel.channel_ready(), _BACK_WITHIN)
        except TimeoutError:
            return

    async def close(self) -> None:
        """Close the connection."""
        if self._channel is not None:
            await self._channel.close()
