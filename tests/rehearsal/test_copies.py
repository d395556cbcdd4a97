"""The copies of a project that a rehearsal deploys."""

from pathlib import Path

import pytest
from support.runner import git

from gatewright import spec
from gatewright.cli.revisions import Revisions
from gatewright.git import Repository
from gatewright.rehearsal import copies


def test_what_a_project_has_by_a_link_is_in_its_copies(tmp_path: Path) -> None:
    """Several accounts share a file that is in the folder of none."""
    repository = tmp_path / "repository"
    project = repository / "accounts" / "acme"
    (project / "gateways").mkdir(parents=True)
    (project / "Pulumi.yaml").write_text("name: acme\nruntime: python\n")
    (project / "gateways" / "chat.yaml").write_text("id: chat\n")
    (repository / "shared").mkdir()
    (repository / "shared" / "defaults.yaml").write_text("authentication: true\n")
    (project / "gateways" / "defaults.yaml").symlink_to("../../../shared/defaults.yaml")
    git(repository, "init", "--quiet")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "one account")
    own = Repository.of(repository)
    made = [
        copies.of_revision(own, own.revision("HEAD"), project, tmp_path / "revision"),
        copies.of_files(project, tmp_path / "files"),
    ]
    for each in made:
        deployment = spec.load(each.project).deployment
        assert deployment
        assert [gateway.authentication for gateway in deployment.gateways] == [True]


@pytest.mark.parametrize("revisions", ["HEAD", "HEAD~1..HEAD"])
def test_a_project_whose_folder_is_renamed_has_its_earlier_revision(
    tmp_path: Path, revisions: str
) -> None:
    repository = tmp_path / "repository"
    old, new = repository / "infra", repository / "cloud" / "gateways-of-shop"
    (old / "gateways").mkdir(parents=True)
    (old / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (old / "gateways" / "chat.yaml").write_text("id: chat\nauthentication: true\n")
    git(repository, "init", "--quiet")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "a project")
    new.parent.mkdir()
    old.rename(new)
    if ".." in revisions:
        git(repository, "add", "--all")
        git(repository, "commit", "--quiet", "--message", "another folder")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    copied = Revisions.of(new, revisions).copies(scratch)
    assert [(each and each.name, each and each.is_project) for each in copied] == [
        ("shop", True),
        ("shop", True),
    ]
    deployments = [spec.load(each.project).deployment for each in copied if each]
    assert deployments[0] == deployments[1] is not None
