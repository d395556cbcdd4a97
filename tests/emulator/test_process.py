"""The emulator as a process: how it starts, ends, and what outlives it."""

import json
import os
import signal
import socket
import sqlite3
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
from emulator.uploads import put

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


def test_state_outlives_the_process(tmp_path: Path):
    data = tmp_path / "data.sqlite"
    with running(tmp_path, "--data", str(data)) as (process, peer):
        for name in ("b", "a", "c"):
            peer.gateway(name, cache_ttl=60)
        peer.result("DELETE", f"{GATEWAYS}/b")
        changed = peer.result("PUT", f"{GATEWAYS}/a", gateway("a", cache_ttl=120))
        made = peer.token("AI Gateway Run", "Workers AI Read")
        gateways, tokens = peer.result("GET", GATEWAYS), peer.result("GET", "/tokens")
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
    assert stat.S_IMODE(data.stat().st_mode) == 0o600
    with running(tmp_path, "--data", str(data)) as (_, peer):
        assert peer.result("GET", GATEWAYS) == gateways
        assert [one["id"] for one in gateways] == ["a", "c"]
        assert gateways[0] == changed
        assert peer.result("GET", "/tokens") == tokens
        assert peer.ask(made["value"], gateway_id="a").status_code == 200


def test_no_acknowledged_write_is_lost_to_kill_9(tmp_path: Path):
    data = tmp_path / "data.sqlite"
    with running(tmp_path, "--data", str(data), "--quota", "off") as (process, peer):
        values = []
        for number in range(20):
            peer.gateway(f"g{number}")
            values.append(peer.token("AI Gateway Run", "Workers AI Read")["value"])
        peer.result("DELETE", f"{GATEWAYS}/g0")
        rolled = peer.result("GET", "/tokens?direction=desc")[0]["id"]
        values[-1] = peer.result("PUT", f"/tokens/{rolled}/value", {})
        process.send_signal(signal.SIGKILL)
        process.wait()
    with running(tmp_path, "--data", str(data), "--quota", "off") as (_, peer):
        found = [one["id"] for one in peer.result("GET", GATEWAYS)]
        assert found == [f"g{number}" for number in range(1, 20)]
        assert {peer.ask(value, gateway_id="g1").status_code for value in values} == {200}


def test_a_write_that_was_never_answered_is_kept_when_it_dies_of_a_fault(tmp_path: Path):
    data = tmp_path / "data.sqlite"
    with running(tmp_path, "--data", str(data)) as (process, peer):
        rule = {"method": "POST", "path": "/gateways$", "when": "after", "die": True}
        peer.control("POST", "faults", [rule])
        with pytest.raises(ConnectionResetError):
            peer.gateway("edge")
        assert process.wait() == -signal.SIGKILL
    with running(tmp_path, "--data", str(data)) as (_, peer):
        assert [one["id"] for one in peer.result("GET", GATEWAYS)] == ["edge"]


def test_no_value_is_kept_in_the_data_file(tmp_path: Path):
    data = tmp_path / "data.sqlite"
    with running(tmp_path, "--data", str(data)) as (process, peer):
        values = [peer.caller(), peer.deploying_token]
        process.send_signal(signal.SIGTERM)
        process.wait()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("data.sqlite*"))
    assert b"AI Gateway Run" in kept
    assert not any(value.encode() in kept for value in values)


def test_a_new_token_file_replaces_the_deploying_token(tmp_path: Path):
    data = tmp_path / "data.sqlite"
    with running(tmp_path, "--data", str(data)) as (_, peer):
        old = peer.deploying_token
    (tmp_path / "token").unlink()
    with running(tmp_path, "--data", str(data)) as (_, peer):
        assert len(peer.result("GET", "/tokens")) == 1
        assert peer.api("GET", GATEWAYS, token=old).status_code == 401


def test_two_emulators_do_not_share_a_data_file(tmp_path: Path):
    data = tmp_path / "data.sqlite"
    with running(tmp_path, "--data", str(data)):
        code, said = refused("--data", str(data))
    assert (code, said) == (8, f"error: `{data}` is in use by another emulator\n")


def test_a_data_file_that_is_none_is_refused_and_left_alone(tmp_path: Path):
    data = tmp_path / "data.sqlite"
    data.write_text("this is no database" * 100)
    code, said = refused("--data", str(data))
    assert code == 8
    assert str(data) in said
    assert data.read_text().startswith("this is no database")


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE object SET document = '{' WHERE kind = 'gateway'",
        "UPDATE object SET document = '{}' WHERE kind = 'gateway'",
        "UPDATE object SET document = '[]' WHERE kind = 'gateway'",
        "UPDATE object SET document = '{}' WHERE kind = 'token'",
        "UPDATE object SET document = '{}' WHERE kind = 'route'",
        "UPDATE object SET document = '{}' WHERE kind = 'worker'",
        "UPDATE object SET document = CAST(x'ff' AS TEXT) WHERE kind = 'gateway'",
        "UPDATE log SET entry = '{}'",
        "UPDATE log SET entry = 'x'",
        "UPDATE summary SET document = '{}'",
        "DROP TABLE log; CREATE TABLE log (a)",
    ],
)
def test_a_damaged_data_file_is_refused_with_a_sentence(kept: bytes, tmp_path: Path, damage: str):
    data = tmp_path / "data.sqlite"
    data.write_bytes(kept)
    with sqlite3.connect(data) as connection:
        connection.executescript(damage)
    connection.close()
    code, said = refused("--data", str(data))
    assert code == 8
    assert said.startswith(f"error: cannot use `{data}`: ")


def test_a_data_file_that_was_cut_off_is_refused(kept: bytes, tmp_path: Path):
    data = tmp_path / "data.sqlite"
    data.write_bytes(kept[: len(kept) // 2])
    code, said = refused("--data", str(data))
    assert (code, said) == (8, f"error: cannot use `{data}`: database disk image is malformed\n")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A data file that has something of each kind."""
    folder = tmp_path_factory.mktemp("kept")
    with running(folder, "--data", str(folder / "data.sqlite")) as (process, peer):
        peer.gateway("edge")
        peer.ask(peer.caller())
        elements = [
            {"id": "s", "type": "start", "outputs": {"next": {"elementId": "e"}}},
            {"id": "e", "type": "end", "outputs": {}},
        ]
        peer.result("POST", f"{GATEWAYS}/edge/routes", {"name": "r", "elements": elements})
        put(peer, "ask", "export default {}")
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
    return (folder / "data.sqlite").read_bytes()


def test_a_data_file_of_another_edition_is_refused(tmp_path: Path):
    newer = tmp_path / "newer.sqlite"
    with sqlite3.connect(newer) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    code, said = refused("--data", str(newer))
    assert code == 8
    assert "another version" in said
    assert refused("--data", str(tmp_path / "no" / "data.sqlite"))[0] == 8


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
