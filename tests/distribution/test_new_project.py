"""Only the wheel, on a machine with nothing else: a new project works at once."""

from pathlib import Path

import pytest
from support.folders import texts
from support.project import Project
from support.wheel import Machine

from gatewright.places import home


@pytest.fixture
def project(machine: Machine, tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    done = machine.run("gatewright", "init", str(folder), "--ci", "github")
    assert done.code == 0, done.text
    return folder


def test_the_wheel_writes_what_the_repository_writes(
    machine: Machine, project: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own" / "shop"
    assert Project(tmp_path).gatewright("init", str(own), "--yes", "--ci", "github").code == 0
    assert texts(project) == texts(own)


def test_it_validates_and_is_in_form(machine: Machine, project: Path) -> None:
    done = machine.run("gatewright", "validate", cwd=project)
    assert (done.code, done.text) == (0, "3 files, no findings\n")
    assert machine.run("gatewright", "fmt", "--check", cwd=project).code == 0


def test_without_an_engine_it_says_how_one_is_had(machine: Machine, project: Path) -> None:
    """All three ways are tried, with what the wheel brings for them."""
    nowhere = {"GATEWRIGHT_HOME": str(project / "engines"), "HTTPS_PROXY": "http://127.0.0.1:9"}
    done = machine.run("gatewright", "demo", cwd=project, **nowhere)
    assert done.code == 8
    for said in (
        "  1. `pulumi` on PATH: there is none\n",
        "  2. Pulumi's official installer: Pulumi's download site cannot be reached",
        "  3. a build from Go modules: `go` (1.25.11 or newer) is not on PATH\n",
    ):
        assert said in done.err


@pytest.mark.e2e
def test_it_deploys_locally_and_every_endpoint_answers(machine: Machine, project: Path) -> None:
    """With the engine in the user's cache; how it comes there, tests/engine tells."""
    done = machine.run("gatewright", "demo", cwd=project, GATEWRIGHT_HOME=str(home()))
    assert done.code == 0, done.text
    assert "+ 5 created" in done.text
    assert "7 checks: 7 passed" in done.text
