"""The plugin as the engine starts it: port on the first line, one message, no afterlife."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent import futures
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from provider.account import API_TOKEN
from pulumi.runtime.proto import engine_pb2_grpc, provider_pb2_grpc
from pulumi.runtime.proto import provider_pb2 as pb


class EngineStub(engine_pb2_grpc.EngineServicer):
    def __init__(self) -> None:
        self.messages: list[str] = []

    def Log(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: N802 — Pulumi's
        del context
        self.messages.append(request.message)
        return empty_pb2.Empty()


@pytest.fixture
def engine() -> Iterator[tuple[EngineStub, grpc.Server, str]]:
    stub = EngineStub()
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=2))
    engine_pb2_grpc.add_EngineServicer_to_server(stub, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield stub, server, f"127.0.0.1:{port}"
    server.stop(None).wait()


def test_a_life_of_the_plugin(engine: tuple[EngineStub, grpc.Server, str]) -> None:
    stub, server, address = engine
    command = [sys.executable, "-m", "gatewright.provider", "--logtostderr", address]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as plugin:
        assert plugin.stdout is not None
        port = int(plugin.stdout.readline())
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            client = provider_pb2_grpc.ResourceProviderStub(channel)
            variables = {
                "cloudflare:config:baseUrl": "http://127.0.0.1:8787/client/v4",
                "cloudflare:config:apiToken": API_TOKEN,
            }
            assert client.GetPluginInfo(empty_pb2.Empty()).version
            client.Configure(pb.ConfigureRequest(variables=variables))
            client.Cancel(empty_pb2.Empty())
        [message] = stub.messages
        assert "gatewright stand-in, not Cloudflare's official plugin" in message
        assert "http://127.0.0.1:8787/client/v4" in message
        assert API_TOKEN not in message
        server.stop(None).wait()
        assert plugin.wait(timeout=20) == 0
        assert plugin.stdout.read() == ""


def test_started_by_hand_it_says_what_it_is() -> None:
    command = [sys.executable, "-m", "gatewright.provider"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: this is a Pulumi plugin; the engine starts it with its address\n"
