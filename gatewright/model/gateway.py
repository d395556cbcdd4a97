"""A gateway, its cache policy and the other settings people declare."""

from dataclasses import dataclass, field

from gatewright.model.dlp import Dlp
from gatewright.model.endpoint import Endpoint
from gatewright.model.expect import SmokeTexts
from gatewright.model.finding import Source
from gatewright.model.guardrails import Guardrails
from gatewright.model.otel import OtelExporter
from gatewright.model.provider_config import ProviderConfig
from gatewright.model.route import Route
from gatewright.model.secret import SecretReference
from gatewright.model.spend_limits import SpendLimits
from gatewright.model.stripe import Stripe


@dataclass(frozen=True, slots=True)
class CachePolicy:
    """How long answers are kept.

    ``ttl`` is in seconds (Cloudflare's ``cache_ttl``). ``name`` is None for a
    policy written inline in a gateway; the name never reaches Cloudflare, which
    knows no policies.
    """

    ttl: int
    invalidate_on_update: bool = False
    name: str | None = None
    description: str | None = None
    source: Source | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class RateLimiting:
    """At most ``limit`` requests in ``interval`` seconds."""

    limit: int
    interval: int
    technique: str = "fixed"


@dataclass(frozen=True, slots=True)
class Retries:
    """What the gateway does when a provider fails; ``delay`` is in milliseconds."""

    max_attempts: int
    delay: int | None = None
    backoff: str | None = None


@dataclass(frozen=True, slots=True)
class Logs:
    """Whether requests are logged and classified, and how many logs are kept.

    ``limit`` and ``strategy`` are None where the spec leaves them to the account,
    whose default differs from one account to the next.
    """

    collect: bool = True
    classification: bool = False
    limit: int | None = None
    strategy: str | None = None


@dataclass(frozen=True, slots=True)
class Gateway:
    """One AI gateway; ``id`` is its key and a segment of its URL.

    ``store_id`` is None where the spec leaves it to Cloudflare, which assigns one.
    ``protect`` and ``retain`` are Pulumi's, for the gateway and all that is below it.
    """

    id: str
    authentication: bool
    description: str | None = None
    cache: CachePolicy | None = None
    rate_limiting: RateLimiting | None = None
    retries: Retries | None = None
    logs: Logs = field(default_factory=Logs)
    logpush: bool = False
    logpush_public_key: str | None = None
    zdr: bool = False
    byok_only: bool = False
    workers_ai_billing_mode: str = "postpaid"
    store_id: str | None = None
    spend_limits: SpendLimits | None = None
    guardrails: Guardrails | None = None
    dlp: Dlp | None = None
    otel: tuple[OtelExporter, ...] = ()
    stripe: Stripe | None = None
    routes: tuple[Route, ...] = ()
    provider_configs: tuple[ProviderConfig, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    smoke: SmokeTexts = field(default_factory=SmokeTexts)
    protect: bool = False
    retain: bool = False
    source: Source | None = field(default=None, compare=False)

    @property
    def secrets(self) -> tuple[SecretReference, ...]:
        """The references to the secrets among its own settings, in the order of its fields.

        Those of its ``provider_configs`` are objects of their own, and in them.
        """
        found: list[SecretReference] = []
        for exporter in self.otel:
            found += [exporter.authorization] if exporter.authorization else []
            found += exporter.headers.values()
        return (*found, self.stripe.authorization) if self.stripe else tuple(found)
