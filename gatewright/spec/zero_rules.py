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
    """Findings about rates and timeouts of routes, and windows of spend rules, that are 0."""
    for path, value in (*_of_routes(spec), *_windows(spec)):
        amount = durations.milliseconds(value) if isinstance(value, str) else value
        if amount == 0 and not isinstance(amount, bool):
            yield finding(
                "zero-limit",
                spec.positions.value(path),
                f"at 0, {quoted(dotted(path))} may limit nothing or everything: nobody says which",
                hint="write the time that is meant"
                if path[-1] == "timeout"
                else "write the limit that is meant, or leave it out",
                path=path,
            )


def _of_routes(spec: Spec) -> Iterator[tuple[Path, Any]]:
    routes = get(spec, "routes")
    for name in routes if isinstance(routes, dict) else ():
        steps = get(spec, "routes", name, "steps")
        for step in steps if isinstance(steps, dict) else ():
            for keys in (("rate", "limit"), ("rate", "window"), ("timeout",)):
                path = ("routes", name, "steps", step, *keys)
                yield path, get(spec, *path)


def _windows(spec: Spec) -> Iterator[tuple[Path, Any]]:
    rules = get(spec, "spend_limits", "rules")
    for index, rule in enumerate(rules if isinstance(rules, list) else ()):
        if isinstance(rule, dict):
            yield ("spend_limits", "rules", index, "window"), rule.get("window")
