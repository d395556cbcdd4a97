"""Dynamic routes: a component for all of them, below the gateways', a resource for each."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from gatewright.model import Gateway, Route
from gatewright.model.wire_route import elements
from gatewright.program import keeping, names
from gatewright.program.native import DynamicRoute
from gatewright.program.settings import Settings


class Routes(pulumi.ComponentResource):
    """The dynamic routes of gateways, whose ids ``gateway_ids`` has by their ids."""

    def __init__(
        self,
        gateways: Sequence[Gateway],
        gateway_ids: Mapping[str, pulumi.Input[str]],
        settings: Settings,
        options: pulumi.ResourceOptions,
    ) -> None:
        parent = pulumi.ResourceOptions(parent=options.parent)
        super().__init__(names.ROUTE_COMPONENT, names.ROUTES, opts=parent)
        options = pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(parent=self))
        self._routes = {
            gateway.id: [
                _made(route, gateway, gateway_ids[gateway.id], settings, options)
                for route in gateway.routes
            ]
            for gateway in gateways
        }
        self.register_outputs({})

    def of(self, gateway_id: str) -> Sequence[DynamicRoute]:
        """Those of a gateway."""
        return self._routes[gateway_id]


def _made(
    route: Route,
    gateway: Gateway,
    gateway_id: pulumi.Input[str],
    settings: Settings,
    options: pulumi.ResourceOptions,
) -> DynamicRoute:
    adopted = settings.import_id(f"{gateway.id}/routes/{route.name}", gateway.id, route.name)
    return DynamicRoute(
        names.of_route(gateway, route),
        account_id=settings.account_id,
        gateway_id=gateway_id,
        name=route.name,
        elements=_by_id(route),
        opts=pulumi.ResourceOptions.merge(
            pulumi.ResourceOptions.merge(options, keeping.of(gateway)),
            pulumi.ResourceOptions(import_=adopted),
        ),
    )


def _by_id(route: Route) -> dict[str, Any]:
    return {str(element["id"]): _input(element) for element in elements(route)}


def _input(element: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in element.items() if key != "id"}
    properties = kept.get("properties", {})
    if "conditions" in properties:
        # As a text: Pulumi's own values lose a null.
        text = json.dumps(properties["conditions"], sort_keys=True, separators=(",", ":"))
        kept["properties"] = properties | {"conditions": text}
    return kept
