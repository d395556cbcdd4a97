"""Everything one stack declares."""

from dataclasses import dataclass

from gatewright.model.custom_provider import CustomProvider
from gatewright.model.gateway import CachePolicy, Gateway
from gatewright.model.secret import SecretReference
from gatewright.model.token import Token
from gatewright.model.worker import Worker


@dataclass(frozen=True, slots=True)
class Deployment:
    """All that is declared, each kind sorted by key, with references resolved.

    ``cache_policies`` holds the named ones, used or not.
    """

    gateways: tuple[Gateway, ...] = ()
    tokens: tuple[Token, ...] = ()
    cache_policies: tuple[CachePolicy, ...] = ()
    custom_providers: tuple[CustomProvider, ...] = ()
    workers: tuple[Worker, ...] = ()

    @property
    def secrets(self) -> tuple[SecretReference, ...]:
        """The references to all secrets that it needs, of every kind of object."""
        found: list[SecretReference] = []
        for gateway in self.gateways:
            found += gateway.secrets
            found += [each.secret for each in gateway.provider_configs if each.secret]
        for provider in self.custom_providers:
            found += provider.secrets
        return tuple(found)
