"""Endpoints and bodies beside those of Cloudflare's SDK, and in what they differ on purpose.

A test compares the published document with the SDK's types: it must find exactly what is
written here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_ACCOUNT = "/accounts/{account_id}"
_GATEWAY = f"{_ACCOUNT}/ai-gateway/gateways/{{id}}"
_ROUTE = f"{_GATEWAY}/routes/{{route_id}}"
_PROVIDERS = f"{_ACCOUNT}/ai-gateway/custom-providers"

#: Endpoints that the SDK does not have, and who has them; where nobody is named, we guess.
BEYOND_SDK: Mapping[str, str] = {
    f"PUT {_GATEWAY}/provider_configs/{{config_id}}": "OAS",
    f"DELETE {_GATEWAY}/provider_configs/{{config_id}}": "OAS",
    f"PATCH {_PROVIDERS}/{{provider_id}}": "OAS",
    f"GET {_ACCOUNT}/workers/services/{{name}}": "WIRE",
    f"DELETE {_ACCOUNT}/workers/services/{{name}}": "",
    f"GET {_ACCOUNT}/workers/scripts/{{name}}/content": "",
}

_RETURNED = "taken and dropped: clients send back what they got"
_NULLED = "taken as absent: the official provider sends it for what left the program"


@dataclass(frozen=True, slots=True)
class Body:
    """A request body, and its type in the SDK: a module below ``cloudflare.types``, a class.

    ``differences`` are the fields in which they differ, and why; ``guesses``, those that take
    less than the SDK's type says, on no source's word; ``bounds``, in JSON Schema's words, those
    that a source names. Any other bound is ours.
    """

    method: str
    pattern: str
    module: str
    kind: str
    differences: Mapping[str, str] = field(default_factory=dict)
    guesses: Mapping[str, str] = field(default_factory=dict)
    bounds: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Method and path."""
        return f"{self.method} {self.pattern}"


#: A gateway's, of the OpenAPI document; the number of spending rules is the documentation's.
_GATEWAY_BOUNDS: Mapping[str, Mapping[str, Any]] = {
    "cache_ttl": {"minimum": 0},
    "log_management": {"minimum": 10_000, "maximum": 10_000_000},
    "logpush_public_key": {"minLength": 16, "maxLength": 1024},
    "rate_limiting_interval": {"minimum": 0},
    "rate_limiting_limit": {"minimum": 0},
    "retry_delay": {"minimum": 0, "maximum": 60_000},
    "retry_max_attempts": {"minimum": 1, "maximum": 5},
    "spend_limits.rules": {"maxItems": 20},
    "spend_limits.rules.limit": {"minimum": 0},
    "spend_limits.rules.window": {"minimum": 0},
}
_TIME = {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"}
#: That a name is not empty was seen; times without a fraction are what Cloudflare's client sends.
_TOKEN_BOUNDS: Mapping[str, Mapping[str, Any]] = {
    "name": {"minLength": 1, "maxLength": 120},
    "expires_on": _TIME,
    "not_before": _TIME,
}

_ELEMENTS = {
    "elements.outputs": "an end leads nowhere: live, only `{}` was taken",
    "elements.properties": "may be empty on elements without: the official provider sends it so",
}
_POLICIES = {
    "policies.id": _RETURNED,
    "policies.permission_groups.id": "must be that of a group that exists",
    "policies.permission_groups.meta": _RETURNED,
    "policies.permission_groups.name": _RETURNED,
    "policies.resources": "flat and nested values may be mixed; of documented names only",
}

_NULL = "`null` is taken as absent"
_KEPT = "`null` is taken as absent; what is in it is kept and given back, and not looked into"
_OTHERS = "not in the SDK: wrangler has it"
_METADATA = (
    dict.fromkeys(
        (
            "body_part",
            "compatibility_date",
            "compatibility_flags",
            "keep_assets",
            "keep_bindings",
            "limits",
            "logpush",
            "main_module",
            "tags",
            "usage_model",
        ),
        _NULL,
    )
    | dict.fromkeys(
        (
            "annotations",
            "assets",
            "cache_options",
            "exports",
            "migrations",
            "observability",
            "package_dependencies",
            "placement",
            "tail_consumers",
        ),
        _KEPT,
    )
    | {
        "bindings": "of each only what its type needs is looked into",
        "containers": _OTHERS,
        "streaming_tail_consumers": _OTHERS,
    }
)

BODIES = (
    Body(
        "PUT",
        f"{_ACCOUNT}/workers/scripts/{{name}}",
        "workers.script_update_params",
        "Metadata",
        _METADATA,
    ),
    Body(
        "POST",
        f"{_ACCOUNT}/ai-gateway/gateways",
        "ai_gateway.ai_gateway_create_params",
        "AIGatewayCreateParams",
        guesses={"id": "the length is documented, the characters are not"},
        bounds=_GATEWAY_BOUNDS,
    ),
    Body(
        "PUT",
        _GATEWAY,
        "ai_gateway.ai_gateway_update_params",
        "AIGatewayUpdateParams",
        dict.fromkeys(
            (
                "account_id",
                "account_tag",
                "created_at",
                "id",
                "internal_id",
                "is_default",
                "modified_at",
                "wholesale",
            ),
            _RETURNED,
        )
        | dict.fromkeys(
            (
                "authentication",
                "byok_only",
                "dlp",
                "log_classification",
                "logpush",
                "workers_ai_billing_mode",
                "zdr",
            ),
            _NULLED,
        ),
        bounds=_GATEWAY_BOUNDS,
    ),
    Body(
        "POST",
        f"{_GATEWAY}/routes",
        "ai_gateway.dynamic_routing_create_params",
        "DynamicRoutingCreateParams",
        _ELEMENTS,
    ),
    Body(
        "PATCH",
        _ROUTE,
        "ai_gateway.dynamic_routing_update_params",
        "DynamicRoutingUpdateParams",
    ),
    Body(
        "POST",
        f"{_ROUTE}/versions",
        "ai_gateway.dynamic_routing_create_version_params",
        "DynamicRoutingCreateVersionParams",
        _ELEMENTS,
    ),
    Body(
        "POST",
        f"{_ROUTE}/deployments",
        "ai_gateway.dynamic_routing_create_deployment_params",
        "DynamicRoutingCreateDeploymentParams",
    ),
    Body(
        "PATCH",
        f"{_GATEWAY}/logs/{{log_id}}",
        "ai_gateway.log_edit_params",
        "LogEditParams",
        bounds={
            "feedback": {"minimum": -1, "maximum": 1},
            "score": {"minimum": 0, "maximum": 100},
        },
    ),
    Body(
        "POST",
        f"{_GATEWAY}/provider_configs",
        "ai_gateway.provider_config_create_params",
        "ProviderConfigCreateParams",
    ),
    Body(
        "POST",
        _PROVIDERS,
        "ai_gateway.custom_provider_create_params",
        "CustomProviderCreateParams",
        guesses={"slug": "which characters it may have is not documented"},
        bounds={"base_url": {"pattern": r"^https://[^/\s]\S*$"}},
    ),
    Body(
        "POST",
        f"{_ACCOUNT}/tokens",
        "accounts.token_create_params",
        "TokenCreateParams",
        _POLICIES,
        bounds=_TOKEN_BOUNDS,
    ),
    Body(
        "PUT",
        f"{_ACCOUNT}/tokens/{{id}}",
        "accounts.token_update_params",
        "TokenUpdateParams",
        _POLICIES
        | dict.fromkeys(
            ("creator_email_at_creation", "id", "issued_on", "last_used_on", "modified_on"),
            _RETURNED,
        ),
        bounds=_TOKEN_BOUNDS,
    ),
)

#: What a field becomes that is left out, and who says so; other defaults are guesses.
KNOWN_DEFAULTS: Mapping[str, str] = {
    "workers_ai_billing_mode": "OAS",
    "logpush": "LIVE",
    "zdr": "LIVE",
    "otel.content_type": "OAS",
    "spend_limits.enabled": "OAS",
    "spend_limits.rules.enabled": "OAS",
    "spend_limits.rules.technique": "OAS",
    "enable": "PY",
    "rate_limit_period": "PY",
}
