"""The one table of rules, and the one way to make a finding.

Ids are stable: people suppress by them and tools group by them.
``python -m gatewright.spec.rules`` writes the catalogue, docs/rules.md.
"""

from gatewright.model import Finding, Location
from gatewright.spec.rules import (
    calls,
    comments,
    files,
    keys,
    meaning,
    routes,
    safety,
    sections,
    shape,
    workers,
    yaml_text,
)
from gatewright.spec.rules.rule import Rule

__all__ = ["MOST_PER_FILE", "RULES", "Path", "Rule", "finding", "link"]

Path = tuple[str | int, ...]

#: More of one file help nobody, and finding the places of a million takes long.
MOST_PER_FILE = 100

_PARTS = (
    files,
    yaml_text,
    shape,
    meaning,
    sections,
    routes,
    calls,
    keys,
    workers,
    safety,
    comments,
)
RULES = {rule.id: rule for part in _PARTS for rule in part.RULES}


def link(rule: str) -> str:
    """Where the documentation of the rule with this id is, below the repository."""
    return f"docs/rules.md#{rule}"


def finding(
    rule: str, location: Location, message: str, *, hint: str | None = None, path: Path = ()
) -> Finding:
    """A finding of the rule with this id, with the severity of the table."""
    return Finding(location, rule, message, hint, RULES[rule].severity, path)
