"""Writes the pages that are made from the code; a test compares them."""

from pathlib import Path

from generating import codes, commands, fields

from gatewright.spec.rules import page as rules

DOCS = Path(__file__).parent
PAGES = {
    "cli.md": commands.page,
    "exit-codes.md": codes.page,
    "fields.md": fields.page,
    "rules.md": rules.page,
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
