"""The copies of a project that a rehearsal deploys."""

from pathlib import Path

from support.runner import git

from gatewright import spec
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
