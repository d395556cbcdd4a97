"""The resources of gatewright's own Pulumi plugin, with typed arguments.

What the plugin does with them is in gatewright.resources; types and names of inputs
are the contract between the two.
"""

from collections.abc import Mapping
from typing import Any

import pulumi

from gatewright.model import JsonValue


class Provider(pulumi.ProviderResource):
    """The plugin, and where Cloudflare's API is unless the environment says so.

    It has no token among its inputs: they are kept in the state, where a token is out
    of date after its next rotation.
    """

    def __init__(self, api_url: str | None) -> None:
        super().__init__("gatewright", "gatewright", {"apiUrl": api_url} if api_url else {})


class DynamicRoute(pulumi.CustomResource):
    """A dynamic route; ``elements`` by their ids, ``conditions`` in them as JSON texts."""

    def __init__(
        self,
        resource_name: str,
        *,
        account_id: str,
        gateway_id: pulumi.Input[str],
        name: str,
        elements: Mapping[str, JsonValue],
        opts: pulumi.ResourceOptions,
    ) -> None:
        inputs = {
            "accountId": account_id,
            "gatewayId": gateway_id,
            "name": name,
            "elements": elements,
        }
        super().__init__("gatewright:index:DynamicRoute", resource_name, inputs, opts)


class ProviderConfig(pulumi.CustomResource):
    """A provider's key: ``secret`` must be a secret; else ``secret_id`` names a stored one."""

    def __init__(
        self,
        resource_name: str,
        *,
        account_id: str,
        gateway_id: pulumi.Input[str],
        alias: str,
        provider_slug: str,
        default_config: bool,
        rate_limit: int | None = None,
        rate_limit_period: int | None = None,
        secret: pulumi.Output[str] | None = None,
        secret_id: str | None = None,
        opts: pulumi.ResourceOptions,
    ) -> None:
        inputs = {
            "accountId": account_id,
            "gatewayId": gateway_id,
            "alias": alias,
            "providerSlug": provider_slug,
            "defaultConfig": default_config,
            "rateLimit": rate_limit,
            "rateLimitPeriod": rate_limit_period,
            "secret": secret,
            "secretId": secret_id,
        }
        super().__init__("gatewright:index:ProviderConfig", resource_name, inputs, opts)


class CustomProvider(pulumi.CustomResource):
    """A provider that Cloudflare does not know; ``headers`` are one JSON text."""

    def __init__(
        self,
        resource_name: str,
        *,
        account_id: str,
        slug: str,
        name: str,
        base_url: str,
        description: str,
        enable: bool,
        beta: bool,
        headers: pulumi.Input[str],
        link: str,
        curl_example: str,
        js_example: str,
        position: int | None = None,
        opts: pulumi.ResourceOptions,
    ) -> None:
        inputs: dict[str, Any] = {
            "accountId": account_id,
            "slug": slug,
            "name": name,
            "baseUrl": base_url,
            "description": description,
            "enable": enable,
            "beta": beta,
            "headers": headers,
            "link": link,
            "curlExample": curl_example,
            "jsExample": js_example,
            "position": position,
        }
        super().__init__("gatewright:index:CustomProvider", resource_name, inputs, opts)
