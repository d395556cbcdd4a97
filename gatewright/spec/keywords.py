"""JSON Schema 2020-12 with the two keywords of our own, as a validator class.

- ``x-duration: s | ms``: a text is a duration; ``minimum`` and ``maximum`` beside it
  hold for it too, in that unit.
- ``x-format: time | network | json-path | regex``: what a pattern alone cannot tell.

Both leave to ``pattern`` what has not the form at all, so that a mistake is said
once. Other validators pass over them, as the standard asks.
"""

import re
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from gatewright.spec import durations, json_path, times

Errors = Iterator[ValidationError]
UNITS = {"s": 1_000, "ms": 1}


def _duration(validator: Any, unit: str, instance: Any, schema: dict[str, Any]) -> Errors:
    del validator
    total = durations.milliseconds(instance) if isinstance(instance, str) else None
    if total is None:
        return
    factor = UNITS[unit]
    least, most = schema.get("minimum"), schema.get("maximum")
    is_low = least is not None and total < least * factor
    if is_low or (most is not None and total > most * factor):
        yield ValidationError("out of range")
    elif total % factor:
        yield ValidationError("not a whole number")


def _network(text: str) -> bool:
    try:
        # Cloudflare takes addresses with host bits for their network.
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _regex(text: str) -> bool:
    try:
        re.compile(text)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


FORMATS = {
    "time": lambda text: times.end(text) is not None,
    "network": _network,
    "json-path": lambda text: json_path.parse(text) is not None,
    "regex": _regex,
}


def _format(validator: Any, name: str, instance: Any, schema: dict[str, Any]) -> Errors:
    del validator
    has_form = isinstance(instance, str) and _matches(schema["pattern"], instance)
    if has_form and not FORMATS[name](instance):
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
    if isinstance(instance, str) and not _matches(pattern, instance):
        yield ValidationError("no match")


def _matches(pattern: str, text: str) -> bool:
    # The schemas' `$` is ECMA-262's: Python's would let a last line end pass.
    return re.search(re.sub(r"\$$", r"\\Z", pattern), text) is not None


Validator = extend(  # type: ignore[no-untyped-call]  # jsonschema leaves it so
    Draft202012Validator,
    {"pattern": _pattern, "uniqueItems": _unique, "x-duration": _duration, "x-format": _format},
)
