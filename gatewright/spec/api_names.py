"""What Cloudflare's API calls by another name than a spec does."""

from collections.abc import Mapping

from gatewright.spec import files

#: The API's fields of a gateway whose place in a spec has another name.
_GATEWAY_FIELDS = {
    "cache_ttl": ("cache", "ttl"),
    "cache_invalidate_on_update": ("cache", "invalidate_on_update"),
    "collect_logs": ("logs", "collect"),
    "log_classification": ("logs", "classification"),
    "log_management": ("logs", "limit"),
    "log_management_strategy": ("logs", "strategy"),
    "rate_limiting_interval": ("rate_limiting", "interval"),
    "rate_limiting_limit": ("rate_limiting", "limit"),
    "rate_limiting_technique": ("rate_limiting", "technique"),
    "retry_backoff": ("retries", "backoff"),
    "retry_delay": ("retries", "delay"),
    "retry_max_attempts": ("retries", "max_attempts"),
}
_TOKEN_FIELDS = {
    "expires_on": ("expires",),
    "policies": ("permissions",),
    "condition": ("request_ip",),
}
#: By the noun of a kind: the path in a spec of each such field.
FIELDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    files.GATEWAY.noun: _GATEWAY_FIELDS,
    files.TOKEN.noun: _TOKEN_FIELDS,
}
