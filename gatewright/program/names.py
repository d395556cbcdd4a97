"""Logical names: Pulumi's state keys.

All objects of a kind have one component. A component for each would double the resources
of a stack, and the engine writes the whole state once or twice for every change of one.
The component's type is part of the URNs of what is below it, its name is not.

A change here makes Pulumi delete what it knows by the old name and create it
anew, with new URLs and new secrets. tests/program/state_keys.txt freezes them.
"""

from gatewright.model import CustomProvider, Gateway, ProviderConfig, Route, Token, Worker

GATEWAY_COMPONENT = "gatewright:index:Gateway"
ROUTE_COMPONENT = "gatewright:index:Route"
PROVIDER_CONFIG_COMPONENT = "gatewright:index:ProviderKey"
CUSTOM_PROVIDER_COMPONENT = "gatewright:index:AccountProvider"
WORKER_COMPONENT = "gatewright:index:Worker"
TOKEN_COMPONENT = "gatewright:index:Token"  # noqa: S105  # a type, not a secret

GATEWAYS = "gateways"
ROUTES = "routes"
PROVIDER_CONFIGS = "provider-configs"
CUSTOM_PROVIDERS = "custom-providers"
WORKERS = "workers"
TOKENS = "tokens"


def of_gateway(gateway: Gateway) -> str:
    """The gateway's id: renaming a file or reordering keys changes nothing."""
    return gateway.id


def of_token(token: Token) -> str:
    """The token's name."""
    return token.name


def of_route(gateway: Gateway, route: Route) -> str:
    """The gateway's id and the route's name."""
    return f"{gateway.id}/{route.name}"


def of_provider_config(gateway: Gateway, config: ProviderConfig) -> str:
    """The gateway's id and the key's name in the spec."""
    return f"{gateway.id}/{config.name}"


def of_custom_provider(provider: CustomProvider) -> str:
    """The provider's slug."""
    return provider.slug


def of_worker(worker: Worker) -> str:
    """The script's name."""
    return worker.name
