"""OpenTelemetry exporters: where a gateway sends its traces."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gatewright.model.secret import SecretReference


@dataclass(frozen=True, slots=True)
class OtelExporter:
    """One collector; whatever proves who is sending is a reference to a secret."""

    url: str
    authorization: SecretReference | None = None
    headers: Mapping[str, SecretReference] = field(default_factory=dict)
    content_type: str = "json"
