"""A gateway as the API returns it → the fields of its spec.

Only what differs from what a spec means by silence is written, but for
`authentication`, which every spec must have.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from gatewright.adoption.secret_names import SecretNames
from gatewright.model import Hazard
from gatewright.spec.durations import spelled

Object = Mapping[str, Any]
Fields = dict[str, Any]

_SECOND = 1_000


def fields(held: Object, secrets: SecretNames) -> Fields:
    """The fields of the gateway itself, in the schema's order."""
    found: Fields = {
        "id": held["id"],
        "authentication": bool(held.get("authentication")),
        "cache": _cache(held),
        "rate_limiting": _rate_limiting(held),
        "retries": _retries(held),
        "logs": _logs(held),
        "logpush": held.get("logpush") or None,
        "logpush_public_key": held.get("logpush_public_key"),
        "zdr": held.get("zdr") or None,
        "byok_only": held.get("byok_only") or None,
        "workers_ai_billing_mode": _other(held, "workers_ai_billing_mode", "postpaid"),
        "store_id": held.get("store_id") or None,
        "spend_limits": _spend_limits(held.get("spend_limits")),
        "guardrails": _guardrails(held.get("guardrails")),
        "dlp": _dlp(held.get("dlp")),
        "otel": [_exporter(each, i, secrets) for i, each in enumerate(held.get("otel") or ())],
        "stripe": _stripe(held.get("stripe"), secrets),
    }
    return {name: value for name, value in found.items() if value not in (None, {}, [])}


def _cache(held: Object) -> Fields:
    if not held.get("cache_ttl"):
        return {}
    invalidate = {"invalidate_on_update": True} if held.get("cache_invalidate_on_update") else {}
    return {"ttl": spelled(held["cache_ttl"] * _SECOND), **invalidate}


def _rate_limiting(held: Object) -> Fields:
    if not (held.get("rate_limiting_limit") and held.get("rate_limiting_interval")):
        return {}
    technique = _other(held, "rate_limiting_technique", "fixed")
    return {
        "limit": held["rate_limiting_limit"],
        "interval": spelled(held["rate_limiting_interval"] * _SECOND),
        **({"technique": technique} if technique else {}),
    }


def _retries(held: Object) -> Fields:
    if not held.get("retry_max_attempts"):
        return {}
    delay = held.get("retry_delay")
    return _given(
        max_attempts=held["retry_max_attempts"],
        delay=None if delay is None else spelled(delay),
        backoff=held.get("retry_backoff"),
    )


def _logs(held: Object) -> Fields:
    return _given(
        collect=None if held.get("collect_logs", True) else False,
        classification=held.get("log_classification") or None,
        limit=held.get("log_management"),
        strategy=held.get("log_management_strategy"),
    )


def _spend_limits(held: Object | None) -> Fields:
    if not held or not held.get("rules"):
        return {}
    enabled = {} if held.get("enabled") else {"enabled": False}
    return {**enabled, "rules": [_spend_rule(rule) for rule in held["rules"]]}


def _spend_rule(held: Object) -> Fields:
    return _given(
        id=held.get("id"),
        limit=held["limit"],
        window=spelled(held["window"] * _SECOND),
        enabled=None if held.get("enabled", True) else False,
        technique=_other(held, "technique", "sliding"),
        metadata={
            key: each["values"] if each["mode"] == "filter" else each["mode"]
            for key, each in (held.get("metadata") or {}).items()
        }
        or None,
        model=(held.get("model") or {}).get("values"),
        provider=(held.get("provider") or {}).get("values"),
    )


def _guardrails(held: Object | None) -> Fields:
    sides = {side: (held or {}).get(side) or {} for side in ("prompt", "response")}
    return {
        side: {
            Hazard(code).readable: action for code, action in hazards.items() if action is not None
        }
        for side, hazards in sides.items()
        if any(hazards.values())
    }


def _dlp(held: Object | None) -> Fields:
    if not held:
        return {}
    enabled = {} if held.get("enabled", True) else {"enabled": False}
    if enabled and not (held.get("policies") or held.get("profiles")):
        return {}  # off, and of nothing: as without it
    if held.get("policies"):
        return {**enabled, "policies": [_dlp_policy(each) for each in held["policies"]]}
    return {**enabled, **_given(action=held.get("action"), profiles=held.get("profiles"))}


def _dlp_policy(held: Object) -> Fields:
    return _given(
        id=held["id"],
        action=held["action"],
        check=held["check"],
        enabled=None if held.get("enabled", True) else False,
        profiles=held["profiles"],
    )


def _exporter(held: Object, index: int, secrets: SecretNames) -> Fields:
    place = ("OTEL", str(index + 1)) if index else ("OTEL",)
    headers = held.get("headers") or {}
    return _given(
        url=held["url"],
        authorization=secrets.reference(*place, "AUTHORIZATION")
        if held.get("authorization")
        else None,
        headers={name: secrets.reference(*place, name) for name in headers} or None,
        content_type=_other(held, "content_type", "json"),
    )


def _stripe(held: Object | None, secrets: SecretNames) -> Fields:
    if not held:
        return {}
    events: Sequence[Object] = held.get("usage_events") or ()
    return {
        "authorization": secrets.reference("STRIPE_AUTHORIZATION"),
        "usage_events": [{"payload": event["payload"]} for event in events],
    }


def _other(held: Object, name: str, default: str) -> str | None:
    """The value, unless it is what a spec means by silence."""
    value = held.get(name)
    return None if value == default else value


def _given(**values: Any) -> Fields:
    return {name: value for name, value in values.items() if value is not None}
