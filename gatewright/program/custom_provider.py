"""Custom providers: a component for all of them, a resource for each."""

import json
from collections.abc import Sequence
from typing import Any

import pulumi

from gatewright.model import CustomProvider, SecretReference
from gatewright.model.wire import custom_provider_object
from gatewright.program import names, native
from gatewright.program.secrets import Secrets
from gatewright.program.settings import Settings


class CustomProviders(pulumi.ComponentResource):
    """The custom providers of the account."""

    def __init__(
        self,
        providers: Sequence[CustomProvider],
        settings: Settings,
        secrets: Secrets,
        options: pulumi.ResourceOptions,
    ) -> None:
        super().__init__(names.CUSTOM_PROVIDER_COMPONENT, names.CUSTOM_PROVIDERS)
        options = pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(parent=self))
        for each in providers:
            _make(each, settings, secrets, options)
        self.register_outputs({})


def _make(
    provider: CustomProvider,
    settings: Settings,
    secrets: Secrets,
    options: pulumi.ResourceOptions,
) -> None:
    sent: dict[str, Any] = custom_provider_object(provider)
    adopted = settings.import_id(f"custom-providers/{provider.slug}", provider.slug)
    native.CustomProvider(
        names.of_custom_provider(provider),
        account_id=settings.account_id,
        **sent | {"headers": _headers(provider, secrets)},
        opts=pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(import_=adopted)),
    )


def _headers(provider: CustomProvider, secrets: Secrets) -> pulumi.Input[str]:
    """One JSON text, secret as a whole if one of its values is."""
    values = {
        name: secrets.value(value) if isinstance(value, SecretReference) else value
        for name, value in provider.headers.items()
    }
    text = json.dumps(values, sort_keys=True)
    return pulumi.Output.secret(text) if provider.secrets else text
