"""Verbs in a folder that is no project but has some below: all of them are meant."""

import json
import os
import shutil
from pathlib import Path

import pytest
from support.project import Done, Project
from support.runner import git

PROJECTS = ("accounts/acme", "accounts/bolt", "accounts/core")
GATEWAY = """\
id: chat
authentication: true
rate_limiting: {limit: 600, interval: 1m}
"""
MISTAKE = "autentication: true\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for name in PROJECTS:
        folder = tmp_path / name
        (folder / "gateways").mkdir(parents=True)
        (folder / "Pulumi.yaml").write_text(f"name: {folder.name}\nruntime: python\n")
        (folder / "Pulumi.prod.yaml").write_text("config: {}\n")
        (folder / "gateways" / "chat.yaml").write_text(GATEWAY)
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path)
    return tmp_path


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "a change")


def spec(repository: Path, project: str) -> Path:
    return repository / project / "gateways" / "chat.yaml"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def gatewright(folder: Path, *arguments: str) -> Done:
    return Project(folder).gatewright(*arguments)


def reviewed(repository: Path, *arguments: str) -> dict[tuple[str | None, ...], list[str]]:
    """The stacks of each group, with the fields that change."""
    done = gatewright(repository, "review", "--format", "json", *arguments)
    assert done.code == 0, done.text
    return {
        tuple(each["name"] for each in stack["stacks"]): [
            f"{one['operation']} {one['key']} {[field['path'] for field in one['fields']]}"
            if one["operation"] == "changed"
            else f"{one['operation']} {one['key']}"
            for one in stack["differences"]
        ]
        for stack in json.loads(done.out)["stacks"]
    }


def test_the_findings_of_all_are_told_at_their_files(repository: Path) -> None:
    done = gatewright(repository, "validate")
    assert (done.code, done.out) == (0, "3 files, no findings\n")
    spec(repository, PROJECTS[1]).write_text(GATEWAY + MISTAKE)
    done = gatewright(repository, "validate")
    assert done.code == 3
    assert done.out.startswith("accounts/bolt/gateways/chat.yaml:4:1: error unknown-key: ")
    assert "  4 | autentication: true\n" in done.out
    assert done.out.endswith("\n1 error in 1 file\n")


def test_a_tool_gets_the_names_as_seen_from_where_it_stands(repository: Path) -> None:
    spec(repository, PROJECTS[1]).write_text(GATEWAY + MISTAKE)
    done = gatewright(repository / "accounts", "validate", "--format", "github")
    assert done.out.startswith("::error file=bolt/gateways/chat.yaml,line=4,")
    done = gatewright(repository.parent, "validate", "--project", repository.name, "--format=sarif")
    (result,) = json.loads(done.out)["runs"][0]["results"]
    (place,) = result["locations"]
    uri = place["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == f"{repository.name}/accounts/bolt/gateways/chat.yaml"


def test_a_project_at_the_root_is_the_one_that_is_meant(repository: Path) -> None:
    own = repository / "gateways" / "own.yaml"
    own.parent.mkdir()
    own.write_text(GATEWAY.replace("chat", "own"))
    spec(repository, PROJECTS[0]).write_text(GATEWAY + MISTAKE)
    assert gatewright(repository, "validate").out == "1 file, no findings\n"


@pytest.mark.parametrize("verb", ["validate", "fmt", "review"])
def test_without_any_project_it_says_so(tmp_path: Path, verb: str) -> None:
    git(tmp_path, "init", "--quiet")
    done = gatewright(tmp_path, verb)
    assert (done.code, done.out) == (2, "")
    assert "there is no folder `gateways`" in done.err


@pytest.mark.parametrize(
    "verb",
    ["adopt", "deploy --stack prod", "drift --stack prod", "local up", "token rotate any"],
)
def test_a_verb_about_one_project_tells_how_to_name_it(repository: Path, verb: str) -> None:
    done = gatewright(repository, *verb.split())
    assert (done.code, done.out) == (2, "")
    assert "`.` is no project but has 3 below" in done.err
    assert "say which with `--project`: `accounts/acme`, `accounts/bolt`, " in done.err


def test_of_many_projects_some_are_named_as_seen_from_here(repository: Path) -> None:
    shutil.copytree(repository / PROJECTS[0], repository / "accounts/dune")
    done = gatewright(repository.parent, "drift", "--project", repository.name)
    assert done.code == 2
    assert "and `gatewright drift` is about one\n" in done.err
    assert f"`{repository.name}/accounts/core`, …\n" in done.err


def test_all_are_brought_into_form(repository: Path) -> None:
    for name in PROJECTS[:2]:
        edit(spec(repository, name), "authentication: true", "authentication:   true")
    done = gatewright(repository, "fmt", "--check")
    assert done.code == 3
    assert done.out.splitlines() == [
        f"would format {name}/gateways/chat.yaml" for name in PROJECTS[:2]
    ]
    assert gatewright(repository, "fmt").code == 0
    assert gatewright(repository, "fmt", "--check").code == 0
    assert spec(repository, PROJECTS[1]).read_text() == GATEWAY


def test_one_review_tells_what_changes_in_each(repository: Path) -> None:
    assert reviewed(repository) == {}
    edit(spec(repository, PROJECTS[2]), "id: chat", "id: chat # why")
    assert reviewed(repository) == {}
    edit(spec(repository, PROJECTS[0]), "limit: 600", "limit: 300")
    edit(spec(repository, PROJECTS[1]), "limit: 600", "limit: 700")
    limit = "changed chat ['rate_limiting.limit']"
    assert reviewed(repository) == {(f"{name} prod",): [limit] for name in PROJECTS[:2]}
    commit(repository)
    assert reviewed(repository) == {}
    for revisions in ("HEAD~1", "HEAD~1..HEAD"):
        assert len(reviewed(repository, revisions)) == 2
    assert gatewright(repository, "review", "--exit-code").code == 0
    assert gatewright(repository, "review", "HEAD~1..HEAD", "--exit-code").code == 7


def test_before_the_first_commit_all_is_new(repository: Path) -> None:
    shutil.rmtree(repository / ".git")
    git(repository, "init", "--quiet")
    assert reviewed(repository) == {tuple(f"{name} prod" for name in PROJECTS): ["added chat"]}


def test_what_changes_alike_in_several_is_told_once(repository: Path) -> None:
    for name in PROJECTS:
        edit(spec(repository, name), "limit: 600", "limit: 300")
    done = gatewright(repository, "review")
    assert done.out.splitlines()[0] == (
        "stacks accounts/acme prod, accounts/bolt prod, accounts/core prod"
    )
    assert done.out.count("rate_limiting.limit: 600 → 300") == 1
    assert done.out.count("  checksum accounts/") == 3
    done = gatewright(repository, "review", "--format", "markdown")
    for name in PROJECTS:
        assert f"`gatewright deploy --project {name} --stack prod --checksum sha256:" in done.out
    done = gatewright(repository, "review", "--format", "sarif")
    results = json.loads(done.out)["runs"][0]["results"]
    assert [
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in results
    ] == [f"{name}/gateways/chat.yaml" for name in PROJECTS]


@pytest.mark.parametrize("revisions", [(), ("HEAD~1..HEAD",)])
def test_new_and_removed_projects_are_told_whole(
    repository: Path, revisions: tuple[str, ...]
) -> None:
    shutil.copytree(repository / PROJECTS[0], repository / "accounts" / "dock")
    shutil.rmtree(repository / PROJECTS[1])
    if revisions:
        commit(repository)
    assert reviewed(repository, *revisions) == {
        ("accounts/bolt",): ["removed chat"],
        ("accounts/dock prod",): ["added chat"],
    }


def test_one_that_does_not_compile_is_named_and_the_others_are_reviewed(repository: Path) -> None:
    spec(repository, PROJECTS[0]).write_text(GATEWAY + MISTAKE)
    edit(spec(repository, PROJECTS[1]), "limit: 600", "limit: 300")
    done = gatewright(repository, "review")
    assert done.code == 3
    assert done.out.startswith(
        "the new revision of accounts/acme does not compile: no stack of it can be compared\n"
    )
    assert "stack accounts/bolt prod\n" in done.out
    assert "  accounts/acme/gateways/chat.yaml:4:1: error unknown-key: " in done.out


@pytest.mark.parametrize("revisions", [(), ("HEAD~1..HEAD",)])
@pytest.mark.parametrize("between", ["", "between.yaml"], ids=["a link", "a link to a link"])
def test_what_is_shared_by_a_link_changes_in_each(
    repository: Path, revisions: tuple[str, ...], between: str
) -> None:
    shared = repository / "shared" / "defaults.yaml"
    shared.parent.mkdir()
    shared.write_text("zdr: false\n")
    target = shared
    if between:
        target = shared.with_name(between)
        target.symlink_to(shared.name)
    for name in PROJECTS:
        link = spec(repository, name).with_name("defaults.yaml")
        link.symlink_to(os.path.relpath(target, link.parent))
    commit(repository)
    shared.write_text("zdr: true\n")
    if revisions:
        commit(repository)
    assert reviewed(repository, *revisions) == {
        tuple(f"{name} prod" for name in PROJECTS): ["changed chat ['zdr']"]
    }


@pytest.mark.parametrize("is_committed", [False, True])
def test_a_project_in_a_renamed_folder_is_the_one_that_it_was(
    repository: Path, *, is_committed: bool
) -> None:
    for old, new in ((PROJECTS[0], "accounts/dock"), (PROJECTS[1], "elsewhere")):
        (repository / old).rename(repository / new)
    edit(spec(repository, "elsewhere"), "limit: 600", "limit: 300")
    if is_committed:
        commit(repository)
    revisions = ["HEAD~1..HEAD"] if is_committed else []
    limit = "changed chat ['rate_limiting.limit']"
    assert reviewed(repository, *revisions) == {("elsewhere prod",): [limit]}
    assert reviewed(repository / "elsewhere", *revisions) == {(None,): [limit]}
    assert "nothing that is" in gatewright(repository / "accounts/dock", "review", *revisions).out


def test_a_new_project_takes_no_place_of_one_with_another_name(repository: Path) -> None:
    (repository / PROJECTS[0]).rename(repository / "accounts" / "dock")
    edit(repository / "accounts/dock/Pulumi.yaml", "name: acme", "name: dock")
    assert reviewed(repository) == {
        ("accounts/acme",): ["removed chat"],
        ("accounts/dock prod",): ["added chat"],
    }
    assert reviewed(repository / "accounts/dock") == {(None,): ["added chat"]}


def test_a_project_in_a_submodule_that_changes_is_told_and_not_passed_over(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    around = tmp_path_factory.mktemp("around")
    git(around, "init", "--quiet", "--initial-branch", "main")
    allowed = ("-c", "protocol.file.allow=always")
    git(around, *allowed, "submodule", "--quiet", "add", str(repository), "shared")
    commit(around)
    assert gatewright(around, "review").code == 0
    edit(spec(around / "shared", PROJECTS[0]), "limit: 600", "limit: 300")
    done = gatewright(around, "review")
    assert done.code == 8
    assert "`shared` is a submodule that changes, and the project `shared/accounts/" in done.err
