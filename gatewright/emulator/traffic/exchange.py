"""What a provider is asked for one step of a call, and what it answers."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from gatewright.emulator.traffic.usage import NONE, Usage
from gatewright.emulator.web import JSON, Headers, JsonValue

EVENT_STREAM = "text/event-stream"


@dataclass(slots=True)
class Ask:
    """One request to one provider; ``path`` is undecoded and below the provider.

    ``kind`` names the endpoint for the cache: forms of a path that mean the same
    share it. ``headers`` hold the provider's own, its authorization among them; who is
    ``anonymous`` has none, from nowhere.
    """

    provider: str
    path: str
    kind: str
    model: str
    method: str
    headers: Headers
    body: JsonValue
    content: bytes
    query: str = ""
    compatible: bool = False
    universal: bool = False
    anonymous: bool = False

    @property
    def streams(self) -> bool:
        """Whether the answer is to come in pieces: only the body tells."""
        return isinstance(self.body, dict) and self.body.get("stream") is True


@dataclass(slots=True)
class Answered:
    """A provider's answer: ``content``, or ``stream`` where it comes in pieces.

    ``headers`` are those of the provider that the gateway hands on.
    """

    status: int
    content: bytes = b""
    content_type: str = JSON
    usage: Usage = NONE
    model_type: str = ""
    stream: AsyncIterator[bytes] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether the provider refused or could not."""
        return self.status >= 400  # noqa: PLR2004 - where errors begin


class ProviderLostError(Exception):
    """The provider gave no answer, or none in time, or not all of it."""
