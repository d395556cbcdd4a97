"""The catalogue: every rule's examples are run, and the page is what it says."""

import re
from pathlib import Path

import pytest

from gatewright import spec
from gatewright.spec.rules import catalogue, link, page
from gatewright.spec.rules.rule import PADDING

#: Before any token here expires, but for those that are to be expired.
NOW = "2026-11-01T00:00:00Z"
RULES = list(spec.RULES.values())
ROOT = Path(__file__).parents[2]


def rules_found(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(PADDING, "#" * 1024 * 1024), encoding="utf-8")
    return {found.rule for found in spec.check(root, now=NOW).findings}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_bad_example_has_this_mistake_and_no_other(rule, tmp_path):
    others = {"unknown-key"} if rule.id == "too-many-findings" else set()
    assert rules_found(tmp_path, rule.bad) == {rule.id} | others


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_good_example_has_none(rule, tmp_path):
    assert rules_found(tmp_path, rule.good) == set()
    assert rule.good != rule.bad


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_said_in_words(rule):
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", rule.id)
    assert not rule.summary.endswith(".")
    assert len(rule.summary) <= 90
    assert rule.rationale[-1] in ".?"
    assert len(rule.rationale) >= 30
    assert f"**: {rule.summary}." in page.section(rule)


def test_ids_are_used_once():
    parts = [rule.id for part in catalogue._PARTS for rule in part.RULES]
    assert len(parts) == len(set(parts)) == len(RULES)


def test_the_page_is_the_generated_one():
    written = (ROOT / "docs" / "rules.md").read_text("utf-8")
    assert written == page.page(), "run `python -m gatewright.spec.rules`"


def test_links_lead_to_headings_of_the_page():
    headings = {line[3:] for line in page.page().splitlines() if line.startswith("## ")}
    assert headings == {link(rule.id).removeprefix("docs/rules.md#") for rule in RULES}


def test_the_page_is_short_though_some_examples_are_long():
    assert max(map(len, page.page().splitlines())) < 320
    assert page.page().replace("\n", "").replace("\t", "").isprintable()


def test_the_settings_name_every_rule_whose_severity_can_be_changed():
    properties = spec.schema("settings")["properties"]["rules"]["properties"]
    adjustable = [rule for rule in RULES if rule.adjustable]
    assert list(properties) == [rule.id for rule in adjustable]
    for rule in adjustable:
        said = properties[rule.id]["description"]
        assert said == f"{rule.summary[:1].upper()}{rule.summary[1:]}."
