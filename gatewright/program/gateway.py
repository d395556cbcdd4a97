"""Gateways: a component for all of them, a resource for each."""

from collections.abc import Sequence

import pulumi
import pulumi_cloudflare as cloudflare

from gatewright.model import Gateway
from gatewright.model.wire import gateway_object, unmanaged_fields
from gatewright.program import arguments, keeping, names, nulls
from gatewright.program.provider_key import ProviderKeys
from gatewright.program.route import Routes
from gatewright.program.secrets import Secrets
from gatewright.program.settings import Settings

#: The engine keeps what the official plugin reads at an import, until it compares the next time.
READ_IN_CLEAR = (
    "gateway `{}`: an import writes the secrets that it reads to the state in clear. "
    "hint: `pulumi up` once more, without GATEWRIGHT_ADOPT, encrypts them; older versions of the "
    "state keep them: replace at their systems those that readers of the state must not know"
)


class Gateways(pulumi.ComponentResource):
    """The AI gateways, and what is below them.

    ``options`` are for pulumi-cloudflare's resources, ``own`` for those of our own plugin.
    """

    def __init__(
        self,
        gateways: Sequence[Gateway],
        settings: Settings,
        secrets: Secrets,
        options: pulumi.ResourceOptions,
        own: pulumi.ResourceOptions,
    ) -> None:
        super().__init__(names.GATEWAY_COMPONENT, names.GATEWAYS)
        options = pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(parent=self))
        own = pulumi.ResourceOptions.merge(own, pulumi.ResourceOptions(parent=self))
        self._gateways: dict[str, cloudflare.AiGateway] = {}
        on_nulls = nulls.before_update()
        # Made here and in no helper: each frame on the way here is written to the state, again
        # for each gateway and with every step of an update.
        for each in gateways:
            sent = gateway_object(each)
            self._gateways[each.id] = cloudflare.AiGateway(
                names.of_gateway(each),
                account_id=settings.account_id,
                **arguments.of_gateway(sent, secrets.output),
                opts=pulumi.ResourceOptions.merge(
                    options, _options(each, settings, on_nulls if nulls.possible(sent) else None)
                ),
            )
        ids = {name: gateway.ai_gateway_id for name, gateway in self._gateways.items()}
        self._routes, self._keys = None, None
        if any(gateway.routes for gateway in gateways):
            self._routes = Routes(gateways, ids, settings, own)
        if any(gateway.provider_configs for gateway in gateways):
            self._keys = ProviderKeys(gateways, ids, settings, secrets, own)
        self.register_outputs({})

    def whole(self, gateway_id: str) -> list[pulumi.Resource]:
        """A gateway and what is below it."""
        return [
            self._gateways[gateway_id],
            *(self._routes.of(gateway_id) if self._routes else ()),
            *(self._keys.of(gateway_id) if self._keys else ()),
        ]


def urls(gateway: Gateway, settings: Settings) -> dict[str, str]:
    """The addresses that a gateway answers at, by their names among the stack's outputs."""
    url = f"{settings.gateway_url}/{settings.account_id}/{gateway.id}"
    return {"url": url, "openaiUrl": f"{url}/workers-ai/v1", "compatUrl": f"{url}/compat"}


def _options(
    gateway: Gateway, settings: Settings, before_update: pulumi.ResourceHook | None
) -> pulumi.ResourceOptions:
    adopted = f"{settings.account_id}/{gateway.id}" if gateway.id in settings.adopt else None
    if adopted and gateway.secrets:
        pulumi.log.warn(READ_IN_CLEAR.format(gateway.id))
    return pulumi.ResourceOptions.merge(
        keeping.of(gateway),
        pulumi.ResourceOptions(
            import_=adopted,
            # Beside their secret inputs: what the API answers is no less secret.
            additional_secret_outputs=list(arguments.SECRET_ARGUMENTS) if gateway.secrets else None,
            ignore_changes=list(unmanaged_fields(gateway)),
            hooks=pulumi.ResourceHookBinding(before_update=[before_update])
            if before_update
            else None,
        ),
    )
