"""A gateway as a component."""

from typing import Any

import pulumi
import pulumi_cloudflare as cloudflare

from gatewright.model import Gateway
from gatewright.model.wire import gateway_object, unmanaged_fields
from gatewright.program import names
from gatewright.program.settings import Settings

#: Cloudflare's name of a field → the argument of pulumi_cloudflare, where they differ.
ARGUMENT_NAMES = {"id": "ai_gateway_id"}


class AiGateway(pulumi.ComponentResource):
    """One AI gateway and the addresses it answers at."""

    url: str
    openai_url: str
    compat_url: str

    def __init__(
        self, gateway: Gateway, settings: Settings, options: pulumi.ResourceOptions
    ) -> None:
        name = names.of_gateway(gateway)
        super().__init__(names.GATEWAY_COMPONENT, name)
        self.url = f"{settings.gateway_url}/{settings.account_id}/{gateway.id}"
        self.openai_url = f"{self.url}/workers-ai/v1"
        self.compat_url = f"{self.url}/compat"
        arguments: dict[str, Any] = {
            ARGUMENT_NAMES.get(field, field): value
            for field, value in gateway_object(gateway).items()
        }
        adopted = f"{settings.account_id}/{gateway.id}" if gateway.id in settings.adopt else None
        self.resource = cloudflare.AiGateway(
            name,
            account_id=settings.account_id,
            **arguments,
            opts=pulumi.ResourceOptions.merge(
                options,
                pulumi.ResourceOptions(
                    parent=self,
                    import_=adopted,
                    ignore_changes=list(unmanaged_fields(gateway)),
                ),
            ),
        )
        self.register_outputs({"url": self.url})
