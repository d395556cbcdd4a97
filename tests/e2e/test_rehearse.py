"""A fork's pull request is rehearsed with the real engine, without account and credentials."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator
from support.project import ROOT, Project, environment_of, make_project

pytestmark = pytest.mark.e2e

#: What a runner may hold. None of it may reach a stranger's program, or be used.
POISON = {
    "CLOUDFLARE_ACCOUNT_ID": "f" * 32,
    "CLOUDFLARE_API_TOKEN": "real-" + "t" * 40,
    "CLOUDFLARE_BASE_URL": "https://api.cloudflare.com/client/v4",
    "GATEWRIGHT_TOKEN": "real-" + "g" * 40,
    "GATEWRIGHT_GATEWAY_URL": "https://gateway.ai.cloudflare.com/v1",
    "OPENAI_KEY": "real-" + "o" * 40,
    "PULUMI_BACKEND_URL": "https://api.pulumi.com",
    "PULUMI_STACK": "prod",
    "PYTHON_INDEX_TOKEN": "real-" + "p" * 40,
    "RUNNER_SECRET": "real-" + "r" * 40,
}

#: The fork's own program looks for what it must not find.
PROGRAM = """
import os, pathlib, urllib.request

found = [name for name, value in os.environ.items() if value.startswith("real-")]
if found:
    raise SystemExit(f"the program was given {found}")
if pathlib.Path.home().joinpath(".cache").exists():
    raise SystemExit("the program sees the home folder of the runner")
try:
    urllib.request.urlopen("http://example.com/", timeout=5)
    raise SystemExit("the program reached the network")
except OSError:
    pass
"""


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "a change")


@pytest.fixture
def runner(tmp_path: Path) -> Project:
    """A clone of a bare repository whose checked-out branch is a fork's pull request."""
    author = make_project(tmp_path / "author" / "repository" / "accounts" / "acme")
    root = tmp_path / "author" / "repository"
    # Workers take seconds more, and are tried elsewhere.
    shutil.rmtree(author.path / "gateways" / "workers")
    git(root, "init", "--quiet", "--initial-branch", "main")
    commit(root)
    git(root, "switch", "--quiet", "--create", "pull-request")
    author.edit("gateways/drafts.yaml", "limit: 300", "limit: 200")
    author.edit("gateways/tokens/smoke.yaml", "expires:", "generation: 2\nexpires:")
    drafts = author.path / "gateways" / "drafts.yaml"
    drafts.write_text(
        drafts.read_text()
        + "provider_configs:\n  openai: {provider: openai, secret: {env: OPENAI_KEY}}\n"
        "  groq: {provider: groq, secret: {config: groqKey}}\n"
    )
    program = author.path / "__main__.py"
    program.write_text(PROGRAM + program.read_text())
    commit(root)
    bare = tmp_path / "bare.git"
    git(tmp_path, "clone", "--quiet", "--bare", str(root), str(bare))
    git(tmp_path, "clone", "--quiet", "--branch", "pull-request", str(bare), "project")
    shutil.rmtree(tmp_path / "author")
    return Project(tmp_path / "project" / "accounts" / "acme")


def test_a_forks_pull_request_is_rehearsed_and_leaves_nothing(
    runner: Project, tmp_path: Path
) -> None:
    temporary = tmp_path / "project-temporary"
    temporary.mkdir()
    reports = {name: tmp_path / name for name in ("json", "markdown", "junit")}
    done = runner.gatewright(
        "rehearse",
        "origin/main..HEAD",
        *(part for name, path in reports.items() for part in ("--report", f"{name}={path}")),
        "--fail-on",
        "delete",
        **POISON,
        TMPDIR=str(temporary),
    )
    assert done.code == 0, done.text
    assert done.out.endswith("rehearsal passed\n")
    assert "      rate_limiting_limit: 300 → 200\n" in done.out

    document = json.loads(reports["json"].read_text())
    schema = json.loads((ROOT / "schemas/rehearse-report.schema.json").read_text())
    Draft202012Validator(schema).validate(document)
    changes = {(each["kind"], each["key"]): each for each in document["plan"]["changes"]}
    assert {key: each["operation"] for key, each in changes.items()} == {
        ("gateway", "drafts"): "update",
        ("token", "gatewright smoke"): "replace",
        ("provider key", "drafts/openai"): "create",
        ("provider key", "drafts/groq"): "create",
    }
    assert changes["gateway", "drafts"]["properties"] == [
        {"path": "rate_limiting_limit", "before": 300, "after": 200, "replaces": False}
    ]
    assert document["plan"]["counts"]["same"] == 2
    assert document["plan"]["deployed"] == 4
    assert document["smoke"]["counts"]["passed"] == len(document["smoke"]["checks"]) > 20
    assert document["teardown"] == {"left": [], "kept": [], "problems": []}
    assert not any(reading["differs"] for reading in document["verify"]["readings"])

    comment = reports["markdown"].read_text()
    assert comment.startswith("<!-- gatewright rehearse -->\n### gatewright rehearse: ✅ passed\n")
    suites = ET.fromstring(reports["junit"].read_text())  # noqa: S314  # our own
    assert {each.get("name") for each in suites} == {"rehearsal", "drafts", "reviews", "support"}
    assert suites.find(".//failure") is None

    everything = done.text + "".join(path.read_text() for path in reports.values())
    assert not any(value in everything for value in POISON.values() if value.startswith("real-"))
    assert "made-up-" not in everything
    assert [*temporary.iterdir()] == []
    assert runner.left_running() == []
    status = subprocess.run(
        ["git", "status", "--porcelain", "--ignored"],
        cwd=runner.path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert status.stdout == ""


def test_an_interrupted_rehearsal_leaves_nothing(runner: Project, tmp_path: Path) -> None:
    temporary = tmp_path / "project-temporary"
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "gatewright", "rehearse", "origin/main"],
        cwd=runner.path,
        env=environment_of(TMPDIR=str(temporary)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    with process:
        assert process.stdout
        # An object is there, so the engine is in the middle of it.
        seen = next(line for line in process.stdout if "create  gateway" in line)
        os.killpg(process.pid, signal.SIGINT)
        rest = process.stdout.read()
    assert seen
    assert process.returncode == 130, rest
    assert rest.endswith("interrupted\n")
    assert runner.left_running() == []
    assert [*temporary.iterdir()] == []
