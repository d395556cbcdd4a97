"""A dynamic route: the steps by which a gateway finds a model for a request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias

from gatewright.model.finding import Source
from gatewright.model.json_value import JsonValue
from gatewright.model.words import END, MOST_SHARES


@dataclass(frozen=True, slots=True)
class ConditionalStep:
    """To ``then`` if the condition holds of the request, else to ``otherwise``.

    ``condition`` is as Cloudflare writes it: field → operator → value.
    """

    type: ClassVar[str] = "conditional"
    name: str
    condition: Mapping[str, JsonValue]
    then: str
    otherwise: str

    @property
    def targets(self) -> tuple[str, ...]:
        """The steps it leads to."""
        return (self.then, self.otherwise)


@dataclass(frozen=True, slots=True)
class PercentageStep:
    """By chance; ``shares`` has whole per cents by the name of the step they go to."""

    type: ClassVar[str] = "percentage"
    name: str
    shares: Mapping[str, int]

    @property
    def targets(self) -> tuple[str, ...]:
        """The steps it leads to."""
        return tuple(self.shares)

    @property
    def outputs(self) -> dict[int, str]:
        """The per cents of each output with its step, each number once.

        Cloudflare tells outputs apart by their per cents. Of two equal shares the
        second is sent as two outputs to one step: 50 and 50 as 50, 1 and 49.

        Raises:
            ValueError: there are not enough numbers, or more than `MOST_SHARES` outputs.

        """
        outputs: dict[int, str] = {}
        for target, share in self.shares.items():
            outputs.setdefault(share, target)
        for target, share in self.shares.items():
            if outputs[share] != target:
                part = _part(share, outputs)
                outputs |= {part: target, share - part: target}
        if len(outputs) > MOST_SHARES:
            raise ValueError("too many outputs")
        return outputs


def _part(share: int, taken: Mapping[int, str]) -> int:
    for part in range(1, (share + 1) // 2):
        if part not in taken and share - part not in taken:
            return part
    raise ValueError("no numbers are left")


@dataclass(frozen=True, slots=True)
class RateStep:
    """To ``success`` while less than ``limit`` was counted in ``window`` seconds for ``key``.

    ``limit_type`` is `count` for requests, or `cost` for US dollars.
    """

    type: ClassVar[str] = "rate"
    name: str
    key: str
    limit: float
    window: int
    success: str
    fallback: str = END
    limit_type: str = "count"

    @property
    def targets(self) -> tuple[str, ...]:
        """The steps it leads to."""
        return (self.success, self.fallback)


@dataclass(frozen=True, slots=True)
class ModelStep:
    """A call of a model; ``timeout`` is in milliseconds, to ``fallback`` when it fails."""

    type: ClassVar[str] = "model"
    name: str
    provider: str
    model: str
    timeout: int
    retries: int
    success: str = END
    fallback: str = END

    @property
    def targets(self) -> tuple[str, ...]:
        """The steps it leads to."""
        return (self.success, self.fallback)


Step: TypeAlias = ConditionalStep | PercentageStep | RateStep | ModelStep


@dataclass(frozen=True, slots=True)
class Route:
    """A route; clients call it as the model ``dynamic/<name>``. ``start`` is its first step."""

    name: str
    start: str
    steps: tuple[Step, ...]
    source: Source | None = field(default=None, compare=False)

    @property
    def model(self) -> str:
        """The name by which clients call it."""
        return f"dynamic/{self.name}"

    @property
    def slowest(self) -> int:
        """Milliseconds until the last model of the longest way has had all its attempts."""
        steps = {step.name: step for step in self.steps}
        known: dict[str, int] = {}

        def from_(name: str) -> int:
            step = steps.get(name)
            if step is not None and name not in known:
                known[name] = 0  # in case it leads back to itself
                if isinstance(step, ModelStep):
                    known[name] = step.timeout * (1 + step.retries) + from_(step.fallback)
                else:
                    known[name] = max(map(from_, step.targets))
            return known.get(name, 0)

        return from_(self.start)

    @property
    def providers(self) -> frozenset[str]:
        """The providers of its models."""
        return frozenset(step.provider for step in self.steps if isinstance(step, ModelStep))
