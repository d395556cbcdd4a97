"""Stored keys of providers and custom providers, declared against read back; pure."""

import json
from collections.abc import Mapping
from typing import Any

from gatewright.model import CustomProvider, Gateway, JsonValue, ProviderConfig
from gatewright.model.wire import custom_provider_object, provider_config_object
from gatewright.readback.compare import matches
from gatewright.readback.reading import Field, Reading, Verdict

Object = Mapping[str, JsonValue]

_CONFIG, _CUSTOM = "provider config", "custom provider"
_PERIOD = 60  # seconds; what is not declared, and Cloudflare's default
#: Unset texts and switches come back in several spellings.
_NOTHING: tuple[JsonValue, ...] = (None, "", False, {})


def config_key(gateway_id: str, provider: object, alias: object) -> str:
    """What a reading of a stored key is about."""
    return f"{gateway_id}/{provider}/{alias}"


def provider_config(declared: ProviderConfig, gateway: Gateway, actual: Object | None) -> Reading:
    """Compare with a row of `GET …/provider_configs`; the key itself is never returned."""
    name = config_key(gateway.id, declared.provider, declared.alias)
    if actual is None:
        return Reading(_CONFIG, name, verdict=Verdict.MISSING)
    wanted: dict[str, JsonValue] = {"rate_limit": None, "rate_limit_period": _PERIOD}
    wanted |= provider_config_object(declared)
    wanted.pop("secret", None)
    fields = [_field(field, value, actual) for field, value in wanted.items()]
    if declared.secret:
        fields.append(Field("secret", Verdict.NOT_RETURNED))
        fields.append(Field("secret_id", Verdict.NOT_MANAGED, actual=actual.get("secret_id")))
    return Reading(_CONFIG, name, _sorted(fields))


def custom_provider(declared: CustomProvider, actual: Object | None) -> Reading:
    """Compare with a row of `GET …/ai-gateway/custom-providers`."""
    if actual is None:
        return Reading(_CUSTOM, declared.slug, verdict=Verdict.MISSING)
    wanted = custom_provider_object(declared)
    headers = wanted.pop("headers")
    fields = [_field(name, value, actual) for name, value in wanted.items()]
    fields.append(_headers(headers, actual, is_secret=bool(declared.secrets)))
    if declared.position is None:
        fields.append(Field("position", Verdict.NOT_MANAGED, actual=actual.get("position")))
    return Reading(_CUSTOM, declared.slug, _sorted(fields))


def _field(name: str, declared: JsonValue, actual: Object) -> Field:
    if name not in actual:
        # What was never set is left out of an answer.
        verdict = Verdict.SAME if declared in (*_NOTHING, _PERIOD) else Verdict.NOT_RETURNED
        return Field(name, verdict, declared)
    seen = actual[name]
    same = seen == declared or (seen in _NOTHING and declared in _NOTHING)
    same = same or (name == "rate_limit_period" and {seen, declared} == {None, _PERIOD})
    return Field(name, Verdict.SAME if same else Verdict.DIFFERS, declared, seen)


def _headers(declared: JsonValue, actual: Object, *, is_secret: bool) -> Field:
    seen = _parsed(actual.get("headers"))
    if "headers" not in actual and declared:
        return Field("headers", Verdict.NOT_RETURNED, declared)
    if seen == declared or (seen in _NOTHING and declared in _NOTHING):
        return Field("headers", Verdict.SAME, declared, seen)
    shown: JsonValue = "(set, not shown)" if seen else None
    verdict = Verdict.HIDDEN if is_secret and matches(declared, seen) else Verdict.DIFFERS
    return Field("headers", verdict, declared, shown)


def _parsed(value: Any) -> JsonValue:
    try:
        parsed: JsonValue = json.loads(value) if isinstance(value, str) and value else value
    except ValueError:
        return str(value)
    return parsed


def _sorted(fields: list[Field]) -> tuple[Field, ...]:
    return tuple(sorted(fields, key=lambda field: field.name))
