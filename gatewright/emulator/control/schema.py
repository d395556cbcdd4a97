"""What a JSON body may look like, with the messages Cloudflare gives when it does not.

AI Gateway's validation answers in the words of the zod library (three of them,
"Required", "Expected number, received nan" and "Invalid enum value", were seen
live); the others are zod's for the same kinds.

A kind's ``read`` returns the value as it is stored and adds to ``issues`` all that
is wrong with it; a value with issues must not be used.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
Issue: TypeAlias = tuple[Path, str]


class Kind(Protocol):
    """A type of value."""

    def read(self, value: Any, path: Path, issues: list[Issue]) -> Any:
        """The value as stored; what is wrong goes to ``issues``."""


@dataclass(frozen=True, slots=True)
class Field:
    """A named value of an object.

    ``default`` is what an absent value becomes, and ``null`` too; ``None`` leaves it
    absent within a nested object.
    """

    name: str
    kind: Kind
    required: bool = False
    nullable: bool = False
    default: Any = None


@dataclass(frozen=True, slots=True)
class Bool:
    """``true`` or ``false``."""

    def read(self, value: Any, path: Path, issues: list[Issue]) -> Any:
        """See `Kind`."""
        if not isinstance(value, bool):
            issues.append((path, _expected("boolean", value)))
        return value


@dataclass(frozen=True, slots=True)
class Number:
    """A number within bounds; ``60.0`` is an integer, as in JavaScript."""

    minimum: float | None = None
    maximum: float | None = None
    integer: bool = True

    def read(self, value: Any, path: Path, issues: list[Issue]) -> Any:
        """See `Kind`."""
        if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
            issues.append((path, _expected("number", value)))
            return value
        if self.integer and isinstance(value, float):
            if not value.is_integer():
                issues.append((path, "Expected integer, received float"))
            else:
                value = int(value)
        if self.minimum is not None and value < self.minimum:
            issues.append((path, f"Number must be greater than or equal to {self.minimum}"))
        if self.maximum is not None and value > self.maximum:
            issues.append((path, f"Number must be less than or equal to {self.maximum}"))
        return value


@dataclass(frozen=True, slots=True)
class Text:
    """A string with a length in characters, like ``pattern`` as a whole.

    ``form`` is only told, as OpenAPI's ``format``.
    """

    minimum: int = 0
    maximum: int | None = None
    form: str | None = None
    pattern: str | None = None

    def read(self, value: Any, path: Path, issues: list[Issue]) -> Any:
        """See `Kind`."""
        if not isinstance(value, str):
            issues.append((path, _expected("string", value)))
        elif len(value) < self.minimum:
            message = f"String must contain at least {self.minimum} character(s)"
            issues.append((path, message))
        elif self.maximum is not None and len(value) > self.maximum:
            message = f"String must contain at most {self.maximum} character(s)"
            issues.append((path, message))
        elif self.pattern is not None and not re.fullmatch(self.pattern, value):
            issues.append((path, "Invalid"))
        return value


class Enum:
    """One of some strings."""

    __slots__ = ("values",)

    def __init__(self, *values: str) -> None:
        self.values = values

    def read(self, value: Any, path: Path, issues: list[Issue]) -> Any:
        """See `Kind`."""
        allowed = " | ".join(f"'{one}'" for one in self.values)
        if not isinstance(value, str):
            issues.append((path, _expected(allowed, value)))
        elif value not in self.values:
            message = f"Invalid enum value. Expected {allowed}, received '{value}'"
            issues.append((path, message))
        return value


@dataclass(frozen=True, slots=True)
class Array:
    """A list of one kind."""

    item: Kind
    minimum: int = 0
    maximum: int | None = None

    def read(self, value: Any, path: Path, issues: list[Issue]) -> Any:
        """See `Kind`."""
        if not isinstance(value, list):
            issues.append((path, _expected("array", value)))
            return value
        if len(value) < self.minimum:
            issues.append((path, f"Array must contain at least {self.minimum} element(s)"))
        if self.maximum is not None and len(value) > self.maximum:
            issues.append((path, f"Array must contain at most {self.maximum} element(s)"))
        return [self.item.read(one, (*path, index), issues) for index, one in enumerate(value)]


@dataclass(frozen=True, slots=True)
class Record:
    """An object with any keys and values of one kind."""

    value: Kind

    def read(self, value: Any, path: Path, issues: list[Issue]) -> Any:
        """See `Kind`."""
        if not isinstance(value, dict):
            issues.append((path, _expected("object", value)))
            return value
        return {key: self.value.read(one, (*path, key), issues) for key, one in value.items()}


@dataclass(frozen=True, slots=True)
class Anything:
    """Any JSON; for what is only sent back."""

    def read(self, value: Any, path: Path, issues: list[Issue]) -> Any:
        """See `Kind`."""
        del path, issues
        return value


class Struct:
    """An object with known fields.

    ``ignored`` are names that are taken and dropped: what the API itself returns
    and clients send back. With ``lenient_null`` a ``null`` for an optional field is
    the same as its absence.

    Fidelity: no source says what AI Gateway does with an unknown field, except that
    ``id`` in a PUT, outside its schema, is taken. Refused here, in zod's words for a
    strict object: a misspelt setting that is dropped in silence helps nobody.
    """

    __slots__ = ("_names", "fields", "ignored", "lenient_null")

    def __init__(
        self,
        *fields: Field,
        ignored: Sequence[str] = (),
        lenient_null: bool = False,
    ) -> None:
        self.fields = fields
        self.ignored = frozenset(ignored)
        self.lenient_null = lenient_null
        self._names = frozenset(field.name for field in fields) | self.ignored

    def read(self, value: Any, path: Path, issues: list[Issue]) -> Any:
        """See `Kind`."""
        if not isinstance(value, dict):
            issues.append((path, _expected("object", value)))
            return value
        kept: dict[str, Any] = {}
        for field in self.fields:
            self._read_field(field, value, path, issues, kept)
        unknown = [name for name in value if name not in self._names]
        if unknown:
            names = ", ".join(f"'{name}'" for name in unknown)
            issues.append((path, f"Unrecognized key(s) in object: {names}"))
        return kept

    def _read_field(
        self,
        field: Field,
        value: Mapping[str, Any],
        path: Path,
        issues: list[Issue],
        kept: dict[str, Any],
    ) -> None:
        if field.name not in value:
            if field.required:
                issues.append(((*path, field.name), "Required"))
            elif field.default is not None:
                kept[field.name] = field.default
            return
        given = value[field.name]
        lenient = self.lenient_null and not field.required
        if given is None and (field.nullable or lenient):
            kept[field.name] = field.default
        else:
            kept[field.name] = field.kind.read(given, (*path, field.name), issues)


class Union:
    """Any one of several kinds; zod says no more than that none fits."""

    __slots__ = ("kinds",)

    def __init__(self, *kinds: Kind) -> None:
        self.kinds = kinds

    def read(self, value: Any, path: Path, issues: list[Issue]) -> Any:
        """See `Kind`."""
        for kind in self.kinds:
            found: list[Issue] = []
            kept = kind.read(value, path, found)
            if not found:
                return kept
        issues.append((path, "Invalid input"))
        return value


def _expected(wanted: str, value: Any) -> str:
    return f"Expected {wanted}, received {_name(value)}"


def _name(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, float) and math.isnan(value):
        return "nan"
    for kind, name in _NAMES:
        if isinstance(value, kind):
            return name
    return "unknown"


# `bool` first: in Python it is a number.
_NAMES: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (int, "number"),
    (float, "number"),
    (str, "string"),
    (list, "array"),
    (dict, "object"),
)
