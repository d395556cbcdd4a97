"""Write the catalogue of rules: ``python -m gatewright.spec.rules``, at the repository's root."""

from pathlib import Path

from gatewright.spec.rules.page import page

Path("docs", "rules.md").write_text(page(), encoding="utf-8", newline="\n")
