"""The providers a gateway can reach, beside Workers AI; another one is another line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

WORKERS_AI = "workers-ai"
CUSTOM = "custom-"
#: No provider: a route of the gateway that leads to some.
DYNAMIC = "dynamic"


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider by its name in paths, and the header that carries its credential."""

    slug: str
    header: bytes = b"authorization"


PROVIDERS = {
    provider.slug: provider
    for provider in (
        Provider("anthropic", b"x-api-key"),
        Provider("aws-bedrock"),
        Provider("azure-openai", b"api-key"),
        Provider("baseten"),
        Provider("cartesia", b"x-api-key"),
        Provider("cerebras"),
        Provider("cohere"),
        Provider("deepgram"),
        Provider("deepseek"),
        Provider("elevenlabs", b"xi-api-key"),
        Provider("fal"),
        Provider("google-ai-studio", b"x-goog-api-key"),
        Provider("google-vertex-ai"),
        Provider("grok"),
        Provider("groq"),
        Provider("huggingface"),
        Provider("ideogram", b"api-key"),
        Provider("mistral"),
        Provider("openai"),
        Provider("openrouter"),
        Provider("parallel", b"x-api-key"),
        Provider("perplexity-ai"),
        Provider("replicate"),
        Provider("xai"),
    )
}


#: What the account API's host and the AI binding call providers, where paths say otherwise.
AUTHORS = {"google": "google-ai-studio"}


def credential_header(name: str) -> bytes:
    """The header, in lower case, that carries a provider's credential."""
    known = PROVIDERS.get(name)
    return known.header if known else b"authorization"


def is_provider(name: str, custom: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a gateway can reach it; ``custom`` are the account's own providers."""
    if name.startswith(CUSTOM):
        return any(one["slug"] == name.removeprefix(CUSTOM) for one in custom)
    return name == WORKERS_AI or name in PROVIDERS
