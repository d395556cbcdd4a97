"""Dynamic routes: a graph of elements that leads a call to a model."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.responses import Response

from gatewright.emulator.store import Document, Store
from gatewright.emulator.traffic import errors
from gatewright.emulator.traffic.call import Call
from gatewright.emulator.traffic.canned import Canned
from gatewright.emulator.traffic.conditions import holds, value_at
from gatewright.emulator.traffic.exchange import Ask
from gatewright.emulator.traffic.headers import sendable
from gatewright.emulator.traffic.memory import Memory
from gatewright.emulator.traffic.options import MAX_ATTEMPTS, Options
from gatewright.emulator.traffic.providers import is_provider
from gatewright.emulator.traffic.steps import Outcome, Steps
from gatewright.emulator.traffic.switches import Switch


@dataclass(slots=True)
class _Walk:
    """A call on its way through a route."""

    call: Call
    ask: Ask
    options: Options
    route: Document
    step: int = 0
    outcome: Outcome | None = None
    #: Rate elements that count dollars, with their windows: charged when the cost is known.
    charged: list[tuple[str, float]] = field(default_factory=list)


class Routes:
    """Runs the deployed versions of routes."""

    def __init__(self, store: Store, memory: Memory, canned: Canned, steps: Steps) -> None:
        self._store = store
        self._memory = memory
        self._canned = canned
        self._steps = steps

    async def run(self, call: Call, ask: Ask, options: Options) -> Response:
        """The answer of the model that the route leads to; raises `errors.GatewayError`."""
        route = self._route(call.gateway["id"], ask.model)
        elements = {one["id"]: one for one in _deployed(route)}
        walk = _Walk(call, ask, options, route)
        element = next((one for one in elements.values() if one["type"] == "start"), None)
        # No element is met twice: a version with a circle is refused when it is made.
        while element is not None and element["type"] != "end":
            output = await self._leave(element, walk)
            element = elements.get(element["outputs"].get(output, {}).get("elementId"))
        if walk.outcome is None:
            raise errors.route_failed("it ends without a model")
        if walk.outcome.failed:
            raise errors.route_failed("no model answered")
        for key, window in walk.charged:
            self._memory.counters.add(call.gateway["id"], key, window, call.now, walk.outcome.cost)
        return walk.outcome.response

    def _route(self, gateway_id: str, name: str) -> Document:
        for route in self._store.routes.of(gateway_id):
            if route["name"] == name:
                return route
        raise errors.route_failed(f"no route `{name}`")

    async def _leave(self, element: dict[str, Any], walk: _Walk) -> str:
        """The name of the output by which the call leaves an element."""
        kind, properties = element["type"], element.get("properties") or {}
        if kind == "conditional":
            is_met = _met(properties.get("conditions"), walk)
            is_mistaken = Switch.MISTAKES_CONDITIONS in self._memory.switches.on
            return "true" if is_met is not is_mistaken else "false"
        if kind == "percentage":
            return self._chance(element["outputs"])
        if kind == "rate":
            return "success" if self._within(element, properties, walk) else "fallback"
        if kind == "model":
            return await self._model(properties, walk)
        return "next"

    def _chance(self, outputs: dict[str, Any]) -> str:
        names = list(outputs)
        weights = [float(name.rstrip("%")) for name in names]
        return self._canned.dice.choices(names, weights)[0]

    def _within(self, element: dict[str, Any], properties: dict[str, Any], walk: _Walk) -> bool:
        """Count a call against a rate element.

        Fidelity: ``key`` is a field like ``metadata.user``, and a call without it counts
        under the empty value; ``window`` is in seconds, on the clock's own boundaries, and
        one of 0 limits nothing.
        """
        gateway_id, now = walk.call.gateway["id"], walk.call.now
        value = value_at(properties["key"], _facts(walk))
        told = hashlib.sha256(json.dumps(value).encode("ascii")).hexdigest()
        key = "\0".join((walk.route["id"], element["id"], told))
        window = properties["window"]
        if not window:
            return True
        total = self._memory.counters.total(gateway_id, key, window, now)
        if total >= properties["limit"]:
            return False
        if properties["limitType"] == "count":
            self._memory.counters.add(gateway_id, key, window, now, 1)
        else:
            walk.charged.append((key, window))
        return True

    async def _model(self, properties: dict[str, Any], walk: _Walk) -> str:
        provider, model = properties["provider"], properties["model"]
        body = {**walk.ask.body, "model": model} if isinstance(walk.ask.body, dict) else None
        ask = replace(walk.ask, provider=provider, model=model, body=body)
        # Fidelity: how long it waits between attempts is not documented: as the gateway does.
        attempts = min(int(properties["retries"]), MAX_ATTEMPTS) + 1
        options = replace(
            walk.options,
            retries=replace(walk.options.retries, attempts=attempts),
            timeout=int(properties["timeout"]) or None,
        )
        if is_provider(provider, self._store.custom_providers):
            outcome = await self._steps.run(walk.call, ask, options, walk.step)
        else:
            # Fidelity: no source says what a route does with a name that is no provider's.
            error = errors.unknown_provider()
            outcome = Outcome(self._steps.refuse(walk.call, ask, options, error, walk.step))
        outcome.response.headers["cf-aig-model"] = sendable(model)
        outcome.response.headers["cf-aig-provider"] = sendable(provider)
        walk.outcome = outcome
        walk.step += 1
        if outcome.failed and Switch.NEVER_FALLS_BACK in self._memory.switches.on:
            return "nowhere"
        return "fallback" if outcome.failed else "success"


def _deployed(route: Document) -> list[dict[str, Any]]:
    deployed = route["deployments"][-1]["version_id"]
    version = next(one for one in route["versions"] if one["version_id"] == deployed)
    elements: list[dict[str, Any]] = json.loads(version["data"])
    return elements


def _met(conditions: Any, walk: _Walk) -> bool:
    """The official provider sends conditions as JSON in a string."""
    if isinstance(conditions, str):
        try:
            conditions = json.loads(conditions)
        except (ValueError, RecursionError):
            return False
    try:
        return holds(conditions, _facts(walk))
    except RecursionError:  # nested deeper than can be understood
        return False


def _facts(walk: _Walk) -> dict[str, Any]:
    headers = {
        name.decode("latin-1"): value.decode("latin-1") for name, value in walk.call.headers.items()
    }
    return {"metadata": walk.options.metadata, "headers": headers, "body": walk.ask.body}
