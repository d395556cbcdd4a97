"""The one table of rules, and the one way to make a finding.

Ids are stable: people suppress by them and tools group by them.
``python -m gatewright.spec.rules`` writes the catalogue, docs/rules.md.
"""

from typing import TYPE_CHECKING

from gatewright.lazy import names_of
from gatewright.model import Finding, Location

if TYPE_CHECKING:
    from gatewright.spec.rules.catalogue import RULES
    from gatewright.spec.rules.rule import Rule

__all__ = ["MOST_PER_FILE", "RULES", "Path", "Rule", "finding", "link"]

Path = tuple[str | int, ...]

#: More of one file help nobody, and finding the places of a million takes long.
MOST_PER_FILE = 100


def link(rule: str) -> str:
    """Where the documentation of the rule with this id is, below the repository."""
    return f"docs/rules.md#{rule}"


def finding(
    rule: str, location: Location, message: str, *, hint: str | None = None, path: Path = ()
) -> Finding:
    """A finding of the rule with this id, with the severity of the table."""
    from gatewright.spec.rules.catalogue import RULES  # noqa: PLC0415  # without findings, unused

    return Finding(location, rule, message, hint, RULES[rule].severity, path)


if not TYPE_CHECKING:
    __getattr__ = names_of(__name__, {"RULES": "catalogue", "Rule": "rule"})
