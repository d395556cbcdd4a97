"""Validated values → the model, which knows the defaults."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from gatewright.model import (
    CachePolicy,
    CustomProvider,
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
from gatewright.spec.files import (
    CACHE_POLICY,
    CUSTOM_PROVIDER,
    GATEWAY,
    TOKEN,
    WORKER,
    Held,
    Root,
)
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


def deployment(specs: Sequence[Spec], root: Root) -> Deployment:
    """What ``specs``, all of them free of errors, declare together; ``root`` has the scripts.

    A gateway whose cache policy is not among them is left out.
    """
    return Compiler().deployment(specs, root)


class Compiler:
    """Compiles the specs of several stacks or revisions; what they share, once."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, int], tuple[Spec, Any]] = {}

    def deployment(self, specs: Sequence[Spec], root: Root) -> Deployment:
        """See the function ``deployment``."""
        named = [self._once(spec, _policy) for spec in of_kind(specs, CACHE_POLICY)]
        policies = {policy.name: policy for policy in named}
        gateways = [
            self._once(spec, _gateway, policies[name] if isinstance(name, str) else None)
            for spec in of_kind(specs, GATEWAY)
            if not isinstance(name := _values(spec).get("cache"), str) or name in policies
        ]
        tokens = [self._once(spec, _token) for spec in of_kind(specs, TOKEN)]
        custom = [self._once(spec, _custom_provider) for spec in of_kind(specs, CUSTOM_PROVIDER)]
        workers_of = of_kind(specs, WORKER)
        declared = [workers.worker(spec, _folder(root)) for spec in workers_of]
        return Deployment(
            gateways=tuple(sorted(gateways, key=lambda gateway: gateway.id)),
            tokens=tuple(sorted(tokens, key=lambda token: token.name)),
            cache_policies=tuple(sorted(named, key=lambda policy: str(policy.name))),
            custom_providers=tuple(sorted(custom, key=lambda provider: provider.slug)),
            workers=tuple(sorted(declared, key=lambda worker: worker.name)),
        )

    def _once(self, spec: Spec, compiled: "Callable[..., Any]", *more: Any) -> Any:
        # Specs hold mappings and so have no hash; kept with what is made of them, no other
        # can come to have their identity.
        key = id(spec), id(more[0]) if more else 0
        if key not in self._made:
            self._made[key] = spec, compiled(spec, *more)
        return self._made[key][1]


def _folder(root: Root) -> Path:
    if isinstance(root, Held):
        raise TypeError("a project that is in no folder has no scripts")
    return Path(root)


def _values(spec: Spec) -> _Values:
    return cast("_Values", spec.data)


def _cache_policy(values: _Values, source: Source) -> CachePolicy:
    written = given(values, "name", "description", "invalidate_on_update")
    return CachePolicy(**seconds(values, "ttl"), **written, source=source)


def _policy(spec: Spec) -> CachePolicy:
    return _cache_policy(_values(spec), Source(spec.positions.value, ("name",)))


def _custom_provider(spec: Spec) -> CustomProvider:
    source = Source(spec.positions.value, ("slug",))
    return providers.custom_provider(_values(spec), spec.positions, source)


def _gateway(spec: Spec, policy: CachePolicy | None) -> Gateway:
    values = _values(spec)
    return Gateway(
        **given(values, *_PLAIN),
        **_sections(spec),
        cache=policy or _cache(spec, values.get("cache")),
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


def _cache(spec: Spec, declared: _Values | None) -> CachePolicy | None:
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
