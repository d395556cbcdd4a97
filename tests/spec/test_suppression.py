"""Comments that ignore findings; the folders of tests/cases have the messages."""

import pytest

from gatewright import spec
from gatewright.model import Severity

OPEN = "authentication: false"
WHY = "# gatewright: ignore[open-logs] because"


def outcome(project, text):
    loaded = project({"a.yaml": f"id: a\n{text}\n"})
    return [found.rule for found in loaded.findings], [each.reason for each in loaded.suppressed]


@pytest.mark.parametrize(
    "text",
    [
        f"{OPEN} {WHY}",
        f"{WHY}\n{OPEN}",
        f"{WHY}\n# and a comment more\n{OPEN}",
        f"# first a comment\n{WHY}\n{OPEN}",
        f"{OPEN} #gatewright:ignore[open-logs]because",
        f"{OPEN}  #\tgatewright: ignore[ open-logs , ]   because  ",
    ],
)
def test_what_hides_the_finding(project, text):
    assert outcome(project, text) == ([], ["because"])


@pytest.mark.parametrize(
    "text",
    [
        f"{WHY}\n\n{OPEN}",
        f"{OPEN}\n{WHY}",
        f"{OPEN}\nzdr: false {WHY}",
        f"{OPEN} # gatewright: ignore[zdr-logs] because",
    ],
)
def test_what_does_not(project, text):
    rules, reasons = outcome(project, text)
    assert sorted(rules) == ["open-logs", "unused-suppression"]
    assert reasons == []


@pytest.mark.parametrize(
    "text",
    [
        "description: 'a # gatewright: ignore[x] y'",
        'description: "a\n  # gatewright: ignore[x] y"',
        "description: |\n  # gatewright: ignore[x] y",
        "description: >-\n  a\n\n  # gatewright: ignore[x] y\n",
        "description: a#gatewright: ignore[x] y",
    ],
)
def test_what_is_no_comment(project, text):
    rules, _ = outcome(project, f"authentication: true\n{text}")
    assert "bad-suppression" not in rules
    assert "unused-suppression" not in rules


def test_a_comment_after_a_block_of_text_is_one(project):
    text = f"description: |\n  some text\n\n{WHY}\n{OPEN}"
    assert outcome(project, text) == ([], ["because"])


def test_whether_a_comment_is_unused_only_a_look_at_all_stacks_tells(project):
    text = f"authentication: true\nzdr: true\nlogs:\n  collect: true\n{WHY}\nstacks: {{}}"
    project({"a.yaml": f"id: a\n{text}\n"})
    assert [each.rule for each in spec.check(project.root).findings] == ["unused-suppression"]
    assert spec.check(project.root, stack="prod").findings == ()
    assert spec.load(project.root).findings == ()


def test_the_severity_of_a_bad_comment_can_be_changed(project):
    (project.root / "gatewright.yaml").write_text("rules: {bad-suppression: warning}\n")
    loaded = project({"a.yaml": "id: a\nauthentication: true # gatewright: ignore\n"})
    (found,) = loaded.findings
    assert (found.rule, found.severity) == ("bad-suppression", Severity.WARNING)
    assert loaded.deployment is not None


def test_no_setting_changes_what_makes_a_deployment_unsound(project):
    fixed = [rule.id for rule in spec.RULES.values() if not rule.adjustable]
    text = "".join(f"  {rule}: ignore\n" for rule in fixed)
    (project.root / "gatewright.yaml").write_text(f"rules:\n{text}")
    loaded = project({"a.yaml": "id: a\n"})
    rules = [(found.location.file, found.rule) for found in loaded.findings]
    assert ("gateways/a.yaml", "missing-key") in rules
    assert rules.count(("gatewright.yaml", "unknown-key")) == len(fixed)
