"""Validated values → the model, which knows the defaults."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from gatewright.model import (
    CachePolicy,
    Deployment,
    Gateway,
    Logs,
    RateLimiting,
    RequestIp,
    Retries,
    SmokeTexts,
    Source,
    Token,
    TokenKind,
)
from gatewright.spec import endpoints, providers, routes, sections, times, workers
from gatewright.spec.document import Spec
from gatewright.spec.files import CACHE_POLICY, CUSTOM_PROVIDER, GATEWAY, TOKEN, WORKER
from gatewright.spec.project import of_kind
from gatewright.spec.sections import given, milliseconds, seconds

if TYPE_CHECKING:
    from collections.abc import Callable

_Values = dict[str, Any]
#: The fields of a gateway that the model has as they are written.
_PLAIN = (
    "id",
    "authentication",
    "description",
    "logpush",
    "logpush_public_key",
    "zdr",
    "byok_only",
    "workers_ai_billing_mode",
    "store_id",
    "protect",
    "retain",
)


def deployment(specs: list[Spec], root: Path) -> Deployment:
    """What ``specs``, all of them free of errors, declare together; ``root`` has the scripts.

    A gateway whose cache policy is not among them is left out.
    """
    named = [
        _cache_policy(_values(spec), Source(spec.positions.value, ("name",)))
        for spec in of_kind(specs, CACHE_POLICY)
    ]
    policies = {policy.name: policy for policy in named}
    gateways = [
        _gateway(spec, policies)
        for spec in of_kind(specs, GATEWAY)
        if not isinstance(name := _values(spec).get("cache"), str) or name in policies
    ]
    tokens = [_token(spec) for spec in of_kind(specs, TOKEN)]
    custom = [
        providers.custom_provider(
            _values(spec), spec.positions, Source(spec.positions.value, ("slug",))
        )
        for spec in of_kind(specs, CUSTOM_PROVIDER)
    ]
    declared = [workers.worker(spec, root) for spec in of_kind(specs, WORKER)]
    return Deployment(
        gateways=tuple(sorted(gateways, key=lambda gateway: gateway.id)),
        tokens=tuple(sorted(tokens, key=lambda token: token.name)),
        cache_policies=tuple(sorted(named, key=lambda policy: str(policy.name))),
        custom_providers=tuple(sorted(custom, key=lambda provider: provider.slug)),
        workers=tuple(sorted(declared, key=lambda worker: worker.name)),
    )


def _values(spec: Spec) -> _Values:
    return cast("_Values", spec.data)


def _cache_policy(values: _Values, source: Source) -> CachePolicy:
    written = given(values, "name", "description", "invalidate_on_update")
    return CachePolicy(**seconds(values, "ttl"), **written, source=source)


def _gateway(spec: Spec, policies: dict[str | None, CachePolicy]) -> Gateway:
    values = _values(spec)
    return Gateway(
        **given(values, *_PLAIN),
        **_sections(spec),
        cache=_cache(spec, values.get("cache"), policies),
        rate_limiting=_rate_limiting(values.get("rate_limiting")),
        retries=_retries(values.get("retries")),
        logs=Logs(**values.get("logs", {})),
        smoke=SmokeTexts(**values.get("smoke", {})),
        source=Source(spec.positions.value, ("id",)),
    )


def _sections(spec: Spec) -> _Values:
    compilers: dict[str, Callable[[Any], Any]] = {
        "spend_limits": sections.spend_limits,
        "guardrails": sections.guardrails,
        "dlp": sections.dlp,
        "otel": lambda values: sections.otel(values, spec.positions),
        "stripe": lambda values: sections.stripe(values, spec.positions),
        "routes": lambda values: routes.routes(values, spec.positions),
        "provider_configs": lambda values: providers.provider_configs(values, spec.positions),
        "endpoints": lambda values: endpoints.endpoints(values, spec.positions),
    }
    values = _values(spec)
    return {name: compiled(values[name]) for name, compiled in compilers.items() if name in values}


def _cache(
    spec: Spec, declared: str | _Values | None, policies: dict[str | None, CachePolicy]
) -> CachePolicy | None:
    if isinstance(declared, str):
        return policies[declared]
    return _cache_policy(declared, Source(spec.positions.value, ("cache",))) if declared else None


def _rate_limiting(values: _Values | None) -> RateLimiting | None:
    if values is None:
        return None
    return RateLimiting(**given(values, "limit", "technique"), **seconds(values, "interval"))


def _retries(values: _Values | None) -> Retries | None:
    if values is None:
        return None
    return Retries(**given(values, "max_attempts", "backoff"), **milliseconds(values, "delay"))


def _token(spec: Spec) -> Token:
    values = _values(spec)
    addresses = values.get("request_ip")
    return Token(
        **given(values, "name", "description", "generation"),
        kind=TokenKind(values.get("kind", TokenKind.ACCOUNT)),
        permissions=tuple(sorted(values["permissions"])),
        not_before=times.start(values["not_before"]) if "not_before" in values else None,
        expires=times.end(values["expires"]) if "expires" in values else None,
        request_ip=_request_ip(addresses) if addresses else None,
        source=Source(spec.positions.value, ("name",)),
    )


def _request_ip(values: _Values) -> RequestIp:
    return RequestIp(allow=tuple(values.get("in", ())), deny=tuple(values.get("not_in", ())))
