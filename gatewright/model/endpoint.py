"""An endpoint: a call that a gateway's clients make."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from gatewright.model.expect import Expect
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
    """One call: ``body`` is an example that the smoke checks send.

    ``stream`` asks for the answer in pieces; ``tags`` and ``expect`` are for the smoke
    checks alone.
    """

    name: str
    provider: Provider
    api: Api
    model: str
    body: Mapping[str, JsonValue]
    cache: EndpointCache = field(default_factory=EndpointCache)
    stream: bool = False
    tags: tuple[str, ...] = ()
    expect: Expect = field(default_factory=Expect)
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
        stream: dict[str, JsonValue] = {"stream": True} if self.stream else {}
        if self.api is Api.RUN:
            return {**self.body, **stream}
        return {"model": self.model, **self.body, **stream}

    @property
    def is_streamed(self) -> bool:
        """Whether the answer comes in pieces: server-sent events."""
        return self.stream or self.body.get("stream") is True
