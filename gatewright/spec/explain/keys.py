"""Keys that are unknown, and keys that are missing."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from gatewright.model import Finding
from gatewright.spec import schemas
from gatewright.spec.explain.mistake import Mistake, example
from gatewright.spec.files import SETTINGS
from gatewright.spec.rules import MOST_PER_FILE, RULES
from gatewright.spec.words import listed, quoted


def unknown_keys(mistake: Mistake) -> Iterator[Finding]:
    """A finding at each key that nobody knows."""
    known = mistake.schema["properties"]
    where = f"in {mistake.subject}"
    for key in mistake.value:
        if key in known:
            continue
        if mistake.spec.kind is SETTINGS and key in RULES:
            message = f"the severity of {quoted(key)} cannot be changed"
            hint = "there is nothing sound to deploy until such a finding is mended"
        else:
            hint = mistake.intended(known).hint(key) or f"allowed here: {listed(known, 'and')}"
            message = f"unknown key {quoted(key)} {where}"
        yield mistake.key_finding("unknown-key", key, message, hint)


def missing_keys(mistake: Mistake) -> Iterator[Finding]:
    """A finding for each key that is not there, unless another is meant for it."""
    properties = mistake.schema.get("properties", {})
    unknown = [key for key in islice(mistake.value, MOST_PER_FILE) if key not in properties]
    names = {*properties, *mistake.wanted}
    intended = mistake.intended(names)
    misspelt = {intended.path(key)[0]: key for key in unknown}
    for key in mistake.wanted:
        if key in mistake.value:
            continue
        message = f"{mistake.subject} needs the key {quoted(key)}"
        if key not in misspelt:
            hint = example(_resolved(mistake, properties.get(key, {})), (key,))
            yield mistake.key_finding("missing-key", key, message, hint)
        elif not mistake.is_closed:
            # A closed mapping has it said once, as an unknown key.
            hint = f"did you mean {quoted(key)}?"
            yield mistake.key_finding("missing-key", misspelt[key], message, hint)


def _resolved(mistake: Mistake, definition: dict[str, Any]) -> dict[str, Any]:
    """What is defined there, or where it refers to; its own words come first."""
    part: Any = schemas.schema(mistake.spec.kind.schema)
    for step in str(definition.get("$ref", "")).split("/")[1:]:
        part = part[step]
    return {**part, **definition} if "$ref" in definition else definition
