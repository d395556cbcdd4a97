"""What becomes of a runtime that does not start, with a program in workerd's place."""

from pathlib import Path

import pytest

from gatewright.emulator.control.workers.desk import ScriptError
from gatewright.emulator.workerd import process
from gatewright.emulator.workerd.process import Workerd


def started(folder: Path, commands: str) -> str:
    """What is said of a runtime that does this."""
    binary = folder / "workerd"
    binary.write_text(f"#!/bin/sh\n{commands}\n")
    binary.chmod(0o700)
    with pytest.raises(ScriptError) as caught:
        Workerd(binary, folder / "config", "127.0.0.1:1", None)
    return str(caught.value)


def test_one_that_never_listens_took_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(process, "_START_SECONDS", 0.2)
    said = started(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 600")
    assert said == "Script startup exceeded CPU time limit."
    pid = int((tmp_path / "pid").read_text())
    assert not Path(f"/proc/{pid}").exists(), "and it is gone"


def test_one_that_ends_says_why_and_nothing_of_itself(tmp_path: Path):
    said = started(tmp_path, "echo 'service user: Uncaught Error: boom'; echo 'stack: /bin/x@1'")
    assert said == "Uncaught Error: boom"
    assert started(tmp_path, "exit 1") == "the Workers runtime ended without a word"
