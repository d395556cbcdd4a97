"""The hooks, run by the real pre-commit in a repository of somebody who uses them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
HOOKS = ROOT / ".pre-commit-hooks.yaml"
BIN = Path(sys.executable).parent
IN_FORM = "id: support\nauthentication: true\n"
OUT_OF_FORM = "authentication: true\nid: support\n"
WRONG = "id: support\nautentication: true\n"


class Repository:
    def __init__(self, folder, environment):
        self.folder = folder
        self.environment = environment
        folder.mkdir()
        self.git("init", "--quiet")

    def run(self, *arguments):
        return subprocess.run(
            arguments,
            cwd=self.folder,
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
            check=False,
        )

    def git(self, *arguments):
        done = self.run("git", *arguments)
        assert done.returncode == 0, done.stdout
        return done.stdout.strip()

    def write(self, **files):
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.git("add", "--all")

    def commit(self):
        return self.run("git", "commit", "--message", "A change")


@pytest.fixture
def environment(tmp_path):
    return {
        "PATH": os.pathsep.join([str(BIN), os.environ["PATH"]]),
        "HOME": str(tmp_path),
        "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{
            f"GIT_{who}_{what}": "somebody@example.com"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
    }


@pytest.fixture
def repository(tmp_path, environment):
    """A repository with both hooks installed; gatewright itself is on PATH already."""
    hooks = Repository(tmp_path / "hooks", environment)
    shutil.copy(HOOKS, hooks.folder)
    hooks.git("add", "--all")
    hooks.git("commit", "--quiet", "--message", "Hooks")
    # Its own language would install gatewright, from the network.
    used = [{"id": each["id"], "language": "system"} for each in manifest()]
    repo = {"repo": str(hooks.folder), "rev": hooks.git("rev-parse", "HEAD"), "hooks": used}
    own = Repository(tmp_path / "own", environment)
    own.write(**{".pre-commit-config.yaml": yaml.safe_dump({"repos": [repo]})})
    assert own.run("pre-commit", "install").returncode == 0
    return own


def manifest():
    return yaml.safe_load(HOOKS.read_text("utf-8"))


def test_a_sound_commit_is_made(repository):
    repository.write(**{"gateways/support.yaml": IN_FORM, "gatewright.yaml": "plan: paid\n"})
    done = repository.commit()
    assert done.returncode == 0, done.stdout
    assert re.findall(r"^gatewright (\w+)\.+(\w+)$", done.stdout, re.MULTILINE) == [
        ("validate", "Passed"),
        ("fmt", "Passed"),
    ]


def test_a_mistake_is_told_and_not_committed(repository):
    repository.write(**{"gateways/support.yaml": WRONG})
    done = repository.commit()
    assert done.returncode != 0
    assert "exit code: 3" in done.stdout
    assert "gateways/support.yaml:2:1: error unknown-key: " in done.stdout
    assert repository.run("git", "log").returncode != 0


def test_a_file_is_formatted_and_committed_the_next_time(repository):
    repository.write(**{"gateways/support.yaml": OUT_OF_FORM})
    done = repository.commit()
    assert done.returncode != 0
    assert "files were modified by this hook" in done.stdout
    assert (repository.folder / "gateways" / "support.yaml").read_text("utf-8") == IN_FORM
    repository.git("add", "--all")
    assert repository.commit().returncode == 0


def test_other_files_are_nobodys_business(repository):
    repository.write(**{"gateways/README.md": "No spec.\n", "other.yaml": "a:   1\n"})
    done = repository.commit()
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("Skipped") == len(manifest())


def test_the_real_pre_commit_takes_the_manifest(environment, tmp_path):
    done = Repository(tmp_path / "any", environment).run(
        "pre-commit", "validate-manifest", str(HOOKS)
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    ("path", "is_spec"),
    [
        ("gateways/support.yaml", True),
        ("gateways/tokens/smoke.yml", True),
        ("infra/gateways/defaults.yaml", True),
        ("gatewright.yaml", True),
        ("gateways/tokens/old/smoke.yaml", False),
        ("gateways/.draft.yaml", False),
        ("gateways/support.yaml.txt", False),
        ("mygateways/support.yaml", False),
        ("Pulumi.yaml", False),
    ],
)
def test_the_hooks_look_at_specs(path, is_spec):
    for hook in manifest():
        assert bool(re.search(hook["files"], path)) == is_spec


def test_the_hooks_are_installed_as_a_package_and_run_its_command():
    """Where gatewright is not on PATH, pre-commit installs this repository with pip."""
    for hook in manifest():
        assert hook["language"] == "python"
        assert hook["entry"].split()[0] == "gatewright"
