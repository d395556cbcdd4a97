"""docs/troubleshooting.md has the table that the end-to-end tests go through."""

import os
import re

from support import fault_table
from support.project import ROOT

PAGE = ROOT / "docs/troubleshooting.md"
#: What others say: the engine, Python, Cloudflare.
OTHERS = (
    "cannot be deleted because it is protected",
    "the stack is currently locked by",
    "lock(s)",
    "Attempting to deploy",
    "pending operations",
    "Authentication error (code 10000, HTTP 401",
    "not found (code 7002, HTTP 404",
    "code 971, HTTP 429",
    "ModuleNotFoundError: No module named 'pulumi'",
    "'gatewright'",
    "warning: using pulumi-resource-cloudflare from $PATH at",
)
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


def test_every_text_that_the_page_starts_from_is_said_by_somebody() -> None:
    program = "".join(path.read_text() for path in (ROOT / "gatewright").rglob("*.py"))
    # A sentence goes on in the next line of the source.
    program = re.sub(r'"\n\s*f?"', "", program)
    headings = re.findall(r"^## (.*)$", PAGE.read_text(), re.MULTILINE)
    quoted = [text for heading in headings for text in re.findall("`([^`]+)`", heading)]
    assert len(quoted) > 10
    said = [part.strip(" )").removeprefix("warning ") for t in quoted for part in t.split("…")]
    unknown = {part for part in said if len(part) > 4 and part not in OTHERS}
    assert sorted(part for part in unknown if part not in program) == []
