"""Where the API is and with which token; never from the state, where a token goes stale."""

from collections.abc import Mapping
from typing import Final

from gatewright.plugin.connection import Connection, Manner
from gatewright.plugin.errors import ProviderError

API_URL: Final = "https://api.cloudflare.com/client/v4"

#: A create is not sent twice: what came of the first is looked for instead.
MANNER: Final = Manner("gatewright", repeats_creates=False, uses_proxy=True)


def connection(inputs: Mapping[str, str], environment: Mapping[str, str]) -> Connection:
    """From the environment, which wins, and the provider's one input, `apiUrl`.

    Raises `ProviderError` without a token.
    """
    base_url = environment.get("CLOUDFLARE_BASE_URL") or inputs.get("apiUrl") or API_URL
    token = environment.get("CLOUDFLARE_API_TOKEN")
    if not token:
        raise ProviderError(
            "dynamic routes, provider configs and custom providers need an API token\n"
            "hint: set `CLOUDFLARE_API_TOKEN`; in a stack's configuration it would get into the "
            "state and go stale there, so it is not read from it"
        )
    return Connection(base_url.rstrip("/"), token)
