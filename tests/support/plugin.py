"""A plugin of ours on a loopback port, in this process."""

import asyncio
import queue
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import grpc
import grpc.aio
from provider.engine import Plugin
from pulumi.runtime.proto import provider_pb2_grpc

from gatewright.plugin.edge import Edge

Sleep = Callable[[float], Awaitable[None]]


@contextmanager
def serving(servicer_of: Callable[[Sleep], Edge]) -> Iterator[Plugin]:
    """Serve what ``servicer_of`` makes of a sleep that only notes the pauses."""
    loop, ended, waits = asyncio.new_event_loop(), asyncio.Event(), []
    ports: queue.Queue[int] = queue.Queue()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def serve() -> None:
        servicer = servicer_of(sleep)
        server = grpc.aio.server()
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        ports.put(port)
        await ended.wait()
        await server.stop(None)
        await servicer.close()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        with grpc.insecure_channel(f"127.0.0.1:{ports.get(timeout=10)}") as channel:
            plugin = Plugin(provider_pb2_grpc.ResourceProviderStub(channel))
            plugin.waits = waits
            yield plugin
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()
