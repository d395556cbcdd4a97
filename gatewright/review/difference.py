"""What differs between two deployments, object by object."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from gatewright.model import JsonValue


class Operation(StrEnum):
    """What becomes of an object."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


class Risk(IntEnum):
    """How much harm a change can do; ordered."""

    NONE = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def word(self) -> str:
        """For people."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Effect:
    """A consequence that the lines of a spec do not show."""

    risk: Risk
    said: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value; None where there was or is none."""

    path: str
    before: JsonValue
    after: JsonValue


@dataclass(frozen=True, slots=True)
class Difference:
    """An object that is not what it was."""

    kind: str
    key: str
    operation: Operation
    fields: tuple[FieldChange, ...] = ()
    effects: tuple[Effect, ...] = field(default=())

    @property
    def risk(self) -> Risk:
        """That of its worst effect."""
        return max((effect.risk for effect in self.effects), default=Risk.NONE)

    def changed(self, *prefixes: str) -> tuple[FieldChange, ...]:
        """The changes at or below one of these paths."""
        return tuple(
            each
            for each in self.fields
            if any(each.path == prefix or each.path.startswith(prefix + ".") for prefix in prefixes)
        )
