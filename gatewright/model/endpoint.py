"""An endpoint: a call that a gateway's clients make."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from gatewright.model.finding import Location

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"


class Provider(StrEnum):
    """The path segment behind the gateway's id."""

    WORKERS_AI = "workers-ai"


class Api(StrEnum):
    """The form of the call, by the names the specs use."""

    RUN = "run"
    CHAT_COMPLETIONS = "chat-completions"
    EMBEDDINGS = "embeddings"


@dataclass(frozen=True, slots=True)
class EndpointCache:
    """Cache options that the client sends with each request; ``ttl`` in seconds."""

    skip: bool = False
    ttl: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call: ``body`` is an example that the smoke checks send."""

    name: str
    provider: Provider
    api: Api
    model: str
    body: Mapping[str, JsonValue]
    cache: EndpointCache = field(default_factory=EndpointCache)
    source: Location | None = field(default=None, compare=False)

    @property
    def path(self) -> str:
        """The path below the gateway's URL.

        Source: Cloudflare's documentation of the Workers AI provider.
        """
        if self.api is Api.RUN:
            return f"{self.provider}/{self.model}"
        suffix = {Api.CHAT_COMPLETIONS: "chat/completions", Api.EMBEDDINGS: "embeddings"}[self.api]
        return f"{self.provider}/v1/{suffix}"

    @property
    def request_body(self) -> dict[str, JsonValue]:
        """The body as sent: the OpenAI-compatible forms name the model in it."""
        if self.api is Api.RUN:
            return dict(self.body)
        return {"model": self.model, **self.body}
