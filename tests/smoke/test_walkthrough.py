"""The output in docs/smoke.md is what a run prints."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from smoke.live import READ, Broken, declared, run
from smoke.test_mutations import DECLARED, REWRITE

from gatewright import smoke
from gatewright.cli.smoke import command
from gatewright.paint import plain

PAGE = Path(__file__).parents[2] / "docs" / "smoke.md"
WIDTH = 100
OPTIONS = smoke.Options(deadline=1)
RUNS = {
    "open": ("closed", Broken(changed={"authentication": False}), smoke.Scope()),
    "token": ("closed", Broken(without=[READ]), smoke.Scope()),
    "fallback": (
        "routed",
        Broken(faults=[{"at": "provider", "status": 500, "times": 2}]),
        smoke.Scope(),
    ),
}
BLOCK = re.compile(r"<!-- run: (\w+) -->\n(?:\n```text\n.*?```\n)?", re.DOTALL)


def shown(name: str) -> str:
    gateway, broken, scope = RUNS[name]
    result = run(declared(DECLARED, gateway), broken, scope=scope, options=OPTIONS)
    assert result.of(smoke.Status.FAILED)
    return smoke.report.table(result, plain, WIDTH)


def test_the_page_shows_what_runs_print() -> None:
    page = PAGE.read_text()
    assert BLOCK.findall(page) == [*RUNS]
    text = BLOCK.sub(lambda m: f"<!-- run: {m[1]} -->\n\n```text\n{shown(m[1])}\n```\n", page)
    if os.environ.get(REWRITE):
        PAGE.write_text(text)
    assert PAGE.read_text() == text


def test_the_page_names_every_check() -> None:
    assert [kind for kind in smoke.Kind if f"`{kind}`" not in PAGE.read_text()] == []


@pytest.mark.parametrize("words", [smoke.Layer, smoke.Status, smoke.report.FORMATS])
def test_the_page_names_every_layer_verdict_and_format(words: Iterable[str]) -> None:
    page = PAGE.read_text()
    assert [word for word in words if f"`{word}`" not in page] == []


def test_the_page_names_every_option() -> None:
    page = PAGE.read_text()
    elsewhere = {"--project", "--help", "--quiet", "--verbose"}  # every verb has them
    names = {name for each in command.params for name in each.opts if name.startswith("--")}
    assert [name for name in sorted(names - elsewhere) if f"{name}" not in page] == []
