"""Where a call of a dynamic route may end, as far as its declaration tells."""

from collections.abc import Mapping
from typing import NamedTuple

from gatewright.model import Endpoint, Gateway, Route
from gatewright.model.request import MetadataValue
from gatewright.model.route import ConditionalStep, ModelStep, PercentageStep, RateStep, Step

_METADATA = "metadata."


class Ways(NamedTuple):
    """The models that may answer ``first``, and those after ``first`` (if it is one) failed."""

    first: tuple[ModelStep, ...]
    fallback: tuple[ModelStep, ...]


def route_of(gateway: Gateway, endpoint: Endpoint) -> Route | None:
    """The route that the endpoint calls; None if it calls none."""
    return next((route for route in gateway.routes if route.name == endpoint.route), None)


def providers_of(gateway: Gateway, endpoint: Endpoint) -> frozenset[str]:
    """Who may be asked by a call of the endpoint."""
    route = route_of(gateway, endpoint)
    return route.providers if route else frozenset({endpoint.provider})


def ways_of(gateway: Gateway, endpoint: Endpoint) -> Ways:
    """Where a call of the endpoint may end; nowhere if it calls no route."""
    route = route_of(gateway, endpoint)
    if route is None:
        return Ways((), ())
    steps = {step.name: step for step in route.steps}
    first = _models(steps, route.start, endpoint.metadata)
    alone = first[0] if len(first) == 1 else None
    return Ways(first, _models(steps, alone.fallback, endpoint.metadata) if alone else ())


def _models(
    steps: Mapping[str, Step], name: str, metadata: Mapping[str, MetadataValue]
) -> tuple[ModelStep, ...]:
    """The models that can be the next one from the step ``name`` on."""
    found: dict[str, ModelStep] = {}
    waiting, seen = [name], set[str]()
    while waiting:
        step = steps.get(waiting.pop())
        if step is None or step.name in seen:
            continue
        seen.add(step.name)
        match step:
            case ModelStep():
                found[step.name] = step
            case ConditionalStep():
                waiting += _branches(step, metadata)
            case PercentageStep() | RateStep():
                waiting += step.targets
    return tuple(found.values())


def _branches(step: ConditionalStep, metadata: Mapping[str, MetadataValue]) -> tuple[str, ...]:
    """One where the condition is plain equality with metadata, else both."""
    results = [_holds(field, wanted, metadata) for field, wanted in step.condition.items()]
    if False in results:
        return (step.otherwise,)
    return step.targets if None in results else (step.then,)


def _holds(field: str, wanted: object, metadata: Mapping[str, MetadataValue]) -> bool | None:
    """Whether one field is as wanted; None if only Cloudflare can tell."""
    if not field.startswith(_METADATA) or not isinstance(wanted, dict) or [*wanted] != ["$eq"]:
        return None
    return bool(metadata.get(field.removeprefix(_METADATA)) == wanted["$eq"])
