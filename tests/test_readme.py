"""What the README shows is what is there."""

import re
from pathlib import Path

from gatewright.cli.verbs import VERBS
from gatewright.errors import ExitCode

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_the_gateway_it_shows_is_the_shipped_one():
    shown = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert shown
    assert shown[1] == (ROOT / "gateways" / "support.yaml").read_text()


def test_every_verb_has_its_line():
    assert [verb for verb in VERBS if f"| `gatewright {verb}" not in README] == []


def test_every_exit_code_is_listed():
    line = README[README.index("Exit codes:") :].partition("\n\n")[0]
    assert {int(code) for code in re.findall(r"\b(\d+) [a-z]", line)} == set(ExitCode)
