"""docs/troubleshooting.md has the table that the end-to-end tests go through."""

import os

from support import fault_table
from support.project import ROOT

PAGE = ROOT / "docs/troubleshooting.md"
MARK = "<!-- from tests/support/fault_table.py -->\n"


def test_the_table_is_that_of_the_tests() -> None:
    before, after = PAGE.read_text().split(MARK)
    rest = after.lstrip("\n").split("\n\n", 1)
    following = rest[1] if rest[0].startswith("|") else after.lstrip("\n")
    wanted = f"{before}{MARK}\n{fault_table.table()}\n\n{following}"
    if "GATEWRIGHT_REWRITE_DOCS" in os.environ:
        PAGE.write_text(wanted)
    assert PAGE.read_text() == wanted


def test_every_command_of_the_table_is_in_the_program() -> None:
    said = " ".join(fault_table.STEPS.values())
    assert "gatewright token revoke" in said
    assert {step for row in fault_table.ROWS for step in row.steps} == fault_table.STEPS.keys()
