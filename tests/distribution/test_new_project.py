"""Only the wheel, on a machine with nothing else: a new project works at once."""

from pathlib import Path

import pytest
from support.folders import texts
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
    from support.project import Project  # noqa: PLC0415

    own = tmp_path / "own" / "shop"
    assert Project(tmp_path).gatewright("init", str(own), "--yes", "--ci", "github").code == 0
    assert texts(project) == texts(own)


def test_it_validates_and_is_in_form(machine: Machine, project: Path) -> None:
    done = machine.run("gatewright", "validate", cwd=project)
    assert (done.code, done.text) == (0, "3 files, no findings\n")
    assert machine.run("gatewright", "fmt", "--check", cwd=project).code == 0


@pytest.mark.e2e
def test_it_deploys_locally_and_every_endpoint_answers(machine: Machine, project: Path) -> None:
    """With the engine that is in the user's cache; how it came there, tests/engine tells."""
    engine = {"GATEWRIGHT_HOME": str(home())}
    done = machine.run("gatewright", "demo", cwd=project, **engine)
    assert done.code == 0, done.text
    assert "6 created" in done.text
    assert " 0 failed" not in done.text
    assert "passed" in done.text
    again = machine.run(
        "gatewright", "local", "preview", "--expect-no-changes", cwd=project, **engine
    )
    assert again.code == 0, again.text
