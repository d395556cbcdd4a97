"""What a comparison finds."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from gatewright.errors import ExitCode
from gatewright.model import JsonValue


class Verdict(StrEnum):
    """What is known of one field, or of an object as a whole."""

    SAME = "same"
    DIFFERS = "differs"
    NOT_RETURNED = "not returned by the API"
    NOT_MANAGED = "not managed"
    HIDDEN = "not compared: a secret"
    MISSING = "missing in the account"
    UNDECLARED = "in the account only"
    ORPHANED = "a credential that no stack manages"


#: What makes an object other than declared.
DIFFERENCES = frozenset({Verdict.DIFFERS, Verdict.MISSING, Verdict.ORPHANED})


@dataclass(frozen=True, slots=True)
class Field:
    """One field, in the API's spelling."""

    name: str
    verdict: Verdict
    declared: JsonValue = None
    actual: JsonValue = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One object.

    ``kind`` and ``key`` are `gateway` and its id, `token` and its name, `route` and
    `<gateway>/<name>`, `provider config` and `<gateway>/<provider>/<alias>`, `custom
    provider` and its slug, or `worker` and its name. ``warnings`` are no differences, but
    will be something worse.
    """

    kind: str
    key: str
    fields: tuple[Field, ...] = ()
    verdict: Verdict | None = None
    note: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether the account is known to hold something else than declared."""
        return self.verdict in DIFFERENCES or any(
            field.verdict in DIFFERENCES for field in self.fields
        )


@dataclass(frozen=True, slots=True)
class Result:
    """All objects; ``undeclared`` are those that no spec manages."""

    readings: tuple[Reading, ...]
    undeclared: tuple[Reading, ...] = ()

    @property
    def counts(self) -> Counter[Verdict]:
        """How often each verdict was given, objects that are missing included."""
        counts = Counter(field.verdict for reading in self.readings for field in reading.fields)
        counts.update(reading.verdict for reading in self.readings if reading.verdict)
        return counts

    @property
    def exit_code(self) -> ExitCode:
        """7 if an object differs or a token is orphaned; else what no spec manages is only told."""
        found = (*self.readings, *self.undeclared)
        return ExitCode.DIFFERS if any(r.differs for r in found) else ExitCode.OK
