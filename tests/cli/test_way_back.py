"""The commands of the way back, typed into a shell: the project is then as it was."""

import os
import subprocess
from pathlib import Path

import pytest

from gatewright.cli import way_back

GOOD = {
    "gateways/support.yaml": "id: support\n",
    "gateways/workers/ask.yaml": "script: workers/ask.ts\n",
    "workers/ask.ts": 'import "./word";\n',
    "workers/word.ts": "good\n",
    "gatewright.yaml": "plan: paid\n",
}
OUTSIDE = "other project/notes.md"


def git(folder: Path, *arguments: str) -> str:
    command = ["git", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture(autouse=True)
def _identity(monkeypatch: pytest.MonkeyPatch) -> None:
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "t")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "t@example.com")


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def tree(project: Path) -> dict[str, str]:
    """What would be deployed."""
    found = (path for path in project.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {str(path.relative_to(project)): path.read_text() for path in found}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A good commit, and a later one in which a script has another name and much is new."""
    root = tmp_path / "repository"
    write(root / "a project", GOOD)
    write(root, {OUTSIDE: "notes\n"})
    git(root.parent, "init", "--quiet", str(root))
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "good")
    git(root, "tag", "good")
    git(root, "mv", "a project/workers/ask.ts", "a project/workers/other.ts")
    later = {
        "gateways/workers/ask.yaml": "script: workers/other.ts\n",
        "workers/word.ts": "bad\n",
        "gateways/new.yaml": "id: new\n",
        "gatewright.yaml": "plan: free\n",
    }
    write(root / "a project", later)
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "bad")
    return root


@pytest.mark.parametrize("from_inside", [True, False], ids=["in it", "from outside"])
@pytest.mark.parametrize(
    "uncommitted",
    [
        {},
        {"gateways/support.yaml": "id: support\nedited: true\n"},
        {"gateways/untracked.yaml": "id: untracked\n"},
        {"gateways/untracked.yaml": "id: untracked\n", "workers/word.ts": "edited\n"},
    ],
    ids=["clean", "edited", "untracked", "both"],
)
def test_the_project_is_as_it_was_and_nothing_is_lost(
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    uncommitted: dict[str, str],
    *,
    from_inside: bool,
) -> None:
    project = repository / "a project"
    write(project, uncommitted)
    write(repository, {OUTSIDE: "unsaved\n"})
    monkeypatch.chdir(project if from_inside else repository.parent)
    place = Path() if from_inside else Path(os.path.relpath(project))
    good = git(repository, "rev-parse", "good")

    *steps, deploy = way_back.commands(place, "--stack prod", good, made=2)
    for step in steps:
        subprocess.run(step, shell=True, check=True, capture_output=True)  # noqa: S602  # as typed
    assert tree(project) == GOOD
    assert (repository / OUTSIDE).read_text() == "unsaved\n"
    more = "" if from_inside else " --project 'repository/a project'"
    assert deploy == f"gatewright deploy --stack prod{more} --max-destroyed 2"

    git(repository, "checkout", "--quiet", "HEAD", "--", "a project")
    for _ in git(repository, "stash", "list").splitlines():
        git(repository, "stash", "pop")
    kept = tree(project)
    assert {name: kept[name] for name in uncommitted} == uncommitted


def test_a_shallow_clone_fetches_it_first(repository: Path, tmp_path: Path) -> None:
    good = git(repository, "rev-parse", "good")
    git(repository, "config", "uploadpack.allowAnySHA1InWant", "true")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{repository}", str(clone))
    *steps, _ = way_back.commands(clone / "a project", "--local", good, made=0)
    assert "fetch --depth=1 origin" in steps[0]
    for step in steps:
        subprocess.run(step, shell=True, check=True, capture_output=True)  # noqa: S602  # as typed
    assert tree(clone / "a project") == GOOD
