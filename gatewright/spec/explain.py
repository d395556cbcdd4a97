"""What a schema finds wrong, said to the person who wrote it, where they wrote it."""

import json
import re
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from gatewright.model import Finding, Location
from gatewright.spec import durations, endpoint_names, formats, schemas
from gatewright.spec.document import Spec
from gatewright.spec.intended import Intended
from gatewright.spec.masking import MASK
from gatewright.spec.partial import OF_WHOLE_VALUES
from gatewright.spec.rules import MOST_PER_FILE, Path, finding
from gatewright.spec.words import as_yaml, did_you_mean, dotted, listed, quoted

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
    "object": "a mapping",
    "array": "a list",
}
#: More than are shown of one file, for some say what others say.
_MOST_ERRORS = 10 * MOST_PER_FILE
#: It reports keys that are unknown.
_CLOSING = frozenset({"additionalProperties"})
_DURATION_UNITS = {"s": 1_000, "ms": 1}


class Mistake:
    """One error of the schema in its place: what the explanations below work from."""

    def __init__(self, error: "ValidationError", spec: Spec, *, is_closed: bool = False) -> None:
        self.spec = spec
        #: Whether the mapping has keys that are reported as unknown.
        self.is_closed = is_closed
        self.value: Any = error.instance
        self.wanted: Any = error.validator_value
        self.path: Path = tuple(error.absolute_path)
        self.schema: Any = error.schema
        # The schema of a name reports the name, at its mapping's path.
        self.is_name = "propertyNames" in error.absolute_schema_path
        if self.is_name:
            self.path = (*self.path, str(self.value))

    @property
    def subject(self) -> str:
        """The field in backticks, or what the file declares."""
        return quoted(dotted(self.path)) if self.path else f"a {self.spec.kind.noun}"

    @property
    def written(self) -> str:
        """The value as it is written: ``1.10`` is not ``1.1`` to its writer."""
        return self.spec.positions.written(self.path)

    @property
    def location(self) -> Location:
        """The value, or the key if the name is wrong."""
        positions = self.spec.positions
        return positions.key(self.path) if self.is_name else positions.value(self.path)

    def intended(self, known: Collection[str]) -> Intended:
        """What keys of the mapping that are not ``known`` were meant to be."""
        kind = None if self.path else self.spec.kind
        return Intended(kind, known, frozenset(self.value))

    def finding(self, rule: str, message: str, hint: str | None = None) -> Finding:
        """A finding at the value."""
        return finding(rule, self.location, message, hint=hint, path=self.path)

    def key_finding(self, rule: str, key: str, message: str, hint: str | None = None) -> Finding:
        """A finding about a key of the mapping at ``path``; at the mapping's own if it has none."""
        path = (*self.path, key)
        location = self.spec.positions.key(path)
        return finding(rule, location, message, hint=hint, path=path)


def findings(spec: Spec, *, is_part: bool = False) -> Iterator[Finding]:
    """All that the schema finds wrong with ``spec``; what is reported already is left out.

    If it ``is_part`` of a spec, nothing need be there.
    """
    mistyped: set[Path] = set()
    explained: set[tuple[object, ...]] = set()
    errors = schemas.errors(spec.kind, spec.data)
    if is_part:
        errors = (error for error in errors if not _asks_for_a_whole(error))
    found = sorted(islice(errors, _MOST_ERRORS), key=_types_first)
    closed = {tuple(each.absolute_path) for each in found if each.validator in _CLOSING}
    for error in found:
        mistake = Mistake(error, spec, is_closed=tuple(error.absolute_path) in closed)
        # jsonschema reports each missing key, where one explanation has them all.
        place = (mistake.path, *error.absolute_schema_path)
        if mistake.path in mistyped or place in explained:
            continue
        explained.add(place)
        if spec.positions.is_reported(mistake.path):
            continue
        if error.validator == "type":
            mistyped.add(mistake.path)
        yield from EXPLANATIONS[str(error.validator)](mistake)


def _asks_for_a_whole(error: "ValidationError") -> bool:
    """Whether other layers may bring what is missing; lists are never merged."""
    is_in_list = any(isinstance(step, int) for step in error.absolute_path)
    steps = {error.validator, *error.absolute_schema_path}
    return not is_in_list and not OF_WHOLE_VALUES.isdisjoint(steps)


def _types_first(error: "ValidationError") -> bool:
    return error.validator != "type"


def _unknown_keys(mistake: Mistake) -> Iterator[Finding]:
    known = mistake.schema["properties"]
    where = f"in {mistake.subject}"
    for key in mistake.value:
        if key not in known:
            hint = mistake.intended(known).hint(key) or f"allowed here: {listed(known, 'and')}"
            message = f"unknown key {quoted(key)} {where}"
            yield mistake.key_finding("unknown-key", key, message, hint)


def _missing_keys(mistake: Mistake) -> Iterator[Finding]:
    properties = mistake.schema.get("properties", {})
    unknown = [key for key in islice(mistake.value, MOST_PER_FILE) if key not in properties]
    names = {*properties, *mistake.wanted}
    intended = mistake.intended(names)
    misspelt = {intended.path(key)[0]: key for key in unknown}
    for key in mistake.wanted:
        if key in mistake.value or (key == "path" and endpoint_names.is_misspelt(mistake.value)):
            continue
        message = f"{mistake.subject} needs the key {quoted(key)}"
        if key not in misspelt:
            hint = _example(_resolved(mistake, properties.get(key, {})), (key,))
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


def _example(definition: dict[str, Any], path: Path) -> str | None:
    examples = definition.get("examples") or definition.get("enum")
    if not examples:
        return None
    field = "" if isinstance(path[-1], int) else f"{path[-1]}: "
    return f"for example `{field}{as_yaml(examples[0])}`"


def _wrong_type(mistake: Mistake) -> Iterator[Finding]:
    wanted = [mistake.wanted] if isinstance(mistake.wanted, str) else mistake.wanted
    if mistake.value is None:
        yield mistake.finding("wrong-type", _nothing(mistake), _type_hint(mistake, wanted))
        return
    if mistake.schema.get("x-secret") is True:
        yield from _literal_secret(mistake)
        return
    unit = mistake.schema.get("x-duration")
    expected = "a duration" if unit else " or ".join(_TYPES[name] for name in wanted)
    message = f"{mistake.subject} must be {expected}, not {_described(mistake)}"
    yield mistake.finding("wrong-type", message, _type_hint(mistake, wanted))


def _literal_secret(mistake: Mistake) -> Iterator[Finding]:
    message = f"{mistake.subject} is a secret, which no file may hold"
    hint = (
        "name where it is when it is deployed: `{env: NAME}`, or `{config: key}` after "
        "`pulumi config set --secret gatewright:key`; what stood here is known now: replace it"
    )
    yield mistake.finding("literal-secret", message, hint)


def _nothing(mistake: Mistake) -> str:
    return f"{mistake.subject} has no value" if mistake.path else "the file declares nothing"


def _described(mistake: Mistake) -> str:
    if isinstance(mistake.value, dict):
        return "a mapping"
    if isinstance(mistake.value, list):
        return "a list"
    if isinstance(mistake.value, str):
        return f"the text {quoted(mistake.value)}"
    return quoted(mistake.written)


def _type_hint(mistake: Mistake, wanted: list[str]) -> str | None:
    value = mistake.value
    if value is None and "string" in wanted and mistake.written:
        return f"remove the key, or quote it for the text: {quoted(json.dumps(mistake.written))}"
    if mistake.schema.get("x-duration") == "ms" and isinstance(value, int):
        most = mistake.schema.get("maximum")
        # What a hint says must be right itself.
        in_seconds = "" if most and value * _DURATION_UNITS["s"] > most else f" or `{value}s`"
        return f"a duration needs a unit: `{value}ms`{in_seconds}"
    if isinstance(value, str) and _without_quotes(value, wanted):
        return f"remove the quotes: {quoted(value)}"
    if wanted == ["string"] and isinstance(value, bool | int | float):
        return f"quote it: {quoted(json.dumps(mistake.written))}"
    if not mistake.path:
        return f"it needs the keys {listed(mistake.schema['required'], 'and')}"
    return _example(mistake.schema, mistake.path)


def _without_quotes(text: str, wanted: list[str]) -> bool:
    return ("boolean" in wanted and text in {"true", "false"}) or (
        not {"integer", "number"}.isdisjoint(wanted) and text.isascii() and text.isdigit()
    )


def _not_allowed(mistake: Mistake) -> Iterator[Finding]:
    message = f"{mistake.subject} must be {listed(mistake.wanted)}"
    if mistake.value is not None:
        message += f", not {quoted(mistake.value)}"
    yield mistake.finding("not-allowed", message, did_you_mean(str(mistake.value), mistake.wanted))


def _no_match(mistake: Mistake) -> Iterator[Finding]:
    if mistake.schema.get("x-secret") and set(mistake.value) == {MASK}:
        yield from _literal_secret(mistake)
        return
    message = f"{mistake.subject} {mistake.schema['patternErrorMessage']}"
    if not mistake.is_name:
        message += f", not {quoted(mistake.value)}" if mistake.value else ": it is empty"
    yield mistake.finding("bad-format", message, _respelt(mistake))


def _respelt(mistake: Mistake) -> str | None:
    """A hint with the value as it could be written, where case or spaces are all that is wrong."""
    text = mistake.value.strip()
    spellings = [text, text.lower(), re.sub(r"[\s_.]+", "-", text.lower())]
    if "a-z" not in mistake.wanted:
        spellings.append(re.sub(r"[\s.-]+", "_", text.upper()))
    for each in spellings:
        if each != mistake.value and formats.matches(mistake.wanted, each):
            return f"for example {quoted(each)}"
    return None


def _out_of_range(mistake: Mistake) -> Iterator[Finding]:
    message = f"{mistake.subject} must be {_bounds(mistake.schema)}, not {quoted(mistake.value)}"
    yield mistake.finding("out-of-range", message)


def _too_small(mistake: Mistake) -> Iterator[Finding]:
    message = (
        f"{mistake.subject} must be more than {quoted(mistake.wanted)}, not {quoted(mistake.value)}"
    )
    yield mistake.finding("out-of-range", message)


def _bounds(definition: dict[str, Any]) -> str:
    unit = definition.get("x-duration")

    def spelled(bound: int) -> str:
        return quoted(durations.spelled(bound * _DURATION_UNITS[unit]) if unit else bound)

    if "maximum" not in definition:
        return f"at least {spelled(definition['minimum'])}"
    return f"from {spelled(definition['minimum'])} to {spelled(definition['maximum'])}"


def _duration(mistake: Mistake) -> Iterator[Finding]:
    if mistake.wanted == "s" and durations.seconds(mistake.value) is None:
        message = f"{mistake.subject} must be whole seconds, not {quoted(mistake.value)}"
        yield mistake.finding("bad-format", message)
    else:
        yield from _out_of_range(mistake)


def _format(mistake: Mistake) -> Iterator[Finding]:
    what = {
        "time": "is no day or time that exists",
        "network": "is no address or network that exists",
        "json-path": "is no path of names and indexes, such as `choices[0].message.content`",
        "regex": "is no regular expression",
    }[mistake.wanted]
    yield mistake.finding("bad-format", f"{mistake.subject}: {quoted(mistake.value)} {what}")


def _too_long(mistake: Mistake) -> Iterator[Finding]:
    length = len(mistake.value)
    message = f"{mistake.subject} has {length} characters; at most {mistake.wanted} are allowed"
    yield mistake.finding("out-of-range", message)


def _too_short(mistake: Mistake) -> Iterator[Finding]:
    if not mistake.value:
        yield from _empty(mistake)
        return
    length = len(mistake.value)
    message = f"{mistake.subject} has {length} characters; at least {mistake.wanted} are needed"
    yield mistake.finding("out-of-range", message)


def _too_many(mistake: Mistake) -> Iterator[Finding]:
    count = len(mistake.value)
    if mistake.wanted == 1 and isinstance(mistake.value, dict):
        message = f"{mistake.subject} has {listed(mistake.value, 'and')}, where one is meant"
        yield mistake.finding("out-of-range", message, "keep one of them")
        return
    message = f"{mistake.subject} has {count} entries; the most is {mistake.wanted}"
    yield mistake.finding("out-of-range", message)


def _empty(mistake: Mistake) -> Iterator[Finding]:
    hint = _example(mistake.schema, mistake.path)
    yield mistake.finding("out-of-range", f"{mistake.subject} is empty", hint)


def _repeated(mistake: Mistake) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, item in enumerate(mistake.value):
        if not isinstance(item, str):
            continue
        if item in seen:
            path = (*mistake.path, index)
            location = mistake.spec.positions.value(path)
            message = f"{mistake.subject} has {quoted(item)} twice"
            yield finding("not-allowed", location, message, hint="remove one of them", path=path)
        seen.add(item)


EXPLANATIONS: dict[str, Callable[[Mistake], Iterator[Finding]]] = {
    "additionalProperties": _unknown_keys,
    "enum": _not_allowed,
    "exclusiveMinimum": _too_small,
    "maxLength": _too_long,
    "maxItems": _too_many,
    "maxProperties": _too_many,
    "maximum": _out_of_range,
    "minItems": _empty,
    "minLength": _too_short,
    "minProperties": _empty,
    "minimum": _out_of_range,
    "pattern": _no_match,
    "required": _missing_keys,
    "type": _wrong_type,
    "uniqueItems": _repeated,
    "x-duration": _duration,
    "x-format": _format,
}
