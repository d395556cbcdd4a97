"""JSON Schema 2020-12 with the two keywords of our own, as a validator class.

- ``x-duration: s | ms``: a text is a duration; ``minimum`` and ``maximum`` beside it
  hold for it too, in that unit.
- ``x-format: time | network | json-path | regex``: what a pattern alone cannot tell.

Both leave to ``pattern`` what has not the form at all, so that a mistake is said
once. Other validators pass over them, as the standard asks.
"""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from gatewright.spec import formats

Errors = Iterator[ValidationError]


def _duration(validator: Any, unit: str, instance: Any, schema: dict[str, Any]) -> Errors:
    del validator
    if not isinstance(instance, str):
        return
    if not formats.is_in_range(instance, unit, schema):
        yield ValidationError("out of range")
    elif not formats.is_whole(instance, unit):
        yield ValidationError("not a whole number")


def _format(validator: Any, name: str, instance: Any, schema: dict[str, Any]) -> Errors:
    del validator
    if isinstance(instance, str) and not formats.exists(name, instance, schema["pattern"]):
        yield ValidationError("bad format")


def _unique(validator: Any, wanted: bool, instance: Any, schema: dict[str, Any]) -> Errors:  # noqa: FBT001  # jsonschema's signature
    del validator, schema
    # Texts only, which the items must be anyway: jsonschema's own check of a
    # mixed list grows with the square of its length.
    items = instance if wanted and isinstance(instance, list) else ()
    texts = [item for item in items if isinstance(item, str)]
    if len(set(texts)) < len(texts):
        yield ValidationError("not unique")


def _pattern(validator: Any, pattern: str, instance: Any, schema: dict[str, Any]) -> Errors:
    del validator, schema
    if isinstance(instance, str) and not formats.matches(pattern, instance):
        yield ValidationError("no match")


Validator = extend(  # type: ignore[no-untyped-call]  # jsonschema leaves it so
    Draft202012Validator,
    {"pattern": _pattern, "uniqueItems": _unique, "x-duration": _duration, "x-format": _format},
)
