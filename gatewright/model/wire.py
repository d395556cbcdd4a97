"""The declared values as Cloudflare's API spells them.

One place decides what is sent: the program, the read-back and the review all
start from these objects.

Always sent: what the API requires, ``authentication`` (a security decision), and
``logpush`` and ``zdr``, whose server defaults are the same in every account; left
out, each later plan would want to unset them. Left out unless declared:
``log_management`` and its strategy, whose defaults differ by account.
"""

import hashlib
import json

from gatewright.model.deployment import Deployment
from gatewright.model.endpoint import JsonValue
from gatewright.model.gateway import Gateway
from gatewright.model.token import Token

#: Fields the server fills in and whose default differs by account: undeclared
#: means not managed.
ACCOUNT_DEFAULTED = ("log_management", "log_management_strategy")


def gateway_object(gateway: Gateway) -> dict[str, JsonValue]:
    """The body of ``POST /accounts/{account_id}/ai-gateway/gateways``.

    Off is written as 0: Cloudflare stores ``null`` as 0 and the Pulumi provider
    cannot send ``null`` at creation.
    """
    cache, rate, retries = gateway.cache, gateway.rate_limiting, gateway.retries
    sent: dict[str, JsonValue] = {
        "id": gateway.id,
        "authentication": gateway.authentication,
        "cache_ttl": cache.ttl if cache else 0,
        "cache_invalidate_on_update": cache.invalidate_on_update if cache else False,
        "collect_logs": gateway.logs.collect,
        "rate_limiting_interval": rate.interval if rate else 0,
        "rate_limiting_limit": rate.limit if rate else 0,
        "logpush": gateway.logpush,
        "zdr": gateway.zdr,
    }
    optional: dict[str, JsonValue] = {
        "rate_limiting_technique": rate.technique if rate else None,
        "retry_max_attempts": retries.max_attempts if retries else None,
        "retry_delay": retries.delay if retries else None,
        "retry_backoff": retries.backoff if retries else None,
        "log_management": gateway.logs.limit,
        "log_management_strategy": gateway.logs.strategy,
    }
    return sent | {name: value for name, value in optional.items() if value is not None}


def unmanaged_fields(gateway: Gateway) -> tuple[str, ...]:
    """The account-defaulted fields that ``gateway`` leaves to the account."""
    sent = gateway_object(gateway)
    return tuple(name for name in ACCOUNT_DEFAULTED if name not in sent)


def token_object(token: Token) -> dict[str, JsonValue]:
    """The body of ``POST /accounts/{account_id}/tokens``, with permission *names*.

    Ids of permission groups and the account are known only at deploy time.
    """
    sent: dict[str, JsonValue] = {"name": token.name, "permissions": list(token.permissions)}
    if token.expires:
        sent["expires_on"] = token.expires
    if token.request_ip:
        sent["condition"] = {
            "request_ip": {
                name: list(addresses)
                for name, addresses in (
                    ("in", token.request_ip.allow),
                    ("not_in", token.request_ip.deny),
                )
                if addresses
            }
        }
    return sent


def checksum(deployment: Deployment) -> str:
    """A SHA-256 over everything that is sent; the same specs give the same one."""
    compiled = {
        "gateways": [gateway_object(gateway) for gateway in deployment.gateways],
        "tokens": [token_object(token) for token in deployment.tokens],
    }
    text = json.dumps(compiled, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
