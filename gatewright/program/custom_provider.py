"""A custom provider as a component."""

import json
from typing import Any

import pulumi

from gatewright.model import CustomProvider, SecretReference
from gatewright.model.wire import custom_provider_object
from gatewright.program import names, native
from gatewright.program.secrets import Secrets
from gatewright.program.settings import Settings


class AccountProvider(pulumi.ComponentResource):
    """One custom provider of the account."""

    def __init__(
        self,
        provider: CustomProvider,
        settings: Settings,
        secrets: Secrets,
        options: pulumi.ResourceOptions,
    ) -> None:
        name = names.of_custom_provider(provider)
        super().__init__(names.CUSTOM_PROVIDER_COMPONENT, name)
        sent: dict[str, Any] = custom_provider_object(provider)
        self.resource = native.CustomProvider(
            name,
            account_id=settings.account_id,
            **sent | {"headers": _headers(provider, secrets)},
            opts=pulumi.ResourceOptions.merge(
                options,
                pulumi.ResourceOptions(
                    parent=self,
                    import_=settings.import_id(f"custom-providers/{provider.slug}", provider.slug),
                ),
            ),
        )
        self.register_outputs({})


def _headers(provider: CustomProvider, secrets: Secrets) -> pulumi.Input[str]:
    """One JSON text, secret as a whole if one of its values is."""
    values = {
        name: secrets.value(value) if isinstance(value, SecretReference) else value
        for name, value in provider.headers.items()
    }
    text = json.dumps(values, sort_keys=True)
    return pulumi.Output.secret(text) if provider.secrets else text
