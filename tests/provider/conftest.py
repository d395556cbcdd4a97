"""The account API and the plugin before it, each on a loopback port."""

import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer

import pytest
from provider.account import Account, handler
from provider.engine import Plugin, Stack
from support.plugin import serving

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


@pytest.fixture
def unconfigured() -> Iterator[Plugin]:
    """The plugin on a loopback port; its pauses are noted, not waited for."""
    with serving(lambda sleep: Servicer(Engine(""), lambda w: Api(w, MANNER, sleep=sleep))) as it:
        yield it


@pytest.fixture
def plugin(unconfigured: Plugin, base_url: str) -> Plugin:
    unconfigured.configure(base_url)
    return unconfigured


@pytest.fixture
def stack(plugin: Plugin) -> Stack:
    return Stack(plugin)
