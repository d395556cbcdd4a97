"""The declared values as Cloudflare's API spells them.

One place decides what is sent: the program, the read-back and the review all
start from these objects. A secret appears in them as its reference, for example
``{"env": "NAME"}``, so neither the checksum nor a review ever sees a value.

**Always sent**, whether declared or not: what the API requires, ``authentication``
(a security decision), and every setting that has an off or a default which is the
same in every account. Three reasons:

- ``logpush``, ``zdr``, ``byok_only``, ``log_classification``: left out, some releases
  of the provider want to unset what the server filled in, in each plan; others keep
  the last value, so that removing the line from a spec would not switch it off.
- ``otel``, ``spend_limits``: the provider leaves them out of the PUT when they left
  the program, and some releases plan an update for ever while they are unset. An
  empty list, and ``{"enabled": false, "rules": []}``, say what is meant.
- ``rate_limiting_technique``, ``workers_ai_billing_mode``: older editions of the API
  required the first, and the provider fills in the second.

**Left out unless declared**, and sent as ``null`` by the provider when they leave the
spec, which switches them off: retries, ``guardrails``, ``dlp``, ``stripe`` and
``logpush_public_key``.

**Not managed unless declared** (`unmanaged_fields`): what the account or Cloudflare
decides. There is no off to go back to, so the last value stays when such a line is
removed.
"""

import hashlib
import json
from collections.abc import Mapping

from gatewright.model.custom_provider import CustomProvider
from gatewright.model.deployment import Deployment
from gatewright.model.dlp import Dlp
from gatewright.model.gateway import Gateway, RateLimiting
from gatewright.model.guardrails import Guardrails
from gatewright.model.json_value import JsonValue
from gatewright.model.otel import OtelExporter
from gatewright.model.provider_config import ProviderConfig
from gatewright.model.secret import SecretReference
from gatewright.model.spend_limits import SpendLimits, SpendRule
from gatewright.model.stripe import Stripe
from gatewright.model.token import Token, TokenKind
from gatewright.model.wire_route import route_object
from gatewright.model.worker import Worker

Object = dict[str, JsonValue]

#: The fields that undeclared are not managed. The default of the first two differs
#: by account; Cloudflare assigns the third at creation, and unsetting it would
#: detach the gateway from its stored provider keys.
SERVER_DECIDED = ("log_management", "log_management_strategy", "store_id")


def gateway_object(gateway: Gateway) -> Object:
    """The body of ``POST /accounts/{account_id}/ai-gateway/gateways``.

    Off is written as 0: Cloudflare stores ``null`` as 0 and the Pulumi provider
    cannot send ``null`` at creation.
    """
    cache, retries, logs = gateway.cache, gateway.retries, gateway.logs
    rate = gateway.rate_limiting or RateLimiting(limit=0, interval=0)
    always: Object = {
        "id": gateway.id,
        "authentication": gateway.authentication,
        "byok_only": gateway.byok_only,
        "cache_ttl": cache.ttl if cache else 0,
        "cache_invalidate_on_update": cache.invalidate_on_update if cache else False,
        "collect_logs": logs.collect,
        "log_classification": logs.classification,
        "logpush": gateway.logpush,
        "otel": [_exporter(exporter) for exporter in gateway.otel],
        "rate_limiting_interval": rate.interval,
        "rate_limiting_limit": rate.limit,
        "rate_limiting_technique": rate.technique,
        "spend_limits": _spend_limits(gateway.spend_limits),
        "workers_ai_billing_mode": gateway.workers_ai_billing_mode,
        "zdr": gateway.zdr,
    }
    return always | _given(
        {
            "dlp": _dlp(gateway.dlp) if gateway.dlp else None,
            "guardrails": _guardrails(gateway.guardrails) if gateway.guardrails else None,
            "log_management": logs.limit,
            "log_management_strategy": logs.strategy,
            "logpush_public_key": gateway.logpush_public_key,
            "retry_max_attempts": retries.max_attempts if retries else None,
            "retry_delay": retries.delay if retries else None,
            "retry_backoff": retries.backoff if retries else None,
            "store_id": gateway.store_id,
            "stripe": _stripe(gateway.stripe) if gateway.stripe else None,
        }
    )


def unmanaged_fields(gateway: Gateway) -> tuple[str, ...]:
    """Those of the server-decided fields that ``gateway`` does not declare."""
    sent = gateway_object(gateway)
    return tuple(name for name in SERVER_DECIDED if name not in sent)


def _given(values: Mapping[str, JsonValue]) -> Object:
    return {name: value for name, value in values.items() if value is not None}


def _secret(reference: SecretReference) -> Object:
    return {reference.store.value: reference.name}


def _exporter(exporter: OtelExporter) -> Object:
    sent: Object = {
        "url": exporter.url,
        "headers": {name: _secret(value) for name, value in exporter.headers.items()},
        "content_type": exporter.content_type,
    }
    if exporter.authorization:
        sent["authorization"] = _secret(exporter.authorization)
    return sent


def _spend_limits(limits: SpendLimits | None) -> Object:
    if limits is None:
        return {"enabled": False, "rules": []}
    return {"enabled": limits.enabled, "rules": [_spend_rule(rule) for rule in limits.rules]}


def _spend_rule(rule: SpendRule) -> Object:
    sent: Object = {
        "id": rule.id,
        "limit": rule.limit,
        "limitType": "cost",
        "window": rule.window,
        "enabled": rule.enabled,
        "technique": rule.technique,
    }
    if rule.metadata:
        sent["metadata"] = {
            key: _filter(values) if values else {"mode": "partition"}
            for key, values in rule.metadata.items()
        }
    names = {"model": rule.model, "provider": rule.provider}
    return sent | {field: _filter(values) for field, values in names.items() if values}


def _filter(values: tuple[str, ...]) -> Object:
    return {"mode": "filter", "values": list(values)}


def _guardrails(guardrails: Guardrails) -> Object:
    sides = {"prompt": guardrails.prompt, "response": guardrails.response}
    return {
        side: {hazard.value: action.value for hazard, action in actions.items()}
        for side, actions in sides.items()
    }


def _dlp(dlp: Dlp) -> Object:
    if dlp.action:
        return {
            "enabled": dlp.enabled,
            "action": dlp.action.value,
            "profiles": list(dlp.profiles),
        }
    return {
        "enabled": dlp.enabled,
        "policies": [
            {
                "id": policy.id,
                "action": policy.action.value,
                "check": list(policy.check),
                "enabled": policy.enabled,
                "profiles": list(policy.profiles),
            }
            for policy in dlp.policies
        ],
    }


def _stripe(stripe: Stripe) -> Object:
    return {
        "authorization": _secret(stripe.authorization),
        "usage_events": [{"payload": payload} for payload in stripe.usage_events],
    }


def token_object(token: Token) -> Object:
    """The body of ``POST /accounts/{account_id}/tokens`` or ``/user/tokens``.

    With permission *names*: the ids of permission groups and the account are known
    only at deploy time.
    """
    sent: Object = {"name": token.name_in_account, "permissions": list(token.permissions)}
    sent |= _given({"not_before": token.not_before, "expires_on": token.expires})
    if token.request_ip:
        sent["condition"] = {
            "request_ip": {
                side: list(addresses)
                for side, addresses in (
                    ("in", token.request_ip.allow),
                    ("not_in", token.request_ip.deny),
                )
                if addresses
            }
        }
    return sent


def provider_config_object(config: ProviderConfig) -> Object:
    """The body of ``POST /accounts/{account_id}/ai-gateway/gateways/{id}/provider_configs``."""
    sent: Object = {
        "alias": config.alias,
        "provider_slug": config.provider,
        "default_config": config.default,
    }
    if config.rate_limit is not None:
        sent |= {"rate_limit": config.rate_limit, "rate_limit_period": config.rate_limit_period}
    return sent | _given(
        {
            "secret": _secret(config.secret) if config.secret else None,
            "secret_id": config.secret_id,
        }
    )


def custom_provider_object(provider: CustomProvider) -> Object:
    """The body of ``POST /accounts/{account_id}/ai-gateway/custom-providers``.

    But for ``headers``, still a mapping here: with the values of its secrets in it, it
    is sent as a JSON text. Empty texts are sent so that what leaves a spec is unset:
    the API changes only what it is sent.
    """
    sent: Object = {
        "slug": provider.slug,
        "name": provider.name,
        "base_url": provider.base_url,
        "description": provider.description or "",
        "enable": provider.enable,
        "beta": provider.beta,
        "headers": {
            name: value if isinstance(value, str) else _secret(value)
            for name, value in provider.headers.items()
        },
        "link": provider.link or "",
        "curl_example": provider.curl_example or "",
        "js_example": provider.js_example or "",
    }
    return sent | _given({"position": provider.position})


def worker_object(worker: Worker) -> Object:
    """All that makes a Worker: its script by digest, the shipped one as ``null``."""
    return {
        "name": worker.name,
        "script": worker.script.digest if worker.script else None,
        "compatibility_date": worker.compatibility_date,
        **worker.variables(),
    }


def checksum(deployment: Deployment) -> str:
    """A SHA-256 over everything that decides what is done; the same specs give the same one."""
    kinds = {
        "gateways": [gateway_object(gateway) for gateway in deployment.gateways],
        "tokens": _tokens(deployment, TokenKind.ACCOUNT),
        "user_tokens": _tokens(deployment, TokenKind.USER),
        "custom_providers": [*map(custom_provider_object, deployment.custom_providers)],
        "routes": {
            gateway.id: [*map(route_object, gateway.routes)]
            for gateway in deployment.gateways
            if gateway.routes
        },
        "provider_configs": {
            gateway.id: [*map(provider_config_object, gateway.provider_configs)]
            for gateway in deployment.gateways
            if gateway.provider_configs
        },
        "workers": [*map(worker_object, deployment.workers)],
        # Not sent, but they decide what a deployment may delete.
        "protected": [gateway.id for gateway in deployment.gateways if gateway.protect],
        "retained": [gateway.id for gateway in deployment.gateways if gateway.retain],
    }
    always = ("gateways", "tokens")
    compiled = {name: sent for name, sent in kinds.items() if sent or name in always}
    text = json.dumps(compiled, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _tokens(deployment: Deployment, kind: TokenKind) -> list[Object]:
    return [token_object(token) for token in deployment.tokens if token.kind is kind]
