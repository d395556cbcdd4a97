"""A declared object as a flat mapping: dotted path → plain value, named as specs name things."""

import dataclasses
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from gatewright.model import JsonValue, SecretReference

#: Not part of what is declared: where it is written.
_PASSED_OVER = frozenset({"source"})
#: By what the items of a list are told apart, the first that an item has.
_KEYS = ("name", "id", "url", "text")
#: Fields whose name in the model is not the one in the specs.
_SPELLED = {"otherwise": "else", "given_id": "id", "given_alias": "alias", "given_name": "name"}


def flat(declared: Any) -> dict[str, JsonValue]:
    """All leaves below ``declared``; what is not declared is left out."""
    return dict(_leaves("", declared))


def flat_difference(before: Any, after: Any) -> tuple[dict[str, JsonValue], dict[str, JsonValue]]:
    """The leaves below those fields of two objects of one class that are not equal."""
    names = [
        each.name
        for each in dataclasses.fields(before)
        if each.compare and getattr(before, each.name) != getattr(after, each.name)
    ]
    one, other = (
        dict(
            leaf
            for name in names
            for leaf in _leaves(_SPELLED.get(name, name), getattr(side, name))
        )
        for side in (before, after)
    )
    return one, other


def _leaves(path: str, value: Any) -> Iterator[tuple[str, JsonValue]]:
    if value is None or value in ((), ""):
        return
    if isinstance(value, (str, int, float)) and not isinstance(value, Enum):
        yield path, value
        return
    below = _below(value)
    if below is None:
        yield path, _plain(value)
        return
    for name, each in below:
        yield from _leaves(f"{path}.{name}" if path else name, each)


def _below(value: Any) -> list[tuple[str, Any]] | None:
    """The named parts of a value; None for a leaf."""
    if isinstance(value, Mapping):
        return [(_word(key), each) for key, each in value.items()]
    if isinstance(value, tuple) and all(map(dataclasses.is_dataclass, value)):
        return [(_key(each), each) for each in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, SecretReference):
        names = [each.name for each in dataclasses.fields(value) if each.name not in _PASSED_OVER]
        return [(_SPELLED.get(name, name), getattr(value, name)) for name in names]
    return None


def _plain(value: Any) -> JsonValue:
    if isinstance(value, SecretReference):
        return f"{{{value.store.value}: {value.name}}}"
    if isinstance(value, tuple | list | frozenset):
        words = [_word(each) if isinstance(each, Enum) else each for each in value]
        return sorted(words) if isinstance(value, frozenset) else words
    return value.value if isinstance(value, Enum) else value  # type: ignore[no-any-return]  # the model holds JSON


def _word(value: Any) -> str:
    """Hazards by the name people read."""
    readable = getattr(value, "readable", None)
    return str(readable) if readable else str(getattr(value, "value", value))


def _key(item: Any) -> str:
    return next(str(getattr(item, name)) for name in _KEYS if hasattr(item, name))
