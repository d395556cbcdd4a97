"""Settings of a deployment: the environment wins over the stack's configuration."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

import pulumi

DEFAULT_API_URL = "https://api.cloudflare.com/client/v4"
DEFAULT_GATEWAY_URL = "https://gateway.ai.cloudflare.com/v1"

_ACCOUNT_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the deployment goes.

    ``configured_api_url`` is None unless the stack's configuration names an API:
    the default provider then needs no help, it reads the environment itself.
    ``workers_url`` is None where Workers answer on workers.dev.
    """

    account_id: str
    gateway_url: str
    workers_url: str | None
    api_url: str
    configured_api_url: str | None
    adopt: frozenset[str]

    @classmethod
    def read(cls, config: pulumi.Config, environment: Mapping[str, str]) -> "Settings":
        """Raise `pulumi.RunError` for a setting that is missing or malformed."""
        account_id = environment.get("CLOUDFLARE_ACCOUNT_ID") or config.get("accountId")
        if not account_id:
            raise pulumi.RunError(
                "no Cloudflare account id: set CLOUDFLARE_ACCOUNT_ID, "
                "or `pulumi config set gatewright:accountId <id>`"
            )
        if not _ACCOUNT_ID.fullmatch(account_id):
            raise pulumi.RunError(
                f"`{account_id}` is not a Cloudflare account id: it has 32 hexadecimal digits\n"
                "hint: it is in the address of the account's page in the dashboard"
            )
        gateway_url = environment.get("GATEWRIGHT_GATEWAY_URL") or config.get("gatewayUrl")
        workers_url = environment.get("GATEWRIGHT_WORKERS_URL") or config.get("workersUrl")
        configured_api_url = config.get("apiUrl")
        api_url = environment.get("CLOUDFLARE_BASE_URL") or configured_api_url or DEFAULT_API_URL
        adopt = environment.get("GATEWRIGHT_ADOPT") or config.get("adopt") or ""
        return cls(
            account_id=account_id,
            workers_url=workers_url.rstrip("/") if workers_url else None,
            gateway_url=(gateway_url or DEFAULT_GATEWAY_URL).rstrip("/"),
            api_url=api_url.rstrip("/"),
            configured_api_url=api_url if configured_api_url else None,
            adopt=frozenset(unquote(name.strip()) for name in adopt.split(",") if name.strip()),
        )

    def token_id(self, collection: str, name: str) -> str | None:
        """The id of a token that is to be taken over, from `tokens/<name>=<id>`."""
        start = f"{collection}/{name}="
        ids = [entry.removeprefix(start) for entry in self.adopt if entry.startswith(start)]
        return ids[0] if ids else None

    def import_id(self, adopted: str, *parts: str) -> str | None:
        """The id by which the plugin finds what is to be taken over; None if it is not to be.

        ``adopted`` is its name in GATEWRIGHT_ADOPT, ``parts`` what follows the account.
        """
        if adopted not in self.adopt:
            return None
        return "/".join(quote(part, safe="") for part in (self.account_id, *parts))
