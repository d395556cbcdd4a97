"""A provider that Cloudflare does not know, called through any gateway of the account."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gatewright.model.finding import Source
from gatewright.model.secret import SecretReference
from gatewright.model.words import PREFIX


@dataclass(frozen=True, slots=True)
class CustomProvider:
    """``slug`` is its key; ``name`` is what the dashboard shows.

    ``headers`` are added to its requests: plain texts, or references to secrets. Their
    values reach the account as one JSON text, which whoever may read the provider reads.
    """

    slug: str
    base_url: str
    given_name: str | None = None
    description: str | None = None
    enable: bool = True
    beta: bool = False
    headers: Mapping[str, str | SecretReference] = field(default_factory=dict)
    link: str | None = None
    position: int | None = None
    curl_example: str | None = None
    js_example: str | None = None
    source: Source | None = field(default=None, compare=False)

    @property
    def name(self) -> str:
        """The given name, or the slug."""
        return self.given_name or self.slug

    @property
    def provider(self) -> str:
        """What endpoints and routes call it."""
        return PREFIX + self.slug

    @property
    def secrets(self) -> tuple[SecretReference, ...]:
        """The references to all secrets it needs."""
        return tuple(each for each in self.headers.values() if isinstance(each, SecretReference))
