"""Values of another type than wanted, and secrets where a reference is wanted."""

import json
import re
from collections.abc import Iterator

from gatewright.model import Finding
from gatewright.spec import verdict
from gatewright.spec.explain.mistake import Mistake, described, example
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
#: A number that Python reads whatever its length limit for others is.
_DIGITS = re.compile(r"[0-9]{1,18}")


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
    if mistake.schema.get("x-duration") == "ms" and (spelled := _with_units(mistake)):
        return f"a duration needs a unit: {listed(spelled)}"
    if isinstance(value, str) and (meant := _without_quotes(mistake, wanted)):
        return meant
    is_text = wanted == ["string"] and isinstance(value, bool | int | float)
    if is_text and _fits(mistake, mistake.written):
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


def _without_quotes(mistake: Mistake, wanted: list[str]) -> str | None:
    """The hint for a text that is a boolean or a number to its reader."""
    text = mistake.value
    is_grouped = _GROUPED.fullmatch(text)
    if is_grouped or _DIGITS.fullmatch(text):
        number = str(int(re.sub("[^0-9]", "", text)))
        if not _fits(mistake, int(number)):
            return None
        return f"{'remove the quotes:' if number == text else 'write'} {quoted(number)}"
    if "boolean" not in wanted:
        return None
    if text in {"true", "false"}:
        return f"remove the quotes: {quoted(text)}"
    return did_you_mean(text, ("true", "false"))


def _with_units(mistake: Mistake) -> list[str]:
    """The number with the units it can be meant in."""
    spellings = [f"{mistake.value}{unit}" for unit in ("ms", "s")]
    return [each for each in spellings if _fits(mistake, each)]


def _fits(mistake: Mistake, value: object) -> bool:
    """Whether the field takes ``value``: what a hint says must be right itself."""
    return verdict.of(mistake.schema)(value)
