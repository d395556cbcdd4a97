"""A secret, by where it is kept: no value ever enters the model."""

from dataclasses import dataclass, field
from enum import StrEnum

from gatewright.model.finding import Source


class SecretStore(StrEnum):
    """Where a value is at deploy time."""

    ENV = "env"
    CONFIG = "config"


@dataclass(frozen=True, slots=True)
class SecretReference:
    """The environment variable, or the key of Pulumi's configuration, that holds the value."""

    store: SecretStore
    name: str
    source: Source | None = field(default=None, compare=False)
