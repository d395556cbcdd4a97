"""A dynamic route as the graph of elements that Cloudflare's API takes.

Source: the types of Cloudflare's Python SDK, and what the live API was seen to
refuse: every output must be there, ``end`` has empty ones, and a model needs
``retries`` and ``timeout``.
"""

from gatewright.model.json_value import JsonValue
from gatewright.model.route import (
    ConditionalStep,
    ModelStep,
    PercentageStep,
    RateStep,
    Route,
    Step,
)
from gatewright.model.words import END, START

Object = dict[str, JsonValue]


def route_object(route: Route) -> Object:
    """The body of ``POST /accounts/{account_id}/ai-gateway/gateways/{id}/routes``.

    The ids of the elements are the names of the steps, `start` and `end`; the elements
    stand in the order of the spec, so an order alone is no other route.
    """
    return {"name": route.name, "elements": [*elements(route)]}


def elements(route: Route) -> list[Object]:
    """The elements alone, as a new version of the route takes them."""
    first = _element(START, "start", {"next": route.start})
    return [first, *map(_step, route.steps), _element(END, "end", {})]


def _element(name: str, kind: str, outputs: dict[str, str]) -> Object:
    targets: Object = {output: {"elementId": target} for output, target in outputs.items()}
    return {"id": name, "type": kind, "outputs": targets}


def _step(step: Step) -> Object:
    element = _element(step.name, step.type, _outputs(step))
    properties = _properties(step)
    return element | {"properties": properties} if properties else element


def _outputs(step: Step) -> dict[str, str]:
    match step:
        case ConditionalStep():
            return {"true": step.then, "false": step.otherwise}
        case PercentageStep():
            return {f"{share}%": target for share, target in sorted(step.outputs.items())}
        case RateStep() | ModelStep():
            return {"success": step.success, "fallback": step.fallback}


def _properties(step: Step) -> Object:
    match step:
        case ConditionalStep():
            return {"conditions": dict(step.condition)}
        case PercentageStep():
            return {}
        case RateStep():
            return {
                "key": step.key,
                "limit": step.limit,
                "limitType": step.limit_type,
                "window": step.window,
            }
        case ModelStep():
            return {
                "provider": step.provider,
                "model": step.model,
                "retries": step.retries,
                "timeout": step.timeout,
            }
