"""Endpoints and bodies beside those of Cloudflare's SDK, and in what they differ on purpose.

A test compares the published document with the SDK's types: it must find exactly what is
written here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    less than the SDK's type says, on no source's word.
    """

    method: str
    pattern: str
    module: str
    kind: str
    differences: Mapping[str, str] = field(default_factory=dict)
    guesses: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Method and path."""
        return f"{self.method} {self.pattern}"


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

BODIES = (
    Body(
        "POST",
        f"{_ACCOUNT}/ai-gateway/gateways",
        "ai_gateway.ai_gateway_create_params",
        "AIGatewayCreateParams",
        guesses={"id": "the length is documented, the characters are not"},
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
    Body("PATCH", f"{_GATEWAY}/logs/{{log_id}}", "ai_gateway.log_edit_params", "LogEditParams"),
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
    ),
    Body(
        "POST",
        f"{_ACCOUNT}/tokens",
        "accounts.token_create_params",
        "TokenCreateParams",
        _POLICIES,
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
