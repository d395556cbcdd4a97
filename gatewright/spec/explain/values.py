"""Values of the right type that are not allowed: their form, their range."""

import re
from collections.abc import Iterator
from typing import Any

from gatewright.model import Finding
from gatewright.spec import durations, formats
from gatewright.spec.explain.mistake import UNITS, Mistake, described, example
from gatewright.spec.explain.types import literal_secret
from gatewright.spec.masking import MASK
from gatewright.spec.words import did_you_mean, listed, quoted


def not_allowed(mistake: Mistake) -> Iterator[Finding]:
    """A value that is none of the allowed."""
    if mistake.value in (None, ""):
        what = "has no value" if mistake.value is None else "is empty"
        message = f"{mistake.subject} {what}"
        hint: str | None = f"it must be {listed(mistake.wanted)}"
    else:
        is_scalar = not isinstance(mistake.value, dict | list)
        written = quoted(mistake.value) if is_scalar else described(mistake)
        message = f"{mistake.subject} must be {listed(mistake.wanted)}, not {written}"
        hint = did_you_mean(str(mistake.value), mistake.wanted)
    yield mistake.finding("not-allowed", message, hint)


def no_match(mistake: Mistake) -> Iterator[Finding]:
    """A text that has not the form."""
    if mistake.schema.get("x-secret") and set(mistake.value) == {MASK}:
        yield from literal_secret(mistake)
        return
    message = f"{mistake.subject} {mistake.schema['patternErrorMessage']}"
    if not mistake.is_name:
        message += f", not {quoted(mistake.value)}" if mistake.value else ": it is empty"
    hint = _respelt(mistake) or example(mistake.schema, mistake.path)
    yield mistake.finding("bad-format", message, hint)


def _respelt(mistake: Mistake) -> str | None:
    """A hint with the value as it could be written, where case or spaces are all that is wrong."""
    text = mistake.value.strip()
    # The dots of a path are no separators of words.
    separators = r"[\s_]+" if "/" in mistake.wanted else r"[\s_.]+"
    spellings = [text, text.lower(), re.sub(separators, "-", text.lower())]
    if "a-z" not in mistake.wanted:
        spellings.append(re.sub(r"[\s.-]+", "_", text.upper()))
    for each in spellings:
        if each != mistake.value and formats.matches(mistake.wanted, each):
            return f"for example {quoted(each)}"
    return None


def out_of_range(mistake: Mistake) -> Iterator[Finding]:
    """A number, or a duration, beyond its bounds."""
    message = f"{mistake.subject} must be {_bounds(mistake.schema)}, not {quoted(mistake.value)}"
    yield mistake.finding("out-of-range", message)


def _bounds(definition: dict[str, Any]) -> str:
    unit = definition.get("x-duration")

    def spelled(bound: int) -> str:
        return quoted(durations.spelled(bound * UNITS[unit]) if unit else bound)

    if "maximum" not in definition:
        return f"at least {spelled(definition['minimum'])}"
    return f"from {spelled(definition['minimum'])} to {spelled(definition['maximum'])}"


def duration(mistake: Mistake) -> Iterator[Finding]:
    """A duration beyond its bounds, or not in whole units."""
    if mistake.wanted == "s" and durations.seconds(mistake.value) is None:
        message = f"{mistake.subject} must be whole seconds, not {quoted(mistake.value)}"
        yield mistake.finding("bad-format", message)
    else:
        yield from out_of_range(mistake)


def meaningless(mistake: Mistake) -> Iterator[Finding]:
    """A text of the right form that means nothing."""
    what = {
        "time": "is no day or time that exists",
        "network": "is no address or network that exists",
        "json-path": "is no path of names and indexes, such as `choices[0].message.content`",
        "regex": "is no regular expression",
    }[mistake.wanted]
    yield mistake.finding("bad-format", f"{mistake.subject}: {quoted(mistake.value)} {what}")
