"""What the schemas say of how a spec is written: the order of keys, durations, enums."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from gatewright.spec import durations

_Schema = dict[str, Any]
_BRANCHES = ("allOf", "anyOf", "oneOf")
_CONDITIONS = ("if", "then", "else")


@dataclass(frozen=True, slots=True)
class Guide:
    """All that the schema says of one value: several subschemas may speak of it."""

    root: _Schema
    schemas: tuple[_Schema, ...]

    @classmethod
    def of(cls, schema: _Schema) -> "Guide":
        """The guide of a whole file."""
        return cls(schema, tuple(_expanded(schema, schema)))

    def key(self, name: str) -> "Guide":
        """The guide of the value below ``name``."""
        named = [
            each["properties"][name] for each in self.schemas if name in each.get("properties", {})
        ]
        return self._below(named or [each.get("additionalProperties") for each in self.schemas])

    def item(self) -> "Guide":
        """The guide of each item of a list."""
        return self._below(each.get("items") for each in self.schemas)

    def _below(self, found: Iterable[Any]) -> "Guide":
        schemas = [each for each in found if isinstance(each, dict)]
        return Guide(
            self.root, tuple(one for each in schemas for one in _expanded(self.root, each))
        )

    def order(self, names: Iterable[str]) -> list[str]:
        """``names`` in the order of the schema; where any are allowed, in their own."""
        own = list(names)
        if not any(each.get("additionalProperties") is False for each in self.schemas):
            return own
        known = dict.fromkeys(name for each in self.schemas for name in each.get("properties", {}))
        rank = {name: index for index, name in enumerate(known)}
        return sorted(own, key=lambda name: rank.get(name, len(rank)))

    @property
    def is_time(self) -> bool:
        """Whether a text is a date or time."""
        return any(each.get("x-format") == "time" for each in self.schemas)

    def meaning(self, value: Any) -> Any:
        """``value``, the same for all spellings of it."""
        for each in self.schemas:
            if "x-duration" in each and isinstance(value, int | str):
                is_number = isinstance(value, int) and each["x-duration"] == "s"
                total = durations.milliseconds(f"{value}s" if is_number else str(value))
                return value if total is None else ("duration", total)
            if "enum" in each and isinstance(value, str):
                return value.lower()
        return value

    def spelled(self, value: str | int) -> str | None:
        """The one spelling of a duration or of a word from a list; None if it is neither."""
        for each in self.schemas:
            unit, words = each.get("x-duration"), each.get("enum")
            if unit:
                return _duration(value, unit)
            if words and isinstance(value, str) and value not in words:
                return _word(value, words)
        return None


def _expanded(root: _Schema, schema: Any) -> Iterator[_Schema]:
    """``schema`` and the subschemas that speak of the same value."""
    if not isinstance(schema, dict):
        return
    yield schema
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/"):
        target: Any = root
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]
        yield from _expanded(root, target)
    for branch in _BRANCHES:
        for each in schema.get(branch, ()):
            yield from _expanded(root, each)
    for condition in _CONDITIONS:
        yield from _expanded(root, schema.get(condition))


def _duration(value: str | int, unit: str) -> str | None:
    if isinstance(value, str):
        total = durations.milliseconds(value)
    else:
        total = value * 1_000 if unit == "s" and value > 0 else None
    # Zero has no unit that is better than its own.
    return durations.spelled(total) if total else None


def _word(value: str, words: list[Any]) -> str | None:
    folded = [word for word in words if isinstance(word, str) and word.lower() == value.lower()]
    return folded[0] if len(folded) == 1 else None
