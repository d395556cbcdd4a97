"""What a schema finds wrong, said to the person who wrote it, where they wrote it."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from gatewright.model import Finding
from gatewright.spec import schemas
from gatewright.spec.document import Spec
from gatewright.spec.explain import keys, sizes, types, values
from gatewright.spec.explain.mistake import Mistake
from gatewright.spec.partial import OF_WHOLE_VALUES
from gatewright.spec.rules import MOST_PER_FILE

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

    from gatewright.spec.rules import Path

#: More than are shown of one file, for some say what others say.
_MOST_ERRORS = 10 * MOST_PER_FILE
#: What is below these is asked for because of a key beside it.
_CONDITIONAL = frozenset({"then", "else"})
#: It reports keys that are unknown.
_CLOSING = frozenset({"additionalProperties"})


def findings(spec: Spec, *, is_part: bool = False) -> Iterator[Finding]:
    """All that the schema finds wrong with ``spec``; what is reported already is left out.

    If it ``is_part`` of a spec, nothing need be there.
    """
    mistyped: set[Path] = set()
    misformed: set[Path] = set()
    explained: set[tuple[object, ...]] = set()
    errors = schemas.errors(spec.kind, spec.data)
    if is_part:
        errors = (error for error in errors if not _asks_for_a_whole(error))
    found = sorted(islice(errors, _MOST_ERRORS), key=_precedence)
    closed = {tuple(each.absolute_path) for each in found if each.validator in _CLOSING}
    for error in found:
        mistake = Mistake(error, spec, is_closed=tuple(error.absolute_path) in closed)
        # jsonschema reports each missing key, where one explanation has them all.
        place = (mistake.path, *error.absolute_schema_path)
        if mistake.path in mistyped or place in explained:
            continue
        explained.add(place)
        if _is_about_a_guess(error, mistake) or _follows_from_a_guess(error, mistake):
            continue
        if error.validator == "type":
            mistyped.add(mistake.path)
        if error.validator == "pattern":
            if mistake.path in misformed:
                continue
            misformed.add(mistake.path)
        yield from EXPLANATIONS[str(error.validator)](mistake)


def _asks_for_a_whole(error: "ValidationError") -> bool:
    """Whether other layers may bring what is missing; lists are never merged."""
    is_in_list = any(isinstance(step, int) for step in error.absolute_path)
    steps = {error.validator, *error.absolute_schema_path}
    return not is_in_list and not OF_WHOLE_VALUES.isdisjoint(steps)


def _is_about_a_guess(error: "ValidationError", mistake: Mistake) -> bool:
    """Whether the value is reported already; a key that is unknown is so whatever is beside it."""
    return error.validator not in _CLOSING and mistake.spec.positions.is_reported(mistake.path)


def _follows_from_a_guess(error: "ValidationError", mistake: Mistake) -> bool:
    """Whether a key is only asked for because of another, whose value is reported already."""
    return (
        error.validator == "required"
        and not _CONDITIONAL.isdisjoint(error.absolute_schema_path)
        and any(mistake.spec.positions.is_reported((*mistake.path, key)) for key in mistake.value)
    )


def _precedence(error: "ValidationError") -> tuple[bool, int]:
    """Types first; of two forms of a text, the one that a condition asks for."""
    return error.validator != "type", -len(error.absolute_schema_path)


EXPLANATIONS: dict[str, Callable[[Mistake], Iterator[Finding]]] = {
    "additionalProperties": keys.unknown_keys,
    "enum": values.not_allowed,
    "maxLength": sizes.too_long,
    "maxItems": sizes.too_many,
    "maxProperties": sizes.too_many,
    "maximum": values.out_of_range,
    "minItems": sizes.empty,
    "minLength": sizes.too_short,
    "minProperties": sizes.empty,
    "minimum": values.out_of_range,
    "pattern": values.no_match,
    "required": keys.missing_keys,
    "type": types.wrong_type,
    "uniqueItems": sizes.repeated,
    "x-duration": values.duration,
    "x-format": values.meaningless,
}
