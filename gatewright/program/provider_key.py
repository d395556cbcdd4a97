"""A provider's key that a gateway keeps (BYOK) as a component, below its gateway."""

import pulumi

from gatewright.model import Gateway, ProviderConfig
from gatewright.model.wire import provider_config_object
from gatewright.program import names, native
from gatewright.program.secrets import Secrets
from gatewright.program.settings import Settings


class ProviderKey(pulumi.ComponentResource):
    """One key; its value is in the state as a secret and nowhere else."""

    def __init__(
        self,
        config: ProviderConfig,
        gateway: Gateway,
        settings: Settings,
        secrets: Secrets,
        *,
        gateway_id: pulumi.Input[str],
        options: pulumi.ResourceOptions,
    ) -> None:
        name = names.of_provider_config(gateway, config)
        super().__init__(
            names.PROVIDER_CONFIG_COMPONENT,
            name,
            opts=pulumi.ResourceOptions(parent=options.parent),
        )
        sent = provider_config_object(config)
        self.resource = native.ProviderConfig(
            name,
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
                options,
                pulumi.ResourceOptions(
                    parent=self,
                    import_=settings.import_id(
                        f"{gateway.id}/provider_configs/{config.provider}/{config.alias}",
                        gateway.id,
                        config.provider,
                        config.alias,
                    ),
                ),
            ),
        )
        self.register_outputs({})
