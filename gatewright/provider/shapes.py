"""How a property is spelled in Pulumi and on the wire.

A shape translates both ways, fills in the defaults that the official provider fills
in below the top level, and knows when two spellings mean the same, so that a refresh
keeps the program's own spelling.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from gatewright.plugin.errors import ProviderError
from gatewright.plugin.values import is_known


class Shape:
    """A value that is the same on both sides."""

    def filled(self, value: Any) -> Any:
        """``value`` (Pulumi's spelling) with defaults."""
        return value

    def encoded(self, value: Any, old: Any = None) -> Any:
        """The JSON for ``value``; ``old`` decides what is sent as ``null``."""
        del old
        return value

    def decoded(self, value: Any) -> Any:
        """Pulumi's spelling of a JSON value."""
        return value

    def same(self, one: Any, other: Any) -> bool:
        """Whether two values in Pulumi's spelling mean the same."""
        return bool(one == other)


SCALAR: Final = Shape()


class JsonText(Shape):
    """A string of JSON in Pulumi, the object itself on the wire."""

    def encoded(self, value: Any, old: Any = None) -> Any:
        """Parse ``value``."""
        del old
        try:
            return json.loads(value)
        except json.JSONDecodeError as error:
            raise ProviderError(f"a value that must be JSON is not: {error.msg}") from None

    def decoded(self, value: Any) -> Any:
        """Print ``value`` the short way, as Go does."""
        return json.dumps(value, sort_keys=True, separators=(",", ":"))

    def same(self, one: Any, other: Any) -> bool:
        """Compare the objects."""
        try:
            return bool(json.loads(one) == json.loads(other))
        except (TypeError, ValueError):
            return super().same(one, other)


class Timestamp(Shape):
    """RFC 3339; the same instant may be written in several ways."""

    def same(self, one: Any, other: Any) -> bool:
        """Compare the instants."""
        try:
            return datetime.fromisoformat(one) == datetime.fromisoformat(other)
        except (TypeError, ValueError):
            return super().same(one, other)


@dataclass(frozen=True, slots=True)
class ListOf(Shape):
    """A list; with ``ordered`` off, the API may answer in any order."""

    item: Shape
    ordered: bool = True

    def filled(self, value: Any) -> Any:
        """Fill each item."""
        return [self.item.filled(item) for item in value] if isinstance(value, list) else value

    def encoded(self, value: Any, old: Any = None) -> Any:
        """Encode each item as new."""
        del old
        return [self.item.encoded(item) for item in value]

    def decoded(self, value: Any) -> Any:
        """Decode each item."""
        return [self.item.decoded(item) for item in value]

    def same(self, one: Any, other: Any) -> bool:
        """Compare item by item, or as bags."""
        if not (isinstance(one, list) and isinstance(other, list)) or len(one) != len(other):
            return False
        if self.ordered:
            return all(self.item.same(a, b) for a, b in zip(one, other, strict=True))
        rest = list(other)
        for item in one:
            match = next((i for i, found in enumerate(rest) if self.item.same(item, found)), None)
            if match is None:
                return False
            del rest[match]
        return True


@dataclass(frozen=True, slots=True)
class MapOf(Shape):
    """Keys chosen by the user, kept as they are."""

    item: Shape

    def filled(self, value: Any) -> Any:
        """Fill each value."""
        if not isinstance(value, dict):
            return value
        return {key: self.item.filled(item) for key, item in value.items()}

    def encoded(self, value: Any, old: Any = None) -> Any:
        """Encode each value as new."""
        del old
        return {key: self.item.encoded(item) for key, item in value.items()}

    def decoded(self, value: Any) -> Any:
        """Decode each value."""
        return {key: self.item.decoded(item) for key, item in value.items()}


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a record: its name on the wire, its shape and default."""

    wire: str
    shape: Shape = SCALAR
    default: Any = None


@dataclass(frozen=True, slots=True)
class Record(Shape):
    """An object with known keys, by their names in Pulumi; others are dropped."""

    entries: Mapping[str, Entry]

    def filled(self, value: Any) -> Any:
        """Fill in missing keys that have a default, and below."""
        if not isinstance(value, dict):
            return value
        filled = {}
        for name, entry in self.entries.items():
            item = value.get(name)
            item = entry.default if item is None else entry.shape.filled(item)
            if item is not None:
                filled[name] = item
        return filled

    def encoded(self, value: Any, old: Any = None) -> Any:
        """Encode the keys that are set; those that ``old`` had and ``value`` has not are null."""
        was = old if isinstance(old, dict) else {}
        body: dict[str, Any] = {}
        for name, entry in self.entries.items():
            item, before = value.get(name), was.get(name)
            if item is not None:
                body[entry.wire] = entry.shape.encoded(item, before)
            elif before is not None:
                body[entry.wire] = None
        return body

    def decoded(self, value: Any) -> Any:
        """Decode the keys that are not null."""
        return {
            name: entry.shape.decoded(value[entry.wire])
            for name, entry in self.entries.items()
            if value.get(entry.wire) is not None
        }

    def same(self, one: Any, other: Any) -> bool:
        """Compare key by key."""
        if not (isinstance(one, dict) and isinstance(other, dict)) or one.keys() != other.keys():
            return False
        return all(
            entry.shape.same(one[name], other[name])
            for name, entry in self.entries.items()
            if name in one
        )


class Loose(Shape):
    """An object of many optional keys, spelled the regular way on each side."""

    def encoded(self, value: Any, old: Any = None) -> Any:
        """Keys in snake case, at every depth."""
        del old
        return _rename(value, _snake)

    def decoded(self, value: Any) -> Any:
        """Keys in camel case, at every depth."""
        return _rename(value, camel)


def camel(name: str) -> str:
    """``cache_ttl`` as ``cacheTtl``."""
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)


def keep_spelling(shape: Shape, old: Any, new: Any) -> Any:
    """``old`` where it says the same as ``new``, otherwise ``new``."""
    return old if old is not None and is_known(old) and shape.same(old, new) else new


def _rename(value: Any, spell: Any) -> Any:
    match value:
        case dict():
            return {
                spell(key): _rename(item, spell) for key, item in value.items() if item is not None
            }
        case list():
            return [_rename(item, spell) for item in value]
        case _:
            return value


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
