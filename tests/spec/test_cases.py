"""Each folder below tests/cases is a project; its README.md says how to add one."""

import os
import re
from pathlib import Path

import pytest

from gatewright import spec
from gatewright.paint import plain
from gatewright.spec import explain, layers, reading, schemas, views

CASES = Path(__file__).parents[1] / "cases"
FOLDERS = sorted(path for path in CASES.glob("*/*") if path.is_dir())
#: Before any token here expires, but for those that are to be expired.
NOW = "2026-11-01T00:00:00Z"
REWRITE = "GATEWRIGHT_REWRITE_CASES"
#: No cases: files and reports of this size do not belong in a repository.
MADE_AT_RUN_TIME = {"file-too-large", "too-many-findings"}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_case(folder):
    loaded = spec.check(folder, now=NOW)
    report = spec.report.text(loaded, plain) + "\n"
    expected = folder / "expected.txt"
    if os.environ.get(REWRITE):
        expected.write_text(report, encoding="utf-8", newline="\n")
    assert report == expected.read_text(encoding="utf-8")
    assert (loaded.deployment is None) == (folder.parent.name == "invalid")


def test_the_cases_cover_every_rule():
    reports = "".join((folder / "expected.txt").read_text("utf-8") for folder in FOLDERS)
    covered = set(
        re.findall(r"^\S+:\d+:\d+: (?:error|warning|info) ([a-z0-9-]+): ", reports, re.MULTILINE)
    )
    assert covered == set(spec.RULES) - MADE_AT_RUN_TIME


def errors_of_the_schemas(folder):
    """The keywords that the files of a case break, with and without each stack."""
    project = reading.read(folder)
    specs = [project.settings_spec] if project.settings_spec else []
    for each in project.documents:
        if each.spec:
            for stack in (None, *views.stacks(project)):
                defaults = project.defaults_of(each.file.kind)
                specs.append(layers.merged(each.spec, defaults, stack))
    for merged in specs:
        for error in schemas.errors(merged.kind, merged.data):
            yield str(error.validator)


def test_the_cases_break_every_keyword_of_the_schemas():
    broken = {keyword for folder in FOLDERS for keyword in errors_of_the_schemas(folder)}
    assert broken == set(explain.EXPLANATIONS)


def test_there_are_cases_of_both_kinds():
    assert {folder.parent.name for folder in FOLDERS} == {"valid", "invalid"}


def test_the_examples_have_no_findings():
    root = CASES.parents[1]
    loaded = spec.check(root, now=NOW)
    assert spec.report.text(loaded, plain) == "6 files, no findings"
    first_lines = {
        path.read_text("utf-8").split("=")[0] for path in root.glob("gateways/**/*.yaml")
    }
    assert first_lines == {"# yaml-language-server: $schema"}
