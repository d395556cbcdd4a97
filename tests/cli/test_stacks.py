"""Which stacks there are, and which of them a change touches."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from support.project import Done, Project

GATEWAY = """\
id: {name}
authentication: true
stacks:
  prod: {{zdr: true}}
"""
PROJECTS = ("accounts/acme", "accounts/bolt")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for name in PROJECTS:
        folder = tmp_path / name
        (folder / "gateways").mkdir(parents=True)
        (folder / "Pulumi.yaml").write_text("name: gatewright\nruntime: python\n")
        (folder / "__main__.py").write_text("")
        (folder / "Pulumi.staging.yaml").write_text("config: {}\n")
        (folder / "Pulumi.local.yaml").write_text("config: {}\n")
        (folder / "gateways" / "one.yaml").write_text(GATEWAY.format(name="one"))
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path)
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "a change")


def stacks(folder: Path, *arguments: str) -> Done:
    return Project(folder).gatewright("stacks", *arguments)


def test_each_has_a_word_of_its_own_for_what_ci_keeps(repository: Path) -> None:
    done = stacks(repository, "--json")
    ids = [row["id"] for row in json.loads(done.out)["include"]]
    assert ids == [
        f"accounts-{name}" for name in ("acme-prod", "acme-staging", "bolt-prod", "bolt-staging")
    ]
    below = stacks(repository / PROJECTS[0], "--json")
    assert [row["id"] for row in json.loads(below.out)["include"]] == ["prod", "staging"]


def test_two_with_one_such_word_are_refused_also_if_one_is_touched(repository: Path) -> None:
    shutil.copytree(repository / PROJECTS[0], repository / "accounts-acme")
    commit(repository)
    (repository / PROJECTS[0] / "Pulumi.prod.yaml").write_text("# other\n")
    for arguments in ((), ("--changed", "HEAD")):
        done = stacks(repository, *arguments, "--json")
        assert done.code == 2
        assert "two stacks have the id `accounts-acme-prod`: `prod` in `accounts" in done.err
        assert stacks(repository, *arguments).code == 0


def touched(folder: Path, base: str = "HEAD") -> list[str]:
    done = stacks(folder, "--changed", base, "--json")
    assert done.code == 0, done.text
    return [f"{row['project']} {row['stack']}" for row in json.loads(done.out)["include"]]


def test_every_stack_of_every_project_is_listed_and_the_local_one_is_none(repository: Path) -> None:
    done = stacks(repository)
    assert done.code == 0
    assert done.out.splitlines() == [
        f"{project} {stack}" for project in PROJECTS for stack in ("prod", "staging")
    ]
    below = stacks(repository / "accounts" / "acme")
    assert below.out.splitlines() == ["prod", "staging"]


def test_projects_below_another_can_be_left_out(repository: Path) -> None:
    folder = repository / PROJECTS[0]
    shutil.copytree(repository / PROJECTS[1], folder / "below")
    assert stacks(folder).out.splitlines()[-1] == "below staging"
    assert stacks(folder, "--only-here").out.splitlines() == ["prod", "staging"]
    changed = stacks(folder, "--only-here", "--changed", "HEAD", "--json")
    assert json.loads(changed.out) == {"include": []}


def test_only_the_stacks_whose_deployment_differs_are_touched(repository: Path) -> None:
    spec = repository / PROJECTS[0] / "gateways" / "one.yaml"
    text = spec.read_text()
    assert touched(repository) == []
    spec.write_text("# why\n" + text)
    assert touched(repository) == []
    spec.write_text(text.replace("zdr: true", "zdr: true, logpush: true"))
    assert touched(repository) == ["accounts/acme prod"]
    spec.write_text(text.replace("zdr: true", "zdr: false"))
    commit(repository)
    assert touched(repository) == []
    assert touched(repository, "HEAD~1") == ["accounts/acme prod"]
    spec.rename(spec.with_name("renamed.yaml"))
    assert touched(repository) == []


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("Pulumi.staging.yaml", ["staging"]),
        ("Pulumi.prod.yaml", ["prod"]),
        ("Pulumi.yaml", ["prod", "staging"]),
        ("__main__.py", ["prod", "staging"]),
        ("requirements.txt", ["prod", "staging"]),
        ("README.md", []),
        ("docs/x.py", []),
        ("Pulumi.local.yaml", []),
    ],
)
def test_the_program_and_the_settings_count_by_their_text(
    repository: Path, file: str, expected: list[str]
) -> None:
    path = repository / PROJECTS[1] / file
    path.parent.mkdir(exist_ok=True)
    path.write_text("# other\n")
    assert touched(repository) == [f"accounts/bolt {name}" for name in expected]


def test_what_a_project_has_by_a_link_is_its_own(repository: Path) -> None:
    """Accounts that share a cache policy and their requirements, each in one file."""
    shared = repository / "shared"
    shared.mkdir()
    (shared / "answers.yaml").write_text("name: answers\nttl: 1h\n")
    (shared / "requirements.txt").write_text("gatewright\n")
    for name in PROJECTS:
        folder = repository / name
        (folder / "gateways" / "cache-policies").mkdir()
        link(folder / "gateways" / "cache-policies" / "answers.yaml", shared / "answers.yaml")
    link(repository / PROJECTS[0] / "requirements.txt", shared / "requirements.txt")
    spec = repository / PROJECTS[1] / "gateways" / "one.yaml"
    spec.write_text(spec.read_text() + "cache: answers\n")
    commit(repository)
    assert touched(repository) == []
    (shared / "answers.yaml").write_text("# why\nname: answers\nttl: 1h\n")
    assert touched(repository) == []
    (shared / "answers.yaml").write_text("name: answers\nttl: 2h\n")
    assert touched(repository) == [f"{PROJECTS[1]} {name}" for name in ("prod", "staging")]
    (shared / "requirements.txt").write_text("gatewright==1\n")
    assert {name.split()[0] for name in touched(repository)} == {*PROJECTS}


def link(path: Path, target: Path) -> None:
    path.symlink_to(os.path.relpath(target, path.parent))


def test_new_and_broken_projects_are_touched_and_removed_ones_are_none(repository: Path) -> None:
    shutil.copytree(repository / PROJECTS[0], repository / "accounts" / "core")
    shutil.rmtree(repository / PROJECTS[1])
    (repository / PROJECTS[0] / "gateways" / "one.yaml").write_text("id: 7\nstacks: {prod: {}}\n")
    assert touched(repository) == [
        f"accounts/{project} {stack}"
        for project in ("acme", "core")
        for stack in ("prod", "staging")
    ]


def test_what_came_to_the_base_since_is_no_change_of_ours(repository: Path) -> None:
    git(repository, "switch", "--quiet", "--create", "ours")
    git(repository, "switch", "--quiet", "main")
    spec = repository / PROJECTS[0] / "gateways" / "one.yaml"
    spec.write_text(spec.read_text().replace("authentication: true", "authentication: false"))
    commit(repository)
    git(repository, "switch", "--quiet", "ours")
    assert touched(repository, "main") == []


def test_without_git_or_with_an_unknown_revision_it_says_so(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    unknown = stacks(repository, "--changed", "nowhere")
    assert unknown.code == 2
    assert "`nowhere` is no revision" in unknown.err
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    outside = stacks(elsewhere, "--changed", "HEAD")
    assert outside.code == 2
    assert "is in no git repository" in outside.err
    assert stacks(elsewhere).err == "no stack is known\n"
