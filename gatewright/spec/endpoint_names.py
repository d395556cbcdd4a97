"""Names in an endpoint that are nearly right, so that their consequences are no news."""

from collections.abc import Mapping
from typing import Any

from gatewright.model import WORKERS_AI
from gatewright.model.words import PREFIX
from gatewright.spec import schemas
from gatewright.spec.files import GATEWAY
from gatewright.spec.words import nearest


def is_misspelt(endpoint: Mapping[str, Any]) -> bool:
    """Whether its provider is Workers AI misspelt: its form is then what it is meant to be."""
    provider = endpoint.get("provider")
    if not isinstance(provider, str) or provider == WORKERS_AI or provider.startswith(PREFIX):
        return False
    known = providers()
    return provider not in known and nearest(provider, known) == WORKERS_AI


def providers() -> list[str]:
    """The providers that are known."""
    names: list[str] = schemas.schema(GATEWAY.schema)["$defs"]["provider"]["examples"]
    return names
