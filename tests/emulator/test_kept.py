"""What outlives the process, what does not, and how much is kept at most."""

import random
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from emulator.peer import (
    ACCOUNT,
    Peer,
    codes,
    gateway,
    listening,
    on_port,
    read_token,
    stop,
    token,
)
from emulator.test_process import GATEWAYS, running

from gatewright.emulator import records
from gatewright.emulator.sqlite import SqliteJournal
from gatewright.emulator.traffic.cache import Cache, Entry
from gatewright.emulator.traffic.limits import Counters
from gatewright.emulator.traffic.logbook import LogEntry
from gatewright.emulator.traffic.memory import Memory
from gatewright.emulator.traffic.spend import MAX_CHARGES, Ledger

FREE = ("--quota", "off", "--api-limit", "off")
WRITERS = 4
ELEMENTS = [
    {"id": "start", "type": "start", "outputs": {"next": {"elementId": "end"}}},
    {"id": "end", "type": "end", "outputs": {}},
]


class Writer:
    """Makes, changes and deletes gateways and tokens until the other side is gone.

    ``said`` is what was acknowledged, ``asked`` what may have happened all the same.
    """

    def __init__(self, name: str, url: str, deploying: str) -> None:
        self.said: dict[str, Any] = {}
        self.asked: dict[str, Any] = {}
        self.values: dict[str, str] = {}
        self.writes = 0
        self._name, self._url = name, f"{url}/accounts/{ACCOUNT}"
        self._headers = {"Authorization": f"Bearer {deploying}"}
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            with httpx.Client(trust_env=False, headers=self._headers, timeout=60) as client:
                for number in range(100_000):
                    self._round(client, f"{self._name}-{number}")
        except httpx.HTTPError:
            return

    def _round(self, client: httpx.Client, name: str) -> None:
        gateways = f"{self._url}{GATEWAYS}"
        self._write(name, 0, lambda: client.post(gateways, json=gateway(name)))
        changed = gateway(None, cache_ttl=60)
        self._write(name, 60, lambda: client.put(f"{gateways}/{name}", json=changed))
        made = client.post(f"{self._url}/tokens", json=token("AI Gateway Run")).json()["result"]
        self.values[made["id"]] = made["value"]
        self.writes += 1
        if name.endswith(("3", "7")):
            self._write(name, None, lambda: client.delete(f"{gateways}/{name}"))

    def _write(self, name: str, ttl: int | None, send: Callable[[], httpx.Response]) -> None:
        self.asked[name] = ttl
        answer = send()
        assert answer.status_code == 200, answer.text
        self.said[name] = ttl
        self.writes += 1


@pytest.mark.parametrize("seed", range(3))
def test_kill_9_under_load_loses_no_acknowledged_write(tmp_path: Path, seed: int):
    data = tmp_path / "data.sqlite"
    enough = random.Random(seed).randint(40, 160)  # noqa: S311 - a moment, no secret
    with running(tmp_path, "--data", str(data), *FREE) as (process, peer):
        port = peer.call("GET", "/_emulator/health").url.port
        url = f"http://127.0.0.1:{port}/client/v4"
        writers = [Writer(f"w{number}", url, peer.deploying_token) for number in range(WRITERS)]
        for writer in writers:
            writer.thread.start()
        while sum(writer.writes for writer in writers) < enough:
            assert any(writer.thread.is_alive() for writer in writers)
            writers[0].thread.join(0.001)
        process.send_signal(signal.SIGKILL)
        process.wait()
        for writer in writers:
            writer.thread.join()
    with running(tmp_path, "--data", str(data), *FREE) as (_, peer):
        found = {one["id"]: one["cache_ttl"] for one in every(peer, GATEWAYS)}
        tokens = {one["id"] for one in every(peer, "/tokens")}
        for writer in writers:
            for name, ttl in writer.said.items():
                # The last request of a writer may have had its effect unanswered.
                assert found.get(name) in {ttl, writer.asked[name]}, name
            assert set(writer.values) <= tokens
            for value in list(writer.values.values())[-3:]:
                assert peer.call("GET", verify(), token=value).status_code == 200
        assert sum(len(writer.said) for writer in writers) > 10


def verify() -> str:
    return f"/client/v4/accounts/{ACCOUNT}/tokens/verify"


def every(peer: Peer, path: str) -> list[Any]:
    """All pages of a list."""
    found: list[Any] = []
    page = 1
    while part := peer.result("GET", f"{path}?per_page=100&page={page}"):
        found += part
        page += 1
    return found


def test_logs_figures_and_spending_outlive_the_process_and_the_cache_does_not(tmp_path: Path):
    data = ("--data", str(tmp_path / "data.sqlite"))
    rule = {"id": "tiny", "limit": 0.000001, "limitType": "cost", "window": 2_592_000}
    with running(tmp_path, *data) as (process, peer):
        peer.gateway("edge", cache_ttl=600)
        peer.gateway("tight", spend_limits={"enabled": True, "rules": [rule]})
        value = peer.caller()
        peer.ask(value)
        peer.ask(value, cf_aig_metadata='{"team":"blue"}')
        peer.ask(value, gateway_id="tight")
        peer.advance(1)
        logs = peer.result("GET", f"{GATEWAYS}/edge/logs")
        peer.result("PATCH", f"{GATEWAYS}/edge/logs/{logs[0]['id']}", {"feedback": 1})
        logs = peer.result("GET", f"{GATEWAYS}/edge/logs")
        shown = peer.call("GET", "/dashboard/gateways/edge?live=off").text
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
    with running(tmp_path, *data) as (_, peer):
        peer.advance(1)
        assert [one["cached"] for one in logs] == [True, False]
        assert peer.result("GET", f"{GATEWAYS}/edge/logs") == logs
        path = f"{GATEWAYS}/edge/logs/{logs[0]['id']}/request"
        assert peer.api("GET", path).json() == {"prompt": "What is Cloudflare?"}
        tiles = shown[shown.index("<dl") : shown.index("<figure")]
        assert tiles in peer.call("GET", "/dashboard/gateways/edge?live=off").text
        assert peer.ask(value).headers["cf-aig-cache-status"] == "MISS"
        assert peer.ask(value, gateway_id="tight").status_code == 429


def test_what_is_deleted_or_reset_is_gone_from_the_file(tmp_path: Path):
    data = ("--data", str(tmp_path / "data.sqlite"))
    with running(tmp_path, *data) as (process, peer):
        for name in ("gone", "reset"):
            peer.gateway(name)
            peer.ask(peer.caller(), body={"prompt": f"marked {name}"}, gateway_id=name)
        peer.result("DELETE", f"{GATEWAYS}/gone")
        process.send_signal(signal.SIGTERM)
        process.wait()
    with running(tmp_path, *data) as (process, peer):
        peer.advance(1)
        peer.gateway("gone")
        assert peer.result("GET", f"{GATEWAYS}/gone/logs") == []
        assert len(peer.result("GET", f"{GATEWAYS}/reset/logs")) == 1
        peer.control("POST", "reset")
        process.send_signal(signal.SIGKILL)
        process.wait()
    with running(tmp_path, *data) as (_, peer):
        peer.gateway("reset")
        peer.advance(1)
        assert peer.result("GET", f"{GATEWAYS}/reset/logs") == []


def test_a_stored_key_is_in_no_file_and_the_files_are_the_owners(tmp_path: Path):
    data = tmp_path / "data.sqlite"
    config = {"alias": "main", "default_config": True, "provider_slug": "openai"}
    with running(tmp_path, "--data", str(data)) as (_, peer):
        peer.gateway("edge")
        path = f"{GATEWAYS}/edge/provider_configs"
        peer.result("POST", path, config | {"secret": "hush-hush-hush-hush"})
        files = list(tmp_path.glob("data.sqlite*"))
        assert len(files) > 1
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        assert not any(b"hush-hush" in file.read_bytes() for file in files)
    with running(tmp_path, "--data", str(data)) as (_, peer):
        assert [one["alias"] for one in peer.result("GET", path)] == ["main"]


def test_what_a_sudden_end_left_of_a_deleted_gateway_is_forgotten(tmp_path: Path):
    journal = SqliteJournal(tmp_path / "data.sqlite")
    journal.records.keep({one.id: one for one in (entry("1", "here"), entry("2", "gone"))}, {})
    memory = Memory(journal.records, frozenset({"here"}))
    assert [one.gateway_id for one in memory.logs.newest()] == ["here"]
    assert [one.gateway_id for one in journal.records.logs()] == ["here"]
    journal.close()


def test_the_file_keeps_the_newest_logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(records, "MAX_LOGS", 3)
    journal = SqliteJournal(tmp_path / "data.sqlite")
    kept = journal.records
    for number in range(5):
        kept.keep({f"{number}": entry(f"{number}", "edge")}, {})
    kept.keep({"0": entry("0", "edge")}, {})
    assert [one.id for one in kept.logs()] == ["2", "3", "4"]
    journal.close()


def entry(log_id: str, gateway_id: str) -> LogEntry:
    return LogEntry(log_id, gateway_id, 1.0, "workers-ai", "m", "p", 200, 0)


def test_the_cache_lets_the_oldest_go_past_its_bounds():
    cache = Cache(entries=3, size=10)
    for number in range(4):
        cache.put(cache.place("edge", bytes([number])), Entry(b"xx", "", expires=10.0))
    assert [
        cache.get(cache.place("edge", bytes([number])), 0.0) is None for number in range(4)
    ] == [
        True,
        False,
        False,
        False,
    ]
    long = cache.place("edge", b"long")
    cache.put(long, Entry(b"x" * 9, "", expires=10.0))
    assert (len(cache), cache.size) == (1, 9)
    cache.put(long, Entry(b"y", "", expires=10.0))
    assert (len(cache), cache.size) == (1, 1)
    assert cache.get(long, 10.0) is None
    assert (len(cache), cache.size) == (0, 0)


def test_what_callers_can_multiply_is_bounded():
    rule = {"id": "r", "limit": 1.0, "limitType": "cost", "window": 3600, "technique": "sliding"}
    rule["metadata"] = {"user": {"mode": "partition"}}
    limited = {"id": "edge", "spend_limits": {"enabled": True, "rules": [rule]}}
    ledger, counters = Ledger(groups=10), Counters(keys=10)
    for number in range(50):
        ledger.charge(limited, "p", "m", {"user": number}, (0.0, 0.5))
        counters.add("edge", f"{number}", 60.0, 0.0, 1)
    assert len(ledger.document("edge")) == 10
    assert [counters.total("edge", f"{number}", 60.0, 0.0) for number in (39, 40, 49)] == [0, 1, 1]
    many = MAX_CHARGES * 3 + 1
    for number in range(many):
        ledger.charge(limited, "p", "m", {"user": 1}, (float(number) / 100, 2**-20))
        ledger.admit(limited, "p", "m", {"user": 1}, 200.0)
    (kept,) = [spent for key, spent in ledger.document("edge").items() if key == "r\0user=1"]
    assert len(kept) <= MAX_CHARGES + 1
    assert sum(dollars for _, dollars in kept) == many * 2**-20


def test_a_file_that_cannot_be_written_is_said_and_nothing_is_half_done(tmp_path: Path):
    """A limit on the size of files stands for a disk that is full."""
    script = 'ulimit -f 128; exec "$@"'
    arguments = ("-m", "gatewright.emulator", "--exit-with-stdin", "--api-limit", "off")
    kept = ("--data", str(tmp_path / "data"), "--token-file", str(tmp_path / "token"))
    process = subprocess.Popen(
        ["bash", "-c", script, "sh", sys.executable, *arguments, *kept, "--quota", "off"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        with httpx.Client(trust_env=False) as client:
            peer = on_port(client, listening(process)["port"], read_token(tmp_path / "token"))
            peer.gateway("edge")
            peer.result("POST", f"{GATEWAYS}/edge/routes", {"name": "r", "elements": ELEMENTS})
            answers = []
            while len(answers) < 200 and (not answers or answers[-1].status_code == 200):
                body = gateway(f"g{len(answers)}", store_id="x" * 2_000)
                answers.append(peer.api("POST", GATEWAYS, body))
            assert (answers[-1].status_code, codes(answers[-1])) == (500, [500])
            assert peer.api("DELETE", f"{GATEWAYS}/edge").status_code == 500
            assert peer.api("GET", f"{GATEWAYS}/edge").status_code == 200
            assert len(peer.api("GET", f"{GATEWAYS}/edge/routes").json()["data"]["routes"]) == 1
            ids = {one["id"] for one in every(peer, GATEWAYS)}
            assert ids == {"edge", *(f"g{number}" for number in range(len(answers) - 1))}
        process.terminate()
        assert process.stderr is not None
        said = process.stderr.read()
        assert f"error: cannot write `{tmp_path / 'data'}`" in said
        assert "Traceback" not in said
    finally:
        stop(process)
    with running(tmp_path, *kept[:2]) as (_, peer):
        assert {one["id"] for one in every(peer, GATEWAYS)} == ids
