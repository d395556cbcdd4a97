"""The revision that the outputs tell: it can be checked out again, or it says that it cannot."""

import subprocess
from pathlib import Path

import pytest

from gatewright.program import revision

SOURCES = ["gateways", "workers/ask.js"]


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    command = ["git", *who, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("file", "is_dirty"),
    [
        ("", False),
        ("gateways/support.yaml", True),
        ("README.md", True),
        ("gateways/new.yaml", True),
        ("gateways/tokens/new.yaml", True),
        ("workers/ask.js", True),
        ("gateways/kept.bak", False),
        ("report.xml", False),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_it_is_dirty_where_what_is_deployed_is_in_no_commit(
    tmp_path: Path, file: str, *, is_dirty: bool
) -> None:
    for name, text in {
        "gateways/support.yaml": "a",
        "README.md": "b",
        ".gitignore": "*.bak",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "one")
    commit = git(tmp_path, "rev-parse", "HEAD").strip()
    if file:
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text("changed")
    assert revision.of(tmp_path, SOURCES) == commit + ("-dirty" if is_dirty else "")


def test_it_is_unknown_outside_of_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert revision.of(tmp_path, SOURCES) == "unknown"
