"""What `gatewright rehearse` says before an engine is needed."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from support.project import Done, Project, make_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path / "project")


def rehearsed(project: Project, *arguments: str) -> Done:
    return project.gatewright("rehearse", *arguments)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--stack", "a/b"], "no Pulumi stack can have the name `a/b`"),
        (["--report", "sarif=x"], "`sarif=x` is not `FORMAT=FILE`"),
        (["--report", "json=x", "--report", "junit=x"], "two reports cannot both go to `x`"),
        (["--report", "json=no/x"], "there is no folder `no` for the report"),
        (["--fail-on", "create"], "`create` is not one of"),
        (["origin/main"], "is in no git repository"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_started(
    project: Project, arguments: list[str], said: str
) -> None:
    done = rehearsed(project, *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "engine" not in done.err


def test_a_folder_without_a_project_is_none(tmp_path: Path) -> None:
    done = rehearsed(Project(tmp_path))
    assert done.code == 2
    assert "there is no Pulumi.yaml" in done.err


def test_a_revision_that_is_none_is_told(project: Project) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=project.path, check=True)
    assert "this repository has no commit yet" in rehearsed(project, "HEAD").err
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    message = ("--allow-empty", "--message", "a")
    subprocess.run(["git", *who, "commit", "--quiet", *message], cwd=project.path, check=True)
    assert "`nowhere` is no revision" in rehearsed(project, "nowhere").err


def test_specs_with_errors_are_not_deployed_and_the_reports_say_so(project: Project) -> None:
    project.edit("gateways/support.yaml", "authentication: true", "autentication: true")
    # Without the packages of an account nothing could run, and nothing has to.
    shutil.rmtree(project.path / "plugin")
    done = rehearsed(project, "--report", "json=r.json", "--report", "markdown=r.md")
    assert done.code == 3
    assert "gateways/support.yaml:5:1: error unknown-key: " in done.out
    assert done.out.endswith(
        "rehearsal failed: the specs of the files in this folder have errors\n"
    )
    report = json.loads((project.path / "r.json").read_text())
    assert report["exit_code"] == 3
    assert [each["rule"] for each in report["findings"]] == ["unknown-key"]
    assert "support.yaml:5:1: error" in (project.path / "r.md").read_text()
    assert not (project.path / ".gatewright").exists()
