"""Validated values → the model, for the dynamic routes of a gateway."""

from typing import Any

from gatewright.model import (
    ConditionalStep,
    JsonValue,
    ModelStep,
    PercentageStep,
    RateStep,
    Route,
    Source,
    Step,
)
from gatewright.spec.positions import Positions
from gatewright.spec.sections import Values, given, milliseconds, seconds


def routes(values: Values, positions: Positions) -> tuple[Route, ...]:
    """The section ``routes``, sorted by name: their order means nothing."""
    return tuple(
        Route(
            name,
            start=values[name]["start"],
            steps=tuple(_step(step, each) for step, each in values[name]["steps"].items()),
            source=Source(positions.key, ("routes", name)),
        )
        for name in sorted(values)
    )


def _step(name: str, values: Values) -> Step:
    if "conditional" in values:
        condition = {field: _operators(wanted) for field, wanted in values["conditional"].items()}
        return ConditionalStep(name, condition, values["then"], values["else"])
    if "percentage" in values:
        return PercentageStep(name, values["percentage"])
    if "rate" in values:
        rate = values["rate"]
        return RateStep(
            name,
            **given(rate, "key", "limit", "limit_type"),
            **given(values, "success", "fallback"),
            **seconds(rate, "window"),
        )
    return ModelStep(
        name,
        **given(values, "provider", "model", "retries", "success", "fallback"),
        **milliseconds(values, "timeout"),
    )


def _operators(wanted: Any) -> JsonValue:
    """A plain value is short for ``$eq``; what already is of operators or conditions stays."""
    return wanted if isinstance(wanted, dict | list) else {"$eq": wanted}
