import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from gatewright.engine import PINNED, Origin
from gatewright.engine.search import search
from gatewright.engine.surroundings import Surroundings

INSTALLS = """
bin = pathlib.Path(root, "bin")
bin.mkdir(parents=True)
for name in ("pulumi", "pulumi-language-python"):
    (bin / name).write_text("#!/bin/sh\\necho v" + {version} + "\\n")
    (bin / name).chmod(0o755)
"""


def test_the_installer_is_tried_before_a_build(machine):
    machine.go()
    machine.installer_body = INSTALLS.format(version="version")

    engine = machine.search()

    assert (engine.version, engine.origin) == (PINNED, Origin.INSTALLER)
    assert engine.executable.is_file()
    assert machine.lines == [
        f"trying Pulumi's official installer for `pulumi` {PINNED}",
        f"engine: {engine.description}",
    ]
    assert machine.go_calls() == []
    assert machine.search() == engine
    assert list(machine.left()) == ["engines"]


def test_the_installer_writes_to_the_home_folder_only(machine):
    machine.installer_body = INSTALLS.format(version="version")
    machine.variables = {"HOME": "/nowhere", "TMPDIR": "/nowhere", "HTTPS_PROXY": "kept"}
    machine.search()

    environ = json.loads((machine.root / "installer.calls").read_text())
    for name in ("HOME", "TMPDIR", "PULUMI_HOME"):
        assert Path(environ[name]).is_relative_to(machine.home)
    assert environ["HTTPS_PROXY"] == "kept"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("sys.exit('no network')", "a line of the installer\nno network"),
        (INSTALLS.format(version="'3.1.0'"), f"it made `pulumi` 3.1.0, not {PINNED}"),
        ("", "does not start: No such file or directory"),
        (
            INSTALLS.format(version="version") + "(bin / 'pulumi-language-python').unlink()",
            "it made no `pulumi-language-python`",
        ),
    ],
)
def test_a_failure_is_told_and_the_engine_is_built(machine, body, reason):
    machine.go()
    machine.installer_body = body

    assert machine.search().origin is Origin.GO_BUILD
    assert "cannot use Pulumi's official installer: " in machine.said
    assert reason in machine.said
    assert [name.split("-")[1] for name in machine.left()["engines"]] == ["go"]


def test_an_installer_that_hangs_is_stopped(machine, hanging):
    machine.go()
    machine.installer_body = hanging.body
    machine.clock.step = 100

    def at_the_end(line):
        if "was stopped" in line:
            machine.clock.step = 0

    machine.on_line = at_the_end
    assert machine.search().origin is Origin.GO_BUILD
    assert "was stopped: not finished in 10 min 00 s" in machine.said
    assert hanging.gone()


def test_the_real_installer_fails_at_once_without_a_network(machine):
    # A proxy on a port that never listens: what the child asks for does not leave this machine.
    machine.variables = {"https_proxy": "http://127.0.0.1:1", "http_proxy": "http://127.0.0.1:1"}
    machine.go()
    real = Surroundings(machine.say).installer

    search(machine.home, replace(machine.around(), installer=real))

    assert (
        "cannot use Pulumi's official installer: Pulumi's download site cannot be reached: "
        in machine.said
    )


CHILD = """
import runpy, subprocess, sys
from pulumi.automation import PulumiCommand
def install(root, version):
    {body}
PulumiCommand.install = install
sys.argv = ["install_child.py", "/root-folder", "3.259.0"]
runpy.run_path({file!r}, run_name="__main__")
"""


@pytest.mark.parametrize(
    ("body", "code", "error"),
    [
        ("print(root, version)", 0, ""),
        ("raise subprocess.CalledProcessError(1, 'x', output=b'tar: no')", 1, "tar: no\n"),
        ("raise ValueError('odd')", 1, "ValueError: odd\n"),
    ],
)
def test_the_child_tells_what_the_sdk_raises(body, code, error):
    file = Surroundings(print).installer[-1]
    done = subprocess.run(
        [sys.executable, "-c", CHILD.format(body=body, file=file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (code, error)
    assert done.stdout == ("/root-folder 3.259.0\n" if code == 0 else "")
