"""The commands of docs/emulator.md, run with the real curl."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from emulator.peer import listening, start, stop

PAGE = Path(__file__).parents[2] / "docs" / "emulator.md"
COMMANDS = re.findall(r"^\$ (curl \$E\S*.*)$", PAGE.read_text(), re.MULTILINE)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """An emulator of its own: the examples break things."""
    process = start()
    try:
        yield f"http://127.0.0.1:{listening(process)['port']}/_emulator"
    finally:
        stop(process)


def test_the_page_has_examples() -> None:
    assert len(COMMANDS) >= 7


@pytest.mark.parametrize("command", COMMANDS)
def test_an_example_of_the_page_is_taken(address: str, command: str) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{command.partition('  #')[0]} --silent --show-error --fail"],
        env={"E": address, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    assert "result" in json.loads(done.stdout)


def test_the_first_call_of_the_page_is_answered_and_then_from_the_cache(tmp_path: Path) -> None:
    block = PAGE.read_text().partition("## A first call")[2].partition("```console\n")[2]
    script = re.sub(r"^\$ ", "", block.partition("```")[0], flags=re.MULTILINE)
    folder = tmp_path / ".gatewright"
    folder.mkdir()
    process = start("--token-file", str(folder / "cloudflare-token"))
    try:
        script = script.replace(":8799", f":{listening(process)['port']}")
        *_, ask = re.split(r"^(?=curl )", script, flags=re.MULTILINE)
        done = subprocess.run(
            ["bash", "-euc", script + ask],
            cwd=tmp_path,
            env={"PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        )
    finally:
        stop(process)
    statuses = re.findall(r"^cf-aig-cache-status: (\w+)", done.stdout, re.MULTILINE)
    assert statuses == ["MISS", "HIT"]
    assert "What is Cloudflare?" in done.stdout
