"""A Worker: a script on Cloudflare's network that calls models through a gateway."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from gatewright.model.expect import Expect
from gatewright.model.finding import Source
from gatewright.model.gateway import Retries
from gatewright.model.json_value import JsonValue
from gatewright.model.request import MetadataValue

#: What a script expects of the runtime, where its spec does not say.
COMPATIBILITY_DATE = "2026-08-01"
#: The name of the one module that is uploaded.
MAIN_MODULE = "worker.js"


@dataclass(frozen=True, slots=True)
class WorkerGateway:
    """The gateway and the options that a Worker gives its AI binding with each call.

    ``cache_ttl`` is in seconds, ``request_timeout`` in milliseconds; None leaves a setting
    to the gateway.
    """

    id: str
    skip_cache: bool = False
    cache_ttl: int | None = None
    cache_key: str | None = None
    metadata: Mapping[str, MetadataValue] = field(default_factory=dict)
    collect_log: bool | None = None
    event_id: str | None = None
    request_timeout: int | None = None
    retries: Retries | None = None

    def options(self) -> dict[str, JsonValue]:
        """The object that ``env.AI.run`` takes as ``gateway``.

        Source: Cloudflare's documentation of the AI binding.
        """
        given: dict[str, JsonValue] = {
            "cacheTtl": self.cache_ttl,
            "cacheKey": self.cache_key,
            "metadata": dict(self.metadata) or None,
            "collectLog": self.collect_log,
            "eventId": self.event_id,
            "requestTimeoutMs": self.request_timeout,
            "retries": _retries(self.retries) if self.retries else None,
        }
        always: dict[str, JsonValue] = {"id": self.id, "skipCache": self.skip_cache}
        return always | {name: value for name, value in given.items() if value is not None}


def _retries(retries: Retries) -> JsonValue:
    given: dict[str, JsonValue] = {
        "maxAttempts": retries.max_attempts,
        "retryDelayMs": retries.delay,
        "backoff": retries.backoff,
    }
    return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Script:
    """A file of the project, with forward slashes, and the SHA-256 of what is in it."""

    path: str
    digest: str

    @property
    def is_typescript(self) -> bool:
        """Whether it must be compiled before it can be uploaded."""
        return self.path.endswith(".ts")


@dataclass(frozen=True, slots=True)
class WorkerEndpoint:
    """One call of a Worker, which the smoke checks make; without a body, it has none."""

    name: str
    path: str = "/"
    method: str = "GET"
    body: JsonValue = None
    tags: tuple[str, ...] = ()
    expect: Expect = field(default_factory=Expect)
    source: Source | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Worker:
    """One Worker; ``script`` is None for the one that gatewright ships.

    ``model`` and ``body`` are what the shipped one asks; others may read them too.
    """

    name: str
    gateway: WorkerGateway
    model: str | None = None
    body: Mapping[str, JsonValue] = field(default_factory=dict)
    description: str | None = None
    script: Script | None = None
    compatibility_date: str = COMPATIBILITY_DATE
    endpoints: tuple[WorkerEndpoint, ...] = ()
    source: Source | None = field(default=None, compare=False)

    def variables(self) -> dict[str, JsonValue]:
        """What the script finds in its environment beside ``AI``, each as JSON text there."""
        return {"GATEWAY": self.gateway.options(), "MODEL": self.model, "INPUTS": dict(self.body)}

    def texts(self) -> dict[str, str]:
        """The `variables` as they are uploaded."""
        return {
            name: json.dumps(value, sort_keys=True, ensure_ascii=False)
            for name, value in self.variables().items()
        }
