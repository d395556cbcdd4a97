"""A survey says what `check` says, wherever the files are and whatever was surveyed before."""

import shutil
from pathlib import Path

import pytest

from gatewright import spec
from gatewright.model.wire import checksum
from gatewright.spec import times
from gatewright.spec.files import WORKER

CASES = Path(__file__).parents[1] / "cases"
FOLDERS = sorted(path for path in CASES.glob("*/*") if path.is_dir())
NOW = "2026-11-01T00:00:00Z"


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(times, "now", lambda: NOW)


def held(folder: Path) -> spec.Held | None:
    """The case as a revision would be held; None for what only a folder can be."""
    paths = [path for path in folder.rglob("*") if not path.is_dir()]
    if (folder / WORKER.folder).exists() or any(path.is_symlink() for path in paths):
        return None
    return spec.Held({path.relative_to(folder).as_posix(): path.read_bytes() for path in paths})


def checksums(folder: Path) -> dict[str | None, str | None]:
    names = [None, *sorted(spec.stacks(folder))]
    loaded = {name: spec.load(folder, stack=name, now=NOW).deployment for name in names}
    return {name: deployment and checksum(deployment) for name, deployment in loaded.items()}


def surveyed(survey: spec.Survey) -> dict[str | None, str | None]:
    return {name: each and checksum(each) for name, each in survey.deployments.items()}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_survey_finds_what_a_check_finds(folder: Path, tmp_path: Path) -> None:
    expected = spec.check(folder, now=NOW).findings
    survey = spec.survey(folder)
    assert survey.findings == expected
    assert surveyed(survey) == checksums(folder)

    # A second revision takes over what is the same: all of it, and all but one file.
    again = tmp_path / "again"
    shutil.copytree(folder, again, symlinks=True)
    assert spec.survey(again, like=survey).findings == expected
    files = sorted(path for path in (again / "gateways").glob("*.yaml") if path.is_file())
    if len(files) > 1:
        files[0].unlink()
        part = spec.survey(again, like=survey)
        assert part.findings == spec.check(again, now=NOW).findings
        assert surveyed(part) == checksums(again)

    if revision := held(folder):
        assert spec.survey(revision).findings == expected
        assert surveyed(spec.survey(revision, like=survey)) == checksums(folder)


def test_enough_cases_can_be_held() -> None:
    assert sum(held(folder) is not None for folder in FOLDERS) > len(FOLDERS) // 2


def test_an_object_is_found_where_it_is_written() -> None:
    survey = spec.survey(CASES.parents[1])
    place = survey.place("gateway", "support")
    assert place
    assert (place.file, place.line, place.column) == ("gateways/support.yaml", 2, 5)
    assert survey.place("gateway", "nobody") is None
