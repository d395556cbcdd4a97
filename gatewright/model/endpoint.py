"""An endpoint: a call that a gateway's clients make."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gatewright.model.expect import Expect
from gatewright.model.finding import Source
from gatewright.model.json_value import JsonValue
from gatewright.model.request import MetadataValue, RequestOptions
from gatewright.model.words import Api

#: The last parts of the paths of OpenAI's forms, whoever takes them.
_CHAT, _EMBEDDINGS = "chat/completions", "embeddings"
_SUFFIXES = {
    Api.CHAT_COMPLETIONS: _CHAT,
    Api.COMPAT_CHAT_COMPLETIONS: _CHAT,
    Api.EMBEDDINGS: _EMBEDDINGS,
    Api.COMPAT_EMBEDDINGS: _EMBEDDINGS,
}


@dataclass(frozen=True, slots=True)
class EndpointCache:
    """Cache options that the client sends with each request; ``ttl`` in seconds."""

    skip: bool = False
    ttl: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call: ``body`` is an example that the smoke checks send.

    Of Workers AI, or of any provider in a compat form: ``provider``, ``api`` and
    ``model``. Of another provider as it is: ``given_path`` below it. Of a dynamic
    route: ``route``. What a form does not have is empty or None.

    ``stream`` asks for the answer in pieces; ``tags`` and ``expect`` are for the smoke
    checks alone.
    """

    name: str
    body: Mapping[str, JsonValue]
    provider: str = ""
    api: Api = Api.RUN
    model: str = ""
    given_path: str | None = None
    route: str | None = None
    cache: EndpointCache = field(default_factory=EndpointCache)
    metadata: Mapping[str, MetadataValue] = field(default_factory=dict)
    request: RequestOptions = field(default_factory=RequestOptions)
    stream: bool = False
    tags: tuple[str, ...] = ()
    expect: Expect = field(default_factory=Expect)
    source: Source | None = field(default=None, compare=False)

    @property
    def path(self) -> str:
        """The path below the gateway's URL.

        Source: Cloudflare's documentation of the Workers AI provider and of the
        unified API.
        """
        if self.given_path is not None:
            return f"{self.provider}/{self.given_path}"
        if self.api is Api.RUN:
            return f"{self.provider}/{self.model}"
        if self.api.is_compat:
            return f"compat/{_SUFFIXES[self.api]}"
        return f"{self.provider}/v1/{_SUFFIXES[self.api]}"

    @property
    def contract(self) -> Api | None:
        """Whose shape the answer has: `RUN`, `CHAT_COMPLETIONS` or `EMBEDDINGS`.

        None is JSON of a shape that only the provider knows.
        """
        if self.given_path is None and self.api is Api.RUN:
            return Api.RUN
        if self.path.endswith(f"/{_CHAT}"):
            return Api.CHAT_COMPLETIONS
        return Api.EMBEDDINGS if self.path.endswith(f"/{_EMBEDDINGS}") else None

    @property
    def sent_model(self) -> str:
        """The model as the body names it, or empty: the path or the declared body has it."""
        if self.route is not None:
            return f"dynamic/{self.route}"
        if self.api.is_compat:
            return f"{self.provider}/{self.model}"
        return "" if self.api is Api.RUN else self.model

    @property
    def request_body(self) -> dict[str, JsonValue]:
        """The body as sent: the OpenAI-compatible forms name the model in it."""
        model: dict[str, JsonValue] = {"model": self.sent_model} if self.sent_model else {}
        stream: dict[str, JsonValue] = {"stream": True} if self.stream else {}
        return {**model, **self.body, **stream}

    @property
    def is_streamed(self) -> bool:
        """Whether the answer comes in pieces: server-sent events."""
        return self.stream or self.body.get("stream") is True
