"""The pages that are made from the code are up to date, and each page has its place on the site."""

import re
import runpy
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from support.project import make_project
from support.review import commit, git, reviewed

from gatewright import smoke

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def pages():
    sys.path.insert(0, str(DOCS))
    try:
        return runpy.run_path(str(DOCS / "generate.py"))["PAGES"]
    finally:
        sys.path.remove(str(DOCS))


def test_generated_pages_are_up_to_date(pages):
    stale = [name for name, page in pages.items() if (DOCS / name).read_text("utf-8") != page()]
    assert stale == [], "run `make docs-generate`"


def test_every_property_of_a_schema_is_on_the_page_of_fields(pages):
    text = pages["fields.md"]()
    for kind in ("gateway", "cache-policy", "token", "worker", "custom-provider", "settings"):
        schema = yaml.safe_load((ROOT / "schemas" / f"{kind}.schema.json").read_text())
        assert [name for name in schema["properties"] if f"### {kind}: {name}\n" not in text] == []


def _placed(entries) -> list[str]:
    found = []
    for entry in entries:
        for each in entry.values() if isinstance(entry, dict) else [entry]:
            found += _placed(each) if isinstance(each, list) else [each]
    return found


def test_each_page_has_its_place_on_the_site():
    placed = _placed(yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"])
    there = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    assert len(placed) == len(set(placed))
    assert "adr/*.md" in placed
    others = {name for name in placed if not name.startswith(("project/", "adr/"))}
    assert others == {name for name in there if not name.startswith("adr/")}


def test_every_variable_of_the_environment_is_documented():
    code = "".join(path.read_text("utf-8") for path in (ROOT / "gatewright").rglob("*.py"))
    used = set(re.findall(r"\b(?:GATEWRIGHT|CLOUDFLARE)_[A-Z_]*[A-Z]\b", code))
    # Between our own processes, never set by a person.
    used -= {"GATEWRIGHT_RUN", "GATEWRIGHT_COMPLETE"}
    text = (DOCS / "settings.md").read_text("utf-8")
    assert {name for name in used if f"`{name}`" not in text} == set()


def test_every_key_of_a_stacks_configuration_is_documented():
    settings = (ROOT / "gatewright" / "program" / "settings.py").read_text("utf-8")
    keys = set(re.findall(r'config\.get\("(\w+)"\)', settings))
    text = (DOCS / "settings.md").read_text("utf-8")
    assert keys
    assert {key for key in keys if f"`gatewright:{key}`" not in text} == set()


def test_every_check_is_on_the_page_of_checks():
    text = (DOCS / "smoke.md").read_text("utf-8")
    assert [kind for kind in smoke.Kind if f"`{kind}`" not in text] == []


def test_the_layers_of_the_architecture_are_those_that_are_checked():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    [layers] = [each["layers"] for each in contracts["contracts"] if each["type"] == "layers"]
    checked = [set(re.findall(r"gatewright\.(\w+)", layer)) for layer in layers]
    page = (DOCS / "architecture.md").read_text("utf-8")
    [block] = re.findall(r"```text\n(cli .*?)```", page, re.DOTALL)
    # What stands behind more than two spaces says what the layer is for.
    told = [re.split(r" {3,}", line)[0].split() for line in block.splitlines()]
    assert list(map(set, told)) == checked


def test_the_example_of_a_review_is_what_a_review_prints(tmp_path: Path):
    project = make_project(tmp_path / "project")
    git(project.path, "init", "--quiet")
    commit(project.path)
    project.edit("gateways/drafts.yaml", "limit: 300", "limit: 200")
    page = (DOCS / "review.md").read_text("utf-8")
    assert f"$ gatewright review\n{reviewed(project).out}```" in page
