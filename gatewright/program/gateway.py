"""A gateway as a component."""

import pulumi
import pulumi_cloudflare as cloudflare

from gatewright.model import Gateway
from gatewright.model.wire import gateway_object, unmanaged_fields
from gatewright.program import arguments, names
from gatewright.program.provider_key import ProviderKey
from gatewright.program.route import GatewayRoute
from gatewright.program.secrets import Secrets
from gatewright.program.settings import Settings

#: The engine keeps what the official plugin reads at an import, until it compares the next time.
READ_IN_CLEAR = (
    "gateway `{}`: an import writes the secrets that it reads to the state in clear. "
    "hint: `pulumi up` once more, without GATEWRIGHT_ADOPT, encrypts them; older versions of the "
    "state keep them: replace at their systems those that readers of the state must not know"
)


class AiGateway(pulumi.ComponentResource):
    """One AI gateway, what is below it, and the addresses it answers at.

    ``options`` are for pulumi-cloudflare's resource, ``own`` for those of our own plugin.
    """

    url: str
    openai_url: str
    compat_url: str

    def __init__(
        self,
        gateway: Gateway,
        settings: Settings,
        secrets: Secrets,
        options: pulumi.ResourceOptions,
        own: pulumi.ResourceOptions,
    ) -> None:
        name = names.of_gateway(gateway)
        super().__init__(names.GATEWAY_COMPONENT, name)
        self.url = f"{settings.gateway_url}/{settings.account_id}/{gateway.id}"
        self.openai_url = f"{self.url}/workers-ai/v1"
        self.compat_url = f"{self.url}/compat"
        kept = pulumi.ResourceOptions(protect=gateway.protect, retain_on_delete=gateway.retain)
        adopted = f"{settings.account_id}/{gateway.id}" if gateway.id in settings.adopt else None
        if adopted and gateway.secrets:
            pulumi.log.warn(READ_IN_CLEAR.format(gateway.id))
        self.resource = cloudflare.AiGateway(
            name,
            account_id=settings.account_id,
            **arguments.of_gateway(gateway_object(gateway), secrets.output),
            opts=pulumi.ResourceOptions.merge(
                pulumi.ResourceOptions.merge(options, kept),
                pulumi.ResourceOptions(
                    parent=self,
                    import_=adopted,
                    # Beside their secret inputs: what the API answers is no less secret.
                    additional_secret_outputs=list(arguments.SECRET_ARGUMENTS)
                    if gateway.secrets
                    else None,
                    ignore_changes=list(unmanaged_fields(gateway)),
                ),
            ),
        )
        # What is below goes first when a gateway is deleted: it must be kept with it.
        below = pulumi.ResourceOptions.merge(
            pulumi.ResourceOptions.merge(own, kept), pulumi.ResourceOptions(parent=self)
        )
        gateway_id = self.resource.ai_gateway_id
        for route in gateway.routes:
            GatewayRoute(route, gateway, settings, gateway_id=gateway_id, options=below)
        for config in gateway.provider_configs:
            ProviderKey(config, gateway, settings, secrets, gateway_id=gateway_id, options=below)
        self.register_outputs({"url": self.url})
