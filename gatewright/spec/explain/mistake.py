"""One error of the schema in its place."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from gatewright.model import Finding, Location
from gatewright.spec.document import Spec
from gatewright.spec.intended import Intended
from gatewright.spec.rules import Path, finding
from gatewright.spec.words import as_yaml, dotted, quoted

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError


#: The milliseconds of the units in which schemas have durations.
UNITS = {"s": 1_000, "ms": 1}


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


def example(definition: dict[str, Any], path: Path) -> str | None:
    """A hint with the first example of what is defined, as it is written at ``path``."""
    examples = definition.get("examples") or definition.get("enum")
    if not examples:
        return None
    field = "" if isinstance(path[-1], int) else f"{path[-1]}: "
    return f"for example `{field}{as_yaml(examples[0])}`"


def described(mistake: Mistake) -> str:
    """The value, or what it is, as a message says what it must not be."""
    if isinstance(mistake.value, dict):
        return "a mapping"
    if isinstance(mistake.value, list):
        return "a list"
    if isinstance(mistake.value, str):
        return f"the text {quoted(mistake.value)}"
    return quoted(mistake.written)
