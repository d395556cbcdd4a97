"""A dynamic route as a component, below its gateway."""

import json
from typing import Any

import pulumi

from gatewright.model import Gateway, Route
from gatewright.model.wire_route import elements
from gatewright.program import names
from gatewright.program.native import DynamicRoute
from gatewright.program.settings import Settings


class GatewayRoute(pulumi.ComponentResource):
    """One dynamic route of a gateway; ``model`` is what clients call."""

    def __init__(
        self,
        route: Route,
        gateway: Gateway,
        settings: Settings,
        *,
        gateway_id: pulumi.Input[str],
        options: pulumi.ResourceOptions,
    ) -> None:
        name = names.of_route(gateway, route)
        super().__init__(
            names.ROUTE_COMPONENT, name, opts=pulumi.ResourceOptions(parent=options.parent)
        )
        self.model = route.model
        self.resource = DynamicRoute(
            name,
            account_id=settings.account_id,
            gateway_id=gateway_id,
            name=route.name,
            elements=_by_id(route),
            opts=pulumi.ResourceOptions.merge(
                options,
                pulumi.ResourceOptions(
                    parent=self,
                    import_=settings.import_id(
                        f"{gateway.id}/routes/{route.name}", gateway.id, route.name
                    ),
                ),
            ),
        )
        self.register_outputs({"model": self.model})


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
