"""Where two property values differ, place by place."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """How a place in the properties changes."""

    ADD = "ADD"
    DELETE = "DELETE"
    UPDATE = "UPDATE"


@dataclass(frozen=True, slots=True)
class Change:
    """A difference at a property path."""

    path: str
    kind: Kind
    replaces: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """All differences; ``changed`` may hold although there is none to show."""

    changed: bool
    changes: tuple[Change, ...]
    replaces: tuple[str, ...]
    delete_first: bool = False


def between(path: str, old: Any, new: Any, *, replaces: bool) -> Iterator[Change]:
    """The changes that make ``new`` of ``old``; None is what is not there."""
    match old, new:
        case _ if old == new:
            return
        case None, _:
            yield Change(path, Kind.ADD, replaces)
        case _, None:
            yield Change(path, Kind.DELETE, replaces)
        case dict(), dict():
            for key in sorted({*old, *new}):
                place = f"{path}.{key}" if key.isidentifier() else f'{path}["{key}"]'
                yield from between(place, old.get(key), new.get(key), replaces=replaces)
        case list(), list():
            for index in range(max(len(old), len(new))):
                was = old[index] if index < len(old) else None
                will = new[index] if index < len(new) else None
                yield from between(f"{path}[{index}]", was, will, replaces=replaces)
        case _:
            yield Change(path, Kind.UPDATE, replaces)
