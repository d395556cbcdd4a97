import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from gatewright.engine import Origin
from gatewright.errors import CouldNotRunError


def test_ctrl_c_kills_all_that_was_started_and_leaves_nothing(machine, hanging):
    machine.go(build=hanging.body)
    machine.variables["GATEWRIGHT_HOME"] = str(machine.home)
    machine.variables["https_proxy"] = "http://127.0.0.1:1"
    machine.variables["PYTHONPATH"] = os.pathsep.join(sys.path)
    program = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from gatewright import engine\n"
        "try: engine.find(say=print)\n"
        "except KeyboardInterrupt: raise SystemExit(130)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], env=machine.around().environ) as child:
        hanging.wait_for(2)
        child.send_signal(signal.SIGINT)
        assert child.wait(timeout=30) == 130
    assert hanging.gone()
    assert machine.left() == {}

    machine.go()
    assert machine.search().origin is Origin.GO_BUILD


@pytest.mark.parametrize("step", ["build", "list"])
def test_an_interruption_at_any_step_leaves_nothing(machine, hanging, step):
    machine.go(**{step: hanging.body})
    machine.clock.step = 5

    def interrupt(line):
        if line.startswith("still"):
            raise KeyboardInterrupt

    machine.on_line = interrupt
    with pytest.raises(KeyboardInterrupt):
        machine.search()
    assert hanging.gone()
    assert machine.left() == {}


@pytest.fixture
def other(machine):
    """Another process that is making the engine."""
    machine.home.mkdir()
    lock = FileLock(machine.home / "engine.lock")
    with lock:
        yield lock


def test_the_second_process_waits_says_so_and_uses_what_the_first_made(machine, other):
    machine.go()
    made = machine.root / "made elsewhere"

    def first_finishes(line):
        if line.startswith("waiting"):
            made.rename(machine.home / "engines")
            other.release()

    home = machine.home
    elsewhere = type(machine)(machine.root / "elsewhere")
    elsewhere.bin.mkdir(parents=True)
    elsewhere.go()
    elsewhere.search()
    (elsewhere.home / "engines").rename(made)
    machine.on_line = first_finishes

    engine = machine.search()

    assert engine.executable.is_relative_to(home)
    assert machine.lines == [
        "waiting for another process that is making the engine",
        f"engine: {engine.description}",
    ]
    assert machine.go_calls() == []


def test_if_the_first_fails_the_second_makes_it(machine, other):
    machine.go()
    machine.on_line = lambda line: other.release() if line.startswith("waiting") else None
    assert machine.search().origin is Origin.GO_BUILD


def test_the_wait_shows_signs_of_life_and_is_bounded(machine, other):
    machine.clock.step = 400
    with pytest.raises(CouldNotRunError, match="making the engine for 60 min 00 s"):
        machine.search()
    assert other.is_locked
    beats = [line for line in machine.lines if line.startswith("still waiting for another process")]
    assert len(beats) > 2


def test_a_home_that_cannot_be_written_is_told(machine):
    machine.home.write_text("a file in the way")
    with pytest.raises(CouldNotRunError, match="cannot write to") as caught:
        machine.search()
    assert str(machine.home) in caught.value.message
    assert "GATEWRIGHT_HOME" in caught.value.hint


def test_a_home_that_cannot_be_written_is_no_matter_with_an_engine_on_path(machine):
    machine.home.write_text("a file in the way")
    machine.pulumi()
    machine.program("pulumi-language-python")
    assert machine.search().origin is Origin.PATH


def test_an_engine_of_the_home_is_used_while_another_is_made(machine, other):
    (machine.home / "engines").mkdir()
    other.release()
    machine.go()
    made = machine.search()
    with other:
        assert machine.search() == made
    assert Path(made.executable).exists()
