"""Declared against read back, field by field; pure."""

from collections.abc import Mapping
from typing import Any

from gatewright.model import Gateway, JsonValue, Token
from gatewright.model.wire import gateway_object, token_object, unmanaged_fields
from gatewright.readback.reading import Field, Reading, Verdict

#: Cloudflare stores an unset limit or ttl as null or as 0, and so both mean off.
_ZERO_IS_NULL = frozenset({"cache_ttl", "rate_limiting_interval", "rate_limiting_limit"})

#: Settings that are off when nothing is there; how "nothing" is spelled varies.
_EMPTY: Mapping[str, tuple[JsonValue, ...]] = {
    "otel": (None, []),
    "spend_limits": (None, {"enabled": False, "rules": []}, {"enabled": False}),
    "byok_only": (None, False),
    "log_classification": (None, False),
    "rate_limiting_technique": (None, "fixed"),
}

#: Fields that hold credentials: whether they are set is shown, what is in them never.
_SENSITIVE = frozenset({"otel", "stripe"})

#: Sent only when declared, and off when they are not.
_OPTIONAL = frozenset(
    {
        "dlp",
        "guardrails",
        "logpush_public_key",
        "retry_backoff",
        "retry_delay",
        "retry_max_attempts",
        "stripe",
    }
)

_MEANINGLESS_WHEN_UNLIMITED = "rate_limiting_technique"


def gateway(declared: Gateway, actual: Mapping[str, JsonValue] | None) -> Reading:
    """Compare with the object that `GET …/gateways/{id}` returned; None if there is none."""
    if actual is None:
        return Reading("gateway", declared.id, verdict=Verdict.MISSING)
    sent = gateway_object(declared)
    fields = [
        _field(name, value, actual, unlimited=sent["rate_limiting_limit"] == 0)
        for name, value in sent.items()
    ]
    fields += [
        Field(name, Verdict.NOT_MANAGED, actual=actual.get(name))
        for name in unmanaged_fields(declared)
    ]
    fields += _left_on(sent, actual)
    return Reading("gateway", declared.id, tuple(sorted(fields, key=lambda field: field.name)))


def token(declared: Token, actual: Mapping[str, JsonValue] | None, account_id: str) -> Reading:
    """Compare with a token as the API lists it; permission groups by name, in any order."""
    if actual is None:
        return Reading("token", declared.name, verdict=Verdict.MISSING)
    sent = token_object(declared)
    seen = {
        "permissions": _permissions(actual),
        "resources": _resources(actual),
        "expires_on": actual.get("expires_on"),
        "not_before": actual.get("not_before"),
        "condition": actual.get("condition") or None,
        "status": actual.get("status"),
    }
    wanted: dict[str, JsonValue] = {
        "permissions": [*sorted(declared.permissions)],
        "resources": [f"com.cloudflare.api.account.{account_id}"],
        "expires_on": sent.get("expires_on"),
        "not_before": sent.get("not_before"),
        "condition": sent.get("condition"),
        "status": "active",
    }
    fields = [
        Field(name, Verdict.SAME if seen[name] == value else Verdict.DIFFERS, value, seen[name])
        for name, value in wanted.items()
    ]
    fields.append(Field("value", Verdict.NOT_RETURNED))
    return Reading("token", declared.name, tuple(sorted(fields, key=lambda field: field.name)))


def _field(
    name: str, declared: JsonValue, actual: Mapping[str, JsonValue], *, unlimited: bool
) -> Field:
    if name not in actual:
        return Field(name, Verdict.NOT_RETURNED, declared)
    if name == _MEANINGLESS_WHEN_UNLIMITED and unlimited:
        return Field(name, Verdict.SAME, declared, actual[name])
    return Field(name, _verdict(name, declared, actual[name]), declared, _shown(name, actual))


def _verdict(name: str, declared: JsonValue, seen: JsonValue) -> Verdict:
    if declared == seen or (name in _ZERO_IS_NULL and not declared and not seen):
        return Verdict.SAME
    empty = _EMPTY.get(name, ())
    if declared in empty and seen in empty:
        return Verdict.SAME
    if matches(declared, seen):
        return Verdict.HIDDEN
    return Verdict.DIFFERS


def _left_on(sent: Mapping[str, JsonValue], actual: Mapping[str, JsonValue]) -> list[Field]:
    """Settings that are off because nothing declares them; on all the same is a difference."""
    return [
        Field(
            name,
            Verdict.SAME if actual[name] is None else Verdict.DIFFERS,
            None,
            _shown(name, actual),
        )
        for name in (_OPTIONAL - sent.keys()) & actual.keys()
    ]


def _shown(name: str, actual: Mapping[str, JsonValue]) -> JsonValue:
    if name in _SENSITIVE and actual[name]:
        return "(set, not shown)"
    return actual[name]


def _is_reference(value: JsonValue) -> bool:
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)) in {"env", "config"}


def matches(declared: JsonValue, seen: JsonValue) -> bool:
    """Whether only values of secrets keep ``declared`` and ``seen`` from being equal."""
    if _is_reference(declared):
        return isinstance(seen, str)
    if isinstance(declared, dict) and isinstance(seen, dict):
        return declared.keys() == seen.keys() and all(
            matches(value, seen[key]) for key, value in declared.items()
        )
    if isinstance(declared, list) and isinstance(seen, list):
        return len(declared) == len(seen) and all(map(matches, declared, seen))
    return declared == seen


def _permissions(actual: Mapping[str, JsonValue]) -> list[JsonValue]:
    names = [
        str(group.get("name", group["id"]))
        for policy in _policies(actual)
        for group in policy["permission_groups"]
    ]
    return [*sorted(names)]


def _resources(actual: Mapping[str, JsonValue]) -> list[JsonValue]:
    return [*sorted({str(name) for policy in _policies(actual) for name in policy["resources"]})]


def _policies(actual: Mapping[str, Any]) -> list[dict[str, Any]]:
    return actual.get("policies") or []
