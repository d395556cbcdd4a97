"""The data file: what outlives the process in it, and a file that is none, or not whole."""

import signal
import sqlite3
import stat
from pathlib import Path

import pytest
from emulator.peer import gateway
from emulator.test_process import GATEWAYS, refused, running
from emulator.uploads import put


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
