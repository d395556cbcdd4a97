"""The workflows by the tools that know GitHub's rules; they are run in test_workflow_steps."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from support.project import ROOT, Project

BIN = Path(sys.executable).parent
WORKFLOWS = ("comment", "deploy", "drift", "review", "validate")
PINNED = re.compile(r"uses: (\S+?)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$")


@pytest.fixture(scope="module", params=["one project", "several projects"])
def repository(tmp_path_factory, request):
    folder = tmp_path_factory.mktemp("shop")
    # Never below a repository of somebody's.
    subprocess.run(["git", "init", "--quiet", "-b", "main"], cwd=folder, check=True)
    if request.param == "several projects":
        for name in ("accounts/acme", "accounts/bolt"):
            assert Project(folder).gatewright("init", name, "--yes").code == 0
    done = Project(folder).gatewright("init", "--yes", "--name", "shop", "--ci", "github")
    assert done.code == 0, done.text
    return folder


def workflow(repository, name):
    return repository / ".github" / "workflows" / f"shop-{name}.yml"


def everything(repository):
    return [
        *(workflow(repository, name) for name in WORKFLOWS),
        repository / ".github" / "actions" / "shop-install" / "action.yml",
        ROOT / "action.yml",
    ]


def run(*command, **options):
    done = subprocess.run(
        command,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
        check=False,
        **options,
    )
    return done.returncode, done.stdout


def required(name):
    """Skip where the tool is missing, except in CI."""
    found = shutil.which(name, path=f"{BIN}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        why = f"{name} is missing: install Go, then run `make actionlint`"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(why)
    return found


def test_actionlint_finds_nothing(repository):
    paths = [workflow(repository, name) for name in WORKFLOWS]
    assert run(required("actionlint"), "-no-color", *paths, cwd=repository) == (0, "")


def test_actionlint_finds_a_mistake(repository, tmp_path):
    broken = tmp_path / "broken.yml"
    text = workflow(repository, "review").read_text()
    broken.write_text(text.replace("needs.review.outputs.stacks", "needs.review.outputs.stakcs"))
    code, said = run(required("actionlint"), "-no-color", broken, cwd=repository)
    assert code == 1
    assert '"stakcs" is not defined' in said


@pytest.mark.parametrize(
    ("schema", "is_action"), [("vendor.github-workflows", False), ("vendor.github-actions", True)]
)
def test_they_have_the_form_that_github_publishes(repository, schema, is_action):
    paths = [path for path in everything(repository) if (path.name == "action.yml") == is_action]
    command = (BIN / "check-jsonschema", "--builtin-schema", schema)
    assert run(*command, *paths)[0] == 0
    code, said = run(*command, ROOT / "Pulumi.yaml")
    assert code == 1, said


def test_zizmor_finds_nothing_unsafe(repository, tmp_path):
    # `$/` in place of `./` is known neither to GitHub Enterprise Server nor to actionlint.
    config = tmp_path / "zizmor.yml"
    config.write_text("rules: {self-repository: {disable: true}}\n")
    command = (BIN / "zizmor", "--offline", "--no-progress", "--color=never", "--config", config)
    code, said = run(*command, repository, ROOT / "action.yml")
    assert code == 0, said
    unsafe = tmp_path / "unsafe.yml"
    text = workflow(repository, "comment").read_text()
    unsafe.write_text(re.sub(r"# zizmor: ignore.*", "", text))
    code, said = run(*command, unsafe)
    assert code != 0
    assert "dangerous-triggers" in said


def test_every_action_is_pinned_by_commit_and_one_has_one_version(repository):
    versions = {}
    for path in everything(repository):
        for line in path.read_text().splitlines():
            if "uses: " in line and "uses: ./" not in line:
                pinned = PINNED.search(line)
                assert pinned, f"{path.name}: {line}"
                versions.setdefault(pinned[1], set()).add(pinned.group(2, 3))
    assert len(versions) == 5
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_no_job_may_more_than_it_says_and_only_three_may_write(repository):
    writing = {}
    for name in WORKFLOWS:
        loaded = yaml.safe_load(workflow(repository, name).read_text())
        assert loaded["permissions"] == {}
        for job, content in loaded["jobs"].items():
            for scope, access in content["permissions"].items():
                if access == "write":
                    writing.setdefault(f"{name}/{job}", []).append(scope)
    assert writing == {
        "comment/comment": ["pull-requests"],
        "validate/code-scanning": ["security-events"],
        # These call the one above.
        "deploy/validate": ["security-events"],
        "review/validate": ["security-events"],
    }


def test_a_pull_request_gets_no_secret_and_no_token_but_to_read(repository):
    for name in ("review", "validate", "comment"):
        text = workflow(repository, name).read_text()
        assert "secrets" not in text
        assert "vars." not in text
        assert "pull_request_target" not in text
    review = workflow(repository, "review").read_text()
    assert "github.token" not in review


def test_what_a_token_may_write_with_runs_nothing_of_the_change(repository):
    """The job that uploads findings has no step of a shell, and the comment's checks out no ref."""
    validate = yaml.safe_load(workflow(repository, "validate").read_text())
    assert all("run" not in step for step in validate["jobs"]["code-scanning"]["steps"])
    assert not any(
        step["uses"].startswith("./") for step in validate["jobs"]["code-scanning"]["steps"]
    )
    comment = yaml.safe_load(workflow(repository, "comment").read_text())
    (checkout,) = (
        step
        for step in comment["jobs"]["comment"]["steps"]
        if step.get("uses", "").startswith("actions/checkout@")
    )
    assert checkout["with"] == {"persist-credentials": False}


def test_no_checkout_leaves_its_token_behind(repository):
    for name in WORKFLOWS:
        for job in yaml.safe_load(workflow(repository, name).read_text())["jobs"].values():
            for step in job.get("steps", ()):
                if step.get("uses", "").startswith("actions/checkout@"):
                    assert step["with"]["persist-credentials"] is False


def test_no_expression_is_written_into_a_shell(repository):
    for path in everything(repository):
        loaded = yaml.safe_load(path.read_text())
        jobs = loaded["jobs"].values() if "jobs" in loaded else [loaded["runs"]]
        for job in jobs:
            for step in job.get("steps", ()):
                assert "${{" not in step.get("run", ""), f"{path.name}: {step['name']}"
