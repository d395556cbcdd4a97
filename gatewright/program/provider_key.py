"""Keys of providers that gateways keep (BYOK): a component for all, a resource for each."""

from collections.abc import Mapping, Sequence

import pulumi

from gatewright.model import Gateway, ProviderConfig
from gatewright.model.wire import provider_config_object
from gatewright.program import keeping, names, native
from gatewright.program.secrets import Secrets
from gatewright.program.settings import Settings


class ProviderKeys(pulumi.ComponentResource):
    """The keys of gateways; a key's value is in the state as a secret and nowhere else.

    ``gateway_ids`` has the gateways' ids by their ids.
    """

    def __init__(
        self,
        gateways: Sequence[Gateway],
        gateway_ids: Mapping[str, pulumi.Input[str]],
        settings: Settings,
        secrets: Secrets,
        options: pulumi.ResourceOptions,
    ) -> None:
        parent = pulumi.ResourceOptions(parent=options.parent)
        super().__init__(names.PROVIDER_CONFIG_COMPONENT, names.PROVIDER_CONFIGS, opts=parent)
        options = pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(parent=self))
        self._keys = {
            gateway.id: [
                _made(config, gateway, gateway_ids[gateway.id], settings, secrets, options=options)
                for config in gateway.provider_configs
            ]
            for gateway in gateways
        }
        self.register_outputs({})

    def of(self, gateway_id: str) -> Sequence[native.ProviderConfig]:
        """Those of a gateway."""
        return self._keys[gateway_id]


def _made(
    config: ProviderConfig,
    gateway: Gateway,
    gateway_id: pulumi.Input[str],
    settings: Settings,
    secrets: Secrets,
    *,
    options: pulumi.ResourceOptions,
) -> native.ProviderConfig:
    sent = provider_config_object(config)
    adopted = settings.import_id(
        f"{gateway.id}/provider_configs/{config.provider}/{config.alias}",
        gateway.id,
        config.provider,
        config.alias,
    )
    return native.ProviderConfig(
        names.of_provider_config(gateway, config),
        account_id=settings.account_id,
        gateway_id=gateway_id,
        alias=config.alias,
        provider_slug=config.provider,
        default_config=config.default,
        rate_limit=config.rate_limit,
        rate_limit_period=config.rate_limit_period if config.rate_limit is not None else None,
        secret=secrets.output(sent["secret"]) if config.secret else None,
        secret_id=config.secret_id,
        opts=pulumi.ResourceOptions.merge(
            pulumi.ResourceOptions.merge(options, keeping.of(gateway)),
            pulumi.ResourceOptions(import_=adopted),
        ),
    )
