"""Zeros that Cloudflare takes and nobody says the meaning of."""

from collections.abc import Iterator
from typing import Any

from gatewright.model import Finding
from gatewright.spec import durations
from gatewright.spec.document import Spec
from gatewright.spec.project import get
from gatewright.spec.rules import Path, finding
from gatewright.spec.words import dotted, quoted


def check(spec: Spec) -> Iterator[Finding]:
    """Findings about rates of routes, and windows of spend rules, that are 0."""
    for path, value in (*_rates(spec), *_windows(spec)):
        if value == 0 and not isinstance(value, bool):
            yield finding(
                "zero-limit",
                spec.positions.value(path),
                f"at 0, {quoted(dotted(path))} may limit nothing or everything: nobody says which",
                hint="write the limit that is meant, or leave it out",
                path=path,
            )


def _rates(spec: Spec) -> Iterator[tuple[Path, Any]]:
    routes = get(spec, "routes")
    for name in routes if isinstance(routes, dict) else ():
        steps = get(spec, "routes", name, "steps")
        for step in steps if isinstance(steps, dict) else ():
            path = ("routes", name, "steps", step, "rate", "limit")
            yield path, get(spec, *path)


def _windows(spec: Spec) -> Iterator[tuple[Path, Any]]:
    rules = get(spec, "spend_limits", "rules")
    for index, rule in enumerate(rules if isinstance(rules, list) else ()):
        window = rule.get("window") if isinstance(rule, dict) else None
        if isinstance(window, int | str):
            yield ("spend_limits", "rules", index, "window"), durations.seconds(window)
