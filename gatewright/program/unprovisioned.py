"""What specs can declare and this program cannot provision."""

from collections.abc import Iterator

import pulumi

from gatewright.model import Deployment, Location, TokenKind


def refuse(deployment: Deployment) -> None:
    """Raise `pulumi.RunError` that names all of it: nothing declared is passed over."""
    problems = [
        f"{source.file}:{source.line}: {what} cannot be deployed yet"
        if source
        else f"{what} cannot be deployed yet"
        for source, what in _objects(deployment)
    ]
    if problems:
        raise pulumi.RunError("\n".join([*problems, "hint: take it out of the specs"]))


def _objects(deployment: Deployment) -> Iterator[tuple[Location | None, str]]:
    for gateway in deployment.gateways:
        for route in gateway.routes:
            yield route.source, f"the route `{route.name}` of gateway `{gateway.id}`"
        for config in gateway.provider_configs:
            yield config.source, f"the provider key `{config.name}` of gateway `{gateway.id}`"
    for provider in deployment.custom_providers:
        yield provider.source, f"the custom provider `{provider.slug}`"
    for token in deployment.tokens:
        if token.kind is TokenKind.USER:
            yield token.source, f"the user's token `{token.name}`"
