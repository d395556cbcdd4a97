from collections.abc import Iterator
from pathlib import Path

import pytest
from support.project import Project, make_project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A fresh project; whatever a test does, nothing of it may still run at the end."""
    project = make_project(tmp_path / "project")
    yield project
    assert project.left_running() == []
