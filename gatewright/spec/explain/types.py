"""Values of another type than wanted, and secrets where a reference is wanted."""

import json
import re
from collections.abc import Iterator

from gatewright.model import Finding
from gatewright.spec.explain.mistake import UNITS, Mistake, described, example
from gatewright.spec.words import did_you_mean, listed, quoted

_TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
    "object": "a mapping",
    "array": "a list",
}
#: A number with something between its thousands.
_GROUPED = re.compile(r"[0-9]{1,3}([,' _][0-9]{3})+")


def wrong_type(mistake: Mistake) -> Iterator[Finding]:
    """A value that is none of the types there are."""
    wanted = [mistake.wanted] if isinstance(mistake.wanted, str) else mistake.wanted
    if mistake.value is None:
        yield mistake.finding("wrong-type", _nothing(mistake), _type_hint(mistake, wanted))
        return
    if mistake.schema.get("x-secret") is True:
        yield from literal_secret(mistake)
        return
    unit = mistake.schema.get("x-duration")
    expected = "a duration" if unit else " or ".join(_TYPES[name] for name in wanted)
    message = f"{mistake.subject} must be {expected}, not {described(mistake)}"
    yield mistake.finding("wrong-type", message, _type_hint(mistake, wanted))


def literal_secret(mistake: Mistake) -> Iterator[Finding]:
    """A secret where only a reference to one may stand."""
    message = f"{mistake.subject} is a secret, which no file may hold"
    hint = (
        "name where it is when it is deployed: `{env: NAME}`, or `{config: key}` after "
        "`pulumi config set --secret gatewright:key`; what stood here is known now: replace it"
    )
    yield mistake.finding("literal-secret", message, hint)


def _nothing(mistake: Mistake) -> str:
    return f"{mistake.subject} has no value" if mistake.path else "the file declares nothing"


def _type_hint(mistake: Mistake, wanted: list[str]) -> str | None:
    value = mistake.value
    if value is None and "string" in wanted and mistake.written:
        return f"remove the key, or quote it for the text: {quoted(json.dumps(mistake.written))}"
    if mistake.schema.get("x-duration") == "ms" and isinstance(value, int):
        most = mistake.schema.get("maximum")
        # What a hint says must be right itself.
        in_seconds = "" if most and value * UNITS["s"] > most else f" or `{value}s`"
        return f"a duration needs a unit: `{value}ms`{in_seconds}"
    if isinstance(value, str) and (meant := _without_quotes(value, wanted)):
        return meant
    if wanted == ["string"] and isinstance(value, bool | int | float):
        return f"quote it: {quoted(json.dumps(mistake.written))}"
    if wanted == ["object"] and (lacking := _mapping_hint(mistake)):
        return lacking
    return example(mistake.schema, mistake.path)


def _mapping_hint(mistake: Mistake) -> str | None:
    """What to do where a mapping is to be."""
    if mistake.path and mistake.path[-1] in mistake.schema.get("properties", {}):
        return f"write a name above {quoted(mistake.path[-1])}, and indent what belongs to it"
    if "required" in mistake.schema:
        keys = mistake.schema["required"]
        return f"it needs the {'key' if len(keys) == 1 else 'keys'} {listed(keys, 'and')}"
    return None


def _without_quotes(text: str, wanted: list[str]) -> str | None:
    """The hint for a text that is a boolean or a number to its reader."""
    is_number = not {"integer", "number"}.isdisjoint(wanted)
    if is_number and _GROUPED.fullmatch(text):
        return f"write {quoted(re.sub('[^0-9]', '', text))}"
    is_digits = text.isascii() and text.isdigit()
    if (is_number and is_digits) or ("boolean" in wanted and text in {"true", "false"}):
        return f"remove the quotes: {quoted(text)}"
    return did_you_mean(text, ("true", "false")) if "boolean" in wanted else None
