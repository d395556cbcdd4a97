"""From a deployment to resources and stack outputs."""

import os
from pathlib import Path

import pulumi
import pulumi_cloudflare as cloudflare

from gatewright import __version__, scripts
from gatewright.errors import CouldNotRunError
from gatewright.model import Deployment, TokenKind, Worker
from gatewright.model.wire import checksum
from gatewright.program import doubles, guard, native, permissions, revision, workers_dev
from gatewright.program.custom_provider import CustomProviders
from gatewright.program.gateway import Gateways, urls
from gatewright.program.secrets import Secrets
from gatewright.program.settings import Settings
from gatewright.program.token import Tokens
from gatewright.program.worker import Workers


def register(deployment: Deployment) -> None:
    """What `gatewright.program.deploy` does."""
    settings = Settings.read(pulumi.Config("gatewright"), os.environ)
    api_token = guard.api_token()
    secrets = Secrets.of(deployment, os.environ)
    provider = _provider(settings)
    groups = permissions.by_kind(
        deployment.tokens, settings.account_id, pulumi.InvokeOptions(provider=provider)
    )

    contents = {each.name: _content(each) for each in deployment.workers}
    addresses = workers_dev.urls(deployment.workers, settings, api_token)

    existing = guard.Guard(settings, api_token)
    on_gateway = guard.before_create("gateway-exists", existing.gateway, "aiGatewayId")
    on_token = _on_token(existing, doubles.Doubles(settings, api_token))
    on_worker = guard.before_create("worker-exists", existing.worker, "scriptName")

    own = pulumi.ResourceOptions(provider=_own_provider(deployment, settings))
    if deployment.custom_providers:
        custom = CustomProviders(deployment.custom_providers, settings, secrets, own)
        # Routes and keys may name a custom provider.
        own = pulumi.ResourceOptions.merge(own, pulumi.ResourceOptions(depends_on=[custom]))
    if deployment.gateways:
        options = pulumi.ResourceOptions(provider=provider, hooks=on_gateway)
        gateways = Gateways(deployment.gateways, settings, secrets, options, own)
        if deployment.workers:
            after = {each.name: gateways.whole(each.gateway.id) for each in deployment.workers}
            options = pulumi.ResourceOptions(provider=provider, hooks=on_worker)
            Workers(deployment.workers, contents, after, settings, options)
    told = {}
    if deployment.tokens:
        by_kind = {
            kind: pulumi.ResourceOptions(provider=provider, hooks=hooks)
            for kind, hooks in on_token.items()
        }
        told = Tokens(deployment.tokens, groups, settings, by_kind).outputs()

    pulumi.export("gateways", {each.id: urls(each, settings) for each in deployment.gateways})
    pulumi.export("tokens", told)
    pulumi.export("worker", {name: {"url": url} for name, url in addresses.items()})
    pulumi.export(
        "gatewright",
        {
            "stack": pulumi.get_stack(),
            "version": __version__,
            "revision": revision.of(Path.cwd(), _sources(deployment)),
            "checksum": checksum(deployment),
        },
    )


def _content(worker: Worker) -> str:
    try:
        return scripts.content(worker, Path.cwd(), pulumi.log.info)
    except CouldNotRunError as error:
        hint = f"\nhint: {error.hint}" if error.hint else ""
        raise pulumi.RunError(f"{error.message}{hint}") from error


def _on_token(
    existing: guard.Guard, doubled: doubles.Doubles
) -> dict[TokenKind, pulumi.ResourceHookBinding]:
    return {
        TokenKind.ACCOUNT: guard.before_create(
            "token-exists",
            existing.account_token,
            "name",
            after_create=[doubles.after_create("token-doubled", doubled.account_token)],
        ),
        TokenKind.USER: guard.before_create(
            "user-token-exists",
            existing.user_token,
            "name",
            after_create=[doubles.after_create("user-token-doubled", doubled.user_token)],
        ),
    }


def _provider(settings: Settings) -> cloudflare.Provider | None:
    """None, the default provider, unless the stack's configuration names another API.

    The default provider reads its token from the environment and so keeps it out of
    the state, where it would go stale with the next rotation.
    """
    if settings.configured_api_url is None:
        return None
    return cloudflare.Provider("cloudflare", base_url=settings.configured_api_url)


def _own_provider(deployment: Deployment, settings: Settings) -> native.Provider | None:
    """None where nothing needs it: a stack without such objects needs no plugin."""
    needed = deployment.custom_providers or any(
        gateway.routes or gateway.provider_configs for gateway in deployment.gateways
    )
    return native.Provider(settings.configured_api_url) if needed else None


def _sources(deployment: Deployment) -> list[str]:
    scripts = {worker.script.path for worker in deployment.workers if worker.script}
    return ["gateways", *sorted(scripts)]
