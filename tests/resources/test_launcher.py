"""The executable that Pulumi.yaml names, started as the engine starts it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from support.project import ROOT

LAUNCHER = "pulumi-resource-gatewright"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose environment is not this one's, and has only a marker for Python."""
    shutil.copytree(ROOT / "plugin", tmp_path / "plugin")
    return tmp_path


def fake_python(folder: Path, name: str) -> None:
    """A Python that says which it is."""
    folder.mkdir(parents=True)
    python = folder / name
    python.write_text(f'#!/bin/sh\necho "{folder} $*"\n')
    python.chmod(0o755)


def launched(project: Path, path: str, **environment: str) -> str:
    return subprocess.run(
        [project / "plugin" / LAUNCHER, "127.0.0.1:1"],
        env={"PATH": path, **environment},
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    ).stdout


def test_pulumi_yaml_names_its_folder() -> None:
    project = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())
    assert project["plugins"]["providers"] == [{"name": "gatewright", "path": "plugin"}]
    assert os.access(ROOT / "plugin" / LAUNCHER, os.X_OK)


@pytest.mark.parametrize("environment", [{}, {"PULUMI_RUNTIME_VIRTUALENV": "env"}])
def test_it_runs_in_the_projects_environment_though_none_is_activated(
    project: Path, environment: dict[str, str]
) -> None:
    folder = project / environment.get("PULUMI_RUNTIME_VIRTUALENV", ".venv") / "bin"
    fake_python(folder, "python")
    said = launched(project, "/usr/bin:/bin", **environment)
    assert f"{folder.parent.name}/bin -P -m gatewright.resources 127.0.0.1:1" in said


def test_without_one_it_runs_with_the_first_python_on_path(project: Path) -> None:
    folder = project / "elsewhere"
    fake_python(folder, "python3")
    assert launched(project, f"{folder}:/usr/bin:/bin").startswith(str(folder))


def test_it_serves_the_engine_and_ends_when_told(project: Path) -> None:
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    with subprocess.Popen(
        [project / "plugin" / LAUNCHER, "127.0.0.1:1"],
        env={"PATH": path},
        stdout=subprocess.PIPE,
        text=True,
    ) as plugin:
        assert plugin.stdout is not None
        assert int(plugin.stdout.readline()) > 0
        plugin.terminate()
