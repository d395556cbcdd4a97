"""The one table of rules, in the order in which people read it."""

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
