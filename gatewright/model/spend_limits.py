"""Spend limits: how much the requests through a gateway may cost."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SpendRule:
    """At most ``limit`` US dollars in ``window`` seconds, for the requests it applies to.

    ``metadata``: for each key the values that count, or None for a budget of its own
    for each value. ``model`` and ``provider`` hold the names that count; empty means
    all. ``given_id`` is None where the spec leaves the id to us.
    """

    limit: float
    window: int
    given_id: str | None = None
    enabled: bool = True
    technique: str = "sliding"
    metadata: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)
    model: tuple[str, ...] = ()
    provider: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The id that is sent: one of our own for each scope where none is given.

        The official provider gives every rule without an id the same constant, so
        two of them collide. Ours depends on what the rule applies to, not on its
        place in the list nor on its limit: reordering or raising changes no id.
        """
        if self.given_id is not None:
            return self.given_id
        import hashlib  # noqa: PLC0415  # three milliseconds, which only a rule without an id costs

        metadata = {key: values and sorted(values) for key, values in self.metadata.items()}
        scope = [self.window, metadata, sorted(self.model), sorted(self.provider)]
        text = json.dumps(scope, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class SpendLimits:
    """All rules hold together: the first to be used up stops the request."""

    rules: tuple[SpendRule, ...]
    enabled: bool = True
