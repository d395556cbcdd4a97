"""Our plugin before the emulator, each on a loopback port."""

from collections.abc import Iterator

import httpx
import pytest
from emulator.peer import Peer, listening, on_port, read_token, start, stop
from provider.engine import Plugin, Stack
from pulumi.runtime.proto import provider_pb2 as pb
from support.plugin import serving

from gatewright.plugin.api import Api
from gatewright.plugin.engine import Engine
from gatewright.resources.configuration import MANNER
from gatewright.resources.server import Servicer


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Peer, int]]:
    token_file = tmp_path_factory.mktemp("emulator") / "token"
    process = start("--token-file", str(token_file))
    try:
        port = listening(process)["port"]
        with httpx.Client(trust_env=False) as client:
            yield on_port(client, port, read_token(token_file)), port
    finally:
        stop(process)


@pytest.fixture
def peer(served: tuple[Peer, int], monkeypatch: pytest.MonkeyPatch) -> Peer:
    """The emulator, empty but for the gateway `edge`, and this process set up for it."""
    peer, port = served
    peer.control("POST", "reset")
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", peer.deploying_token)
    monkeypatch.setenv("CLOUDFLARE_BASE_URL", f"http://127.0.0.1:{port}/client/v4")
    peer.gateway("edge")
    return peer


@pytest.fixture
def unconfigured(peer: Peer) -> Iterator[Plugin]:
    with serving(lambda sleep: Servicer(Engine(""), lambda w: Api(w, MANNER, sleep=sleep))) as it:
        yield it


@pytest.fixture
def plugin(unconfigured: Plugin) -> Plugin:
    unconfigured.stub.Configure(pb.ConfigureRequest(acceptSecrets=True))
    return unconfigured


@pytest.fixture
def stack(plugin: Plugin) -> Stack:
    return Stack(plugin)
