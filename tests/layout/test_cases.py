"""Each folder below cases/KIND is a file before and after `gatewright fmt`.

    GATEWRIGHT_REWRITE_CASES=1 python -m pytest tests/layout

writes the `after.yaml` of new folders; read what it wrote.
"""

import os
from pathlib import Path

import pytest

from gatewright.spec import schemas
from gatewright.spec.layout import project
from gatewright.spec.layout.project import State

CASES = Path(__file__).parent / "cases"
FOLDERS = sorted(path for path in CASES.glob("*/*") if path.is_dir())
PLACES = {
    "gateway": "gateways/support.yaml",
    "defaults": "gateways/defaults.yaml",
    "settings": "gatewright.yaml",
    "token": "gateways/tokens/smoke.yaml",
    "cache-policy": "gateways/cache-policies/answers.yaml",
}


@pytest.fixture
def formatted(tmp_path):
    """The outcome for a text in a project that has the schemas."""
    (tmp_path / "gateways").mkdir()
    (tmp_path / "schemas").symlink_to(schemas.folder())

    def outcome(kind, text):
        path = tmp_path / PLACES[kind]
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        (made,) = project.outcomes(tmp_path, [path])
        return made

    return outcome


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_case(folder, formatted):
    kind = folder.parent.name
    before = (folder / "before.yaml").read_text("utf-8")
    made = formatted(kind, before)
    expected = folder / "after.yaml"
    if os.environ.get("GATEWRIGHT_REWRITE_CASES"):
        expected.write_text(made.text, encoding="utf-8", newline="\n")
    assert made.state is State.CHANGED
    assert made.text == expected.read_text("utf-8")
    assert formatted(kind, made.text).state is State.SAME


def test_the_shipped_specs_are_in_form():
    root = Path(__file__).parents[2]
    states = {each.file.name: each.state for each in project.outcomes(root)}
    assert len(states) > 3
    assert set(states.values()) == {State.SAME}
