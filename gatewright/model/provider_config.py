"""A provider key that a gateway keeps and adds to requests which have none (BYOK)."""

from dataclasses import dataclass, field

from gatewright.model.finding import Source
from gatewright.model.secret import SecretReference


@dataclass(frozen=True, slots=True)
class ProviderConfig:
    """One key: ``secret`` by reference, or ``secret_id`` of one in the Secrets Store.

    ``name`` is unique in the gateway; ``given_alias`` is the alias where it is another,
    for aliases are unique among the keys of one provider only. ``default`` is the one
    for requests that name no alias. ``rate_limit`` requests in ``rate_limit_period``
    seconds.
    """

    name: str
    provider: str
    secret: SecretReference | None = None
    secret_id: str | None = None
    given_alias: str | None = None
    default: bool = False
    rate_limit: int | None = None
    rate_limit_period: int = 60
    source: Source | None = field(default=None, compare=False)

    @property
    def alias(self) -> str:
        """What requests name in the header `cf-aig-byok-alias`."""
        return self.given_alias or self.name
