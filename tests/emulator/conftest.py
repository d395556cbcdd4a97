"""Each behaviour is asked for twice: of the application in this process, and over a port."""

from collections.abc import Iterator

import httpx
import pytest
from emulator.peer import Peer, in_process, listening, on_port, read_token, start, stop

from gatewright.emulator import create_app
from gatewright.emulator.identity import new_value


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    token_file = tmp_path_factory.mktemp("emulator") / "token"
    process = start("--token-file", str(token_file))
    try:
        port = listening(process)["port"]
        with httpx.Client(trust_env=False) as client:
            yield on_port(client, port, read_token(token_file))
    finally:
        stop(process)


@pytest.fixture
def local() -> Iterator[Peer]:
    value = new_value()
    app = create_app(deploying_token=value)
    yield in_process(app, value)
    app.close()


@pytest.fixture(params=["local", "served"])
def peer(request: pytest.FixtureRequest) -> Peer:
    found: Peer = request.getfixturevalue(request.param)
    found.control("POST", "reset")
    return found
