"""Every secret that a deployment refers to."""

from collections.abc import Iterator

from gatewright.model.deployment import Deployment
from gatewright.model.secret import SecretReference


def references(deployment: Deployment) -> Iterator[tuple[str, SecretReference]]:
    """Each with whose it is, in words."""
    for gateway in deployment.gateways:
        owner = f"gateway `{gateway.id}`"
        for reference in gateway.secrets:
            yield owner, reference
        for config in gateway.provider_configs:
            if config.secret:
                yield f"{owner}, provider key `{config.name}`", config.secret
    for provider in deployment.custom_providers:
        for reference in provider.secrets:
            yield f"custom provider `{provider.slug}`", reference
