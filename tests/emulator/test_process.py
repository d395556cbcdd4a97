"""The emulator as a process: how it starts and ends, and what it says."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from emulator.peer import ACCOUNT, Peer, gateway, listening, on_port, read_token, start, stop

from gatewright.emulator import Settings
from gatewright.emulator.server import _bound_socket

GATEWAYS = "/ai-gateway/gateways"


@contextmanager
def running(folder: Path, *arguments: str, **more: Any) -> Iterator[tuple[Any, Peer]]:
    token_file = folder / "token"
    process = start("--token-file", str(token_file), *arguments, **more)
    try:
        port = listening(process)["port"]
        with httpx.Client(trust_env=False) as client:
            yield process, on_port(client, port, read_token(token_file))
    finally:
        stop(process)


def refused(*arguments: str) -> tuple[int, str]:
    """Exit code and words of a process that must not start; if it does, it ends at once."""
    done = subprocess.run(
        [sys.executable, "-m", "gatewright.emulator", "--exit-with-stdin", *arguments],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def test_one_line_says_where_it_listens(tmp_path: Path):
    process = start("--token-file", str(tmp_path / "token"), stderr=subprocess.PIPE)
    line = listening(process)
    port = line["port"]
    assert line == {
        "event": "listening",
        "port": port,
        "api_url": f"http://127.0.0.1:{port}/client/v4",
        "gateway_url": f"http://127.0.0.1:{port}/v1",
        "workers_url": f"http://127.0.0.1:{port}/workers.dev",
    }
    with httpx.Client(trust_env=False) as client:
        peer = on_port(client, port, read_token(tmp_path / "token"))
        peer.gateway()
        peer.ask("wrong")
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate()
    assert (process.returncode, out, err) == (0, "", "")


def test_verbose_says_a_line_a_request_without_secrets(tmp_path: Path):
    with running(tmp_path, "--verbose", stderr=subprocess.PIPE) as (process, peer):
        value = peer.caller()
        peer.gateway(otel=[{"url": "https://x.example", "headers": {}, "authorization": "hush"}])
        peer.ask(value)
        process.send_signal(signal.SIGTERM)
        said = process.communicate()[1]
    lines = said.splitlines()
    assert [line.split()[0] for line in lines] == ["POST", "POST", "POST"]
    assert lines[1].split()[1:3] == [f"/client/v4/accounts/{ACCOUNT}{GATEWAYS}", "200"]
    assert not any(secret in said for secret in (value, peer.deploying_token, "hush"))


@pytest.mark.parametrize("how", ["SIGTERM", "SIGINT", "end of standard input"])
def test_it_ends_well_with_connections_open(tmp_path: Path, how: str):
    with running(tmp_path, stderr=subprocess.PIPE) as (process, peer):
        peer.control("GET", "health")
        if how.startswith("SIG"):
            process.send_signal(getattr(signal, how))
        else:
            process.stdin.close()
        # Sooner than it would let go of a connection that the client keeps open: 75 seconds.
        assert process.wait(60) == 0
        assert process.stderr.read() == ""


def test_a_port_in_use_is_said_with_what_to_do(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = refused("--port", str(port), "--token-file", str(tmp_path / "token"))
    assert code == 8
    assert said.splitlines() == [
        f"error: cannot listen on `127.0.0.1:{port}`: address already in use",
        "hint: `--port 0` takes a free port",
    ]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.com", "::"])  # noqa: S104  # is refused
def test_only_loopback_unless_told(host: str):
    code, said = refused("--host", host)
    assert code == 2
    assert said.splitlines() == [
        f"error: `{host}` is not a loopback address",
        "hint: `--allow-remote` lets everybody who reaches it call, read and control all",
    ]


@pytest.mark.parametrize(
    "arguments",
    [("--port", "65536"), ("--account", "me"), ("--quota", "-1"), ("--quota", "all"), ("--nope",)],
    ids=" ".join,
)
def test_wrong_arguments_are_usage_errors(arguments: tuple[str, ...]):
    assert refused(*arguments)[0] == 2


def test_the_token_file_is_made_once_and_is_the_owners(tmp_path: Path):
    with running(tmp_path) as (_, peer):
        assert stat.S_IMODE((tmp_path / "token").stat().st_mode) == 0o600
        value = peer.deploying_token
        assert value.startswith("cfat_")
    with running(tmp_path) as (_, peer):
        assert peer.deploying_token == value
        assert peer.api("GET", GATEWAYS).status_code == 200


@pytest.mark.parametrize("content", [b"", b"short", b"two words " * 9, b"\xff" * 50])
def test_a_token_file_without_a_token_is_an_error(tmp_path: Path, content: bytes):
    path = tmp_path / "token"
    path.write_bytes(content)
    code, said = refused("--token-file", str(path))
    assert code == 8
    assert "token file" in said
    assert refused("--token-file", str(tmp_path))[0] == 8
    assert refused("--token-file", str(tmp_path / "no" / "token"))[0] == 8


def test_a_token_file_that_cannot_be_written_is_not_left_behind(tmp_path: Path):
    """A limit on the size of files stands for a disk that is full."""
    command = [sys.executable, "-m", "gatewright.emulator", "--exit-with-stdin"]
    done = subprocess.run(
        [
            "bash",
            "-c",
            'ulimit -f 0; exec "$@"',
            "sh",
            *command,
            "--token-file",
            str(tmp_path / "token"),
        ],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert (done.returncode, done.stdout) == (8, "")
    assert done.stderr == f"error: cannot write token file `{tmp_path / 'token'}`: file too large\n"
    assert list(tmp_path.iterdir()) == []


def test_another_account_and_quota(tmp_path: Path):
    account = "0" * 31 + "1"
    with running(tmp_path, "--account", account, "--quota", "1") as (_, peer):
        path = f"/client/v4/accounts/{account}{GATEWAYS}"
        statuses = [
            peer.call("POST", path, token=peer.deploying_token, body=gateway(name)).status_code
            for name in ("a", "b")
        ]
        assert statuses == [200, 400]


def test_what_it_does_not_speak_is_said_to_the_client_alone(tmp_path: Path):
    with running(tmp_path, stderr=subprocess.PIPE) as (process, peer):
        peer.gateway()
        headers = {
            "connection": "upgrade",
            "upgrade": "websocket",
            "sec-websocket-version": "13",
            "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        }
        answer = peer.call("GET", f"/v1/{ACCOUNT}/edge", headers=headers)
        assert answer.status_code == 501
        assert "WebSocket is not modelled" in answer.text
        with socket.create_connection(("127.0.0.1", answer.url.port)) as other:
            other.sendall(b"\x16\x03\x01 no HTTP\r\n\r\n")
            assert other.recv(100).startswith(b"HTTP/1.1 400 ")
        head = f"POST /v1/{ACCOUNT}/edge/workers-ai/x HTTP/1.1\r\nhost: a\r\n"
        with socket.create_connection(("127.0.0.1", answer.url.port)) as other:
            other.sendall(f"{head}transfer-encoding: chunked\r\n\r\nno length\r\n".encode())
            assert other.recv(100).startswith(b"HTTP/1.1 400 ")
        process.send_signal(signal.SIGTERM)
        assert process.communicate()[1] == ""


def test_it_starts_without_a_token_and_lets_nobody_in():
    process = start()
    try:
        url = listening(process)["api_url"]
        headers = {"Authorization": "Bearer x"}
        answer = httpx.get(f"{url}/accounts/{ACCOUNT}/tokens", headers=headers, trust_env=False)
        assert answer.status_code == 401
    finally:
        stop(process)


def test_answers_do_not_wait_for_acknowledgements():
    # Without the protocol's name asyncio leaves Nagle's delay on: 40 ms a request.
    with _bound_socket(Settings()) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_it_imports_nothing_else_of_ours():
    code = (
        "import sys, json, gatewright.emulator.server;"
        "print(json.dumps([m for m in sys.modules if m.startswith('gatewright')]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    modules = set(json.loads(done.stdout))
    assert {name for name in modules if not name.startswith("gatewright.emulator")} == {
        "gatewright"
    }
