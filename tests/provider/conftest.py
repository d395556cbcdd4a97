"""The account API and the plugin before it, each on a loopback port."""

import asyncio
import queue
import threading
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer

import grpc
import grpc.aio
import pytest
from provider.account import Account, handler
from provider.engine import Plugin, Stack
from pulumi.runtime.proto import provider_pb2_grpc

from gatewright.plugin.api import Api
from gatewright.plugin.engine import Engine
from gatewright.provider.configuration import MANNER
from gatewright.provider.server import Servicer


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def base_url(account: Account) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(account))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/client/v4"
    server.shutdown()
    thread.join()
    server.server_close()


async def _serve(waits: list[float], started: Callable[[int], None], ended: asyncio.Event) -> None:
    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    servicer = Servicer(Engine(""), lambda where: Api(where, MANNER, sleep=sleep))
    server = grpc.aio.server()
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    started(port)
    await ended.wait()
    await server.stop(None)
    await servicer.close()


@pytest.fixture
def unconfigured() -> Iterator[Plugin]:
    """The plugin on a loopback port; its pauses are noted, not waited for."""
    loop, ended, waits = asyncio.new_event_loop(), asyncio.Event(), []
    ports: queue.Queue[int] = queue.Queue()
    serving = _serve(waits, ports.put, ended)
    thread = threading.Thread(target=loop.run_until_complete, args=(serving,))
    thread.start()
    with grpc.insecure_channel(f"127.0.0.1:{ports.get(timeout=10)}") as channel:
        plugin = Plugin(provider_pb2_grpc.ResourceProviderStub(channel))
        plugin.waits = waits
        yield plugin
    loop.call_soon_threadsafe(ended.set)
    thread.join()
    loop.close()


@pytest.fixture
def plugin(unconfigured: Plugin, base_url: str) -> Plugin:
    unconfigured.configure(base_url)
    return unconfigured


@pytest.fixture
def stack(plugin: Plugin) -> Stack:
    return Stack(plugin)
