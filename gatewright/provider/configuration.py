"""Where the API is and with which token; everything that is not loopback is refused."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from gatewright.plugin.connection import Connection, Manner, is_loopback
from gatewright.plugin.errors import ProviderError

_NAME = "the gatewright stand-in provider for a local Cloudflare"


#: As the official provider does; a proxy has no business between two loopback ends.
MANNER = Manner("gatewright-provider", repeats_creates=True, uses_proxy=False)


def settings(variables: Mapping[str, str], environment: Mapping[str, str]) -> Connection:
    """A connection from the engine's variables, else from the environment.

    Raises ``ProviderError`` without a base URL, with one that is not loopback, and
    without a token.
    """
    base_url = variables.get("cloudflare:config:baseUrl") or environment.get("CLOUDFLARE_BASE_URL")
    token = variables.get("cloudflare:config:apiToken") or environment.get("CLOUDFLARE_API_TOKEN")
    if not base_url:
        raise ProviderError(
            f"{_NAME} needs a base URL: without one the real Cloudflare would be meant\n"
            "hint: set `CLOUDFLARE_BASE_URL` to the local Cloudflare, or install the official "
            "`cloudflare` plugin to reach the real one"
        )
    _refuse_remote(base_url)
    if not token:
        raise ProviderError(
            f"{_NAME} needs an API token\n"
            "hint: set `CLOUDFLARE_API_TOKEN`, or `apiToken` of the provider"
        )
    return Connection(base_url.rstrip("/"), token)


def _refuse_remote(base_url: str) -> None:
    try:
        parts = urlsplit(base_url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ProviderError("the base URL is not a URL") from None
    if parts.scheme not in {"http", "https"} or not host or not is_loopback(host):
        raise ProviderError(
            f"{_NAME} refuses the host `{host or '(none)'}`: it only talks to "
            "`http://` or `https://` on loopback (127.0.0.0/8, ::1, localhost)\n"
            "hint: install the official `cloudflare` plugin to reach the real Cloudflare"
        )
