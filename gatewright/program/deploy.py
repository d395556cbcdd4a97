"""From a deployment to resources and stack outputs."""

import os
from pathlib import Path
from typing import Any

import pulumi
import pulumi_cloudflare as cloudflare

from gatewright import __version__
from gatewright.model import Deployment
from gatewright.model.wire import checksum
from gatewright.program import guard, permissions, revision, unprovisioned
from gatewright.program.gateway import AiGateway
from gatewright.program.secrets import Secrets
from gatewright.program.settings import Settings
from gatewright.program.token import ApiToken


def deploy(deployment: Deployment) -> None:
    """Register every declared object and export the stack's outputs.

    Raises `pulumi.RunError`, before anything is registered, for a missing setting or
    secret, or a permission that the account does not have.
    """
    unprovisioned.refuse(deployment)
    settings = Settings.read(pulumi.Config("gatewright"), os.environ)
    secrets = Secrets.of(deployment, os.environ)
    provider = _provider(settings)
    groups: dict[str, str] = {}
    if deployment.tokens:
        groups = permissions.by_name(settings.account_id, pulumi.InvokeOptions(provider=provider))
        permissions.check(deployment.tokens, groups)

    existing = guard.Guard(settings, guard.api_token())
    new_gateway = guard.before_create("gateway-exists", existing.gateway, "aiGatewayId")
    new_token = guard.before_create("token-exists", existing.token, "name")

    gateways = {
        gateway.id: AiGateway(
            gateway, settings, secrets, pulumi.ResourceOptions(provider=provider, hooks=new_gateway)
        )
        for gateway in deployment.gateways
    }
    tokens = {
        token.name: ApiToken(
            token, groups, settings, pulumi.ResourceOptions(provider=provider, hooks=new_token)
        )
        for token in deployment.tokens
    }
    for name, value in _outputs(deployment, gateways, tokens).items():
        pulumi.export(name, value)


def _provider(settings: Settings) -> cloudflare.Provider | None:
    """None, the default provider, unless the stack's configuration names another API.

    The default provider reads its token from the environment and so keeps it out of
    the state, where it would go stale with the next rotation.
    """
    if settings.configured_api_url is None:
        return None
    return cloudflare.Provider("cloudflare", base_url=settings.configured_api_url)


def _outputs(
    deployment: Deployment, gateways: dict[str, AiGateway], tokens: dict[str, ApiToken]
) -> dict[str, Any]:
    return {
        "gateways": {
            name: {
                "url": gateway.url,
                "openaiUrl": gateway.openai_url,
                "compatUrl": gateway.compat_url,
            }
            for name, gateway in gateways.items()
        },
        "tokens": {
            name: {
                "id": token.resource.id,
                "value": pulumi.Output.secret(token.resource.value),
            }
            for name, token in tokens.items()
        },
        "gatewright": {
            "version": __version__,
            "revision": revision.of(Path.cwd()),
            "checksum": checksum(deployment),
        },
    }
