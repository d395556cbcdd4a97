import re

import pytest

from gatewright.engine import MINIMUM, PINNED, recipe, toolchain
from gatewright.engine.version import is_too_old

FILES = {name: content.decode() for name, content in recipe.module_files()}


def test_the_engines_module_file_pins_the_version():
    text = FILES["engine/go.mod"]
    for module in ("pkg", "sdk"):
        assert f"github.com/pulumi/pulumi/{module}/v3 v{PINNED} " in text
    assert f"Version={PINNED}" in recipe.LINKER_FLAGS


def test_the_version_pinned_is_not_older_than_the_minimum():
    assert not is_too_old(PINNED)
    assert not is_too_old(MINIMUM)


@pytest.mark.parametrize("target", recipe.TARGETS)
def test_each_target_is_the_tool_of_its_module(target):
    assert f"\ntool {target.package}\n" in FILES[f"{target.module}/go.mod"]
    assert FILES[f"{target.module}/go.sum"]


@pytest.mark.parametrize("name", FILES)
def test_module_files_name_no_address_and_no_folder(name):
    assert "://" not in FILES[name]
    assert not re.search(r"proxy\.|=>\s*[./]", FILES[name])


def test_the_go_needed_is_the_newest_that_a_module_file_asks_for():
    asked = [
        re.search(r"^go (\S+)$", FILES[f"{t.module}/go.mod"], re.MULTILINE) for t in recipe.TARGETS
    ]
    assert toolchain.needed() in {line[1] for line in asked if line}
    assert toolchain.needed() == "1.25.11"


def test_the_fingerprint_follows_the_content_of_every_file(monkeypatch, tmp_path):
    recipe.write_modules(tmp_path)
    monkeypatch.setattr(recipe, "_MODULES", tmp_path)
    seen = {recipe.fingerprint()}
    for name in FILES:
        file = tmp_path / name
        file.write_bytes(b"#" + file.read_bytes()[1:])
        seen.add(recipe.fingerprint())
    assert len(seen) == len(FILES) + 1
