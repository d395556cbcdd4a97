"""Where the gateways of a stack are, and the token for them: from the stack's outputs."""

import ipaddress
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx

from gatewright.errors import CouldNotRunError, UsageError
from gatewright.model import Deployment, Endpoint, Gateway, Token, Worker, WorkerEndpoint
from gatewright.redaction import Redactor, Secret, is_sendable
from gatewright.smoke.evidence import clean

#: What a token needs to be let through by the gateway and by Workers AI.
PERMISSIONS = frozenset({"AI Gateway Run", "Workers AI Read"})

#: What Pulumi prints in place of a secret.
_HIDDEN = "[secret]"

_DEPLOY = (
    "`pulumi up`, for the local stack `gatewright local up`, makes the outputs of what is declared"
)
_SHOW = "write the outputs with `pulumi stack output --json --show-secrets`"
_GIVE = "set GATEWRIGHT_TOKEN to a token with `AI Gateway Run` and `Workers AI Read`"


class Deployed(NamedTuple):
    """What the outputs say of themselves: git revision and checksum; empty if unknown."""

    stack: str = ""
    revision: str = ""
    checksum: str = ""


class AccountAccess(NamedTuple):
    """The account's own API, where the logs are; ``url`` ends with the account's id."""

    url: str
    token: Secret

    @classmethod
    def of(cls, api_url: str, account_id: str, token: str) -> "AccountAccess":
        """Raises `UsageError` and `CouldNotRunError` if the token must not be sent there."""
        _require_safe("the account's API", api_url)
        secret = _sendable(token, "the account's token", "set CLOUDFLARE_API_TOKEN to one")
        return cls(f"{api_url.rstrip('/')}/accounts/{quote(account_id, safe='')}", secret)


class Targets(NamedTuple):
    """``urls`` by gateway id, without a slash at the end; ``repr`` shows no secret.

    ``account`` is only asked for logs, and for the controls of the local Cloudflare.
    """

    urls: Mapping[str, str]
    token: Secret
    deployed: Deployed = Deployed()
    account: AccountAccess | None = None
    workers: Mapping[str, str] = MappingProxyType({})

    @classmethod
    def from_outputs(
        cls,
        outputs: Mapping[str, Any],
        deployment: Deployment,
        *,
        token: str | None,
        stack: str = "",
        account: AccountAccess | None = None,
    ) -> "Targets":
        """Read the outputs of `pulumi stack output --json --show-secrets`.

        ``token`` comes before the declared tokens in the outputs; ``stack`` is for
        reports. Raises `CouldNotRunError` that names what is missing and what would
        supply it.
        """
        urls = _urls(outputs.get("gateways"), deployment)
        secret = _token(outputs.get("tokens"), deployment, token)
        workers = _worker_urls(outputs.get("worker"), deployment)
        about = _deployed(outputs.get("gatewright"), stack)
        return cls(urls, secret, about, account, workers)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What must not be shown."""
        return (self.token, self.account.token) if self.account else (self.token,)

    def url(self, gateway: Gateway, endpoint: Endpoint) -> str:
        """The URL of a call, on the gateway's own host whatever the path."""
        return f"{self.urls[gateway.id]}/{quote(endpoint.path, safe='/@:')}"

    def worker_url(self, worker: Worker, call: WorkerEndpoint) -> str:
        """The URL of a call of a Worker."""
        return self.workers[worker.name] + call.path.removeprefix("/")

    @property
    def _all_urls(self) -> list[str]:
        account = [self.account.url] if self.account else []
        return [*self.urls.values(), *self.workers.values(), *account]

    @property
    def needs_tls(self) -> bool:
        """Whether there is anything but loopback without TLS."""
        return any(httpx.URL(url).scheme == "https" for url in self._all_urls)

    @property
    def has_remote(self) -> bool:
        """Whether there is anything but loopback."""
        return not all(_is_loopback(httpx.URL(url).host) for url in self._all_urls)

    def loopback_hosts(self) -> frozenset[str]:
        """The hosts that are this machine, to which no proxy leads."""
        hosts = {httpx.URL(url).host for url in self._all_urls}
        return frozenset(filter(_is_loopback, hosts))


def _deployed(outputs: Any, stack: str) -> Deployed:
    entry = outputs if isinstance(outputs, Mapping) else {}
    told = (stack, entry.get("revision"), entry.get("checksum"))
    return Deployed(*(clean(each, Redactor()) if isinstance(each, str) else "" for each in told))


def _urls(outputs: Any, deployment: Deployment) -> dict[str, str]:
    found = outputs if isinstance(outputs, Mapping) else {}
    urls = {
        gateway.id: entry["url"].rstrip("/")
        for gateway in deployment.gateways
        if isinstance(entry := found.get(gateway.id), Mapping) and isinstance(entry.get("url"), str)
    }
    missing = [gateway.id for gateway in deployment.gateways if gateway.id not in urls]
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        raise CouldNotRunError(
            f"the stack's outputs have no address of the declared gateway{'s'[: len(missing) - 1]} "
            f"{names}",
            hint=_DEPLOY,
        )
    for name, url in urls.items():
        _require_safe(f"gateway `{name}`", url)
    return urls


def _worker_urls(outputs: Any, deployment: Deployment) -> dict[str, str]:
    """Each with a slash at the end, of the Workers that are called."""
    found = outputs if isinstance(outputs, Mapping) else {}
    urls: dict[str, str] = {}
    for worker in deployment.workers:
        entry = found.get(worker.name)
        url = entry.get("url") if isinstance(entry, Mapping) else None
        if isinstance(url, str):
            _require_safe(f"worker `{worker.name}`", url)
            urls[worker.name] = f"{url.rstrip('/')}/"
        elif worker.endpoints:
            message = f"the stack's outputs have no address of the declared worker `{worker.name}`"
            raise CouldNotRunError(message, hint=_DEPLOY)
    return urls


def _require_safe(whose: str, url: str) -> None:
    """Refuse an address to which a token must not be sent."""
    if url == _HIDDEN:
        raise CouldNotRunError(f"the address of {whose} is hidden", hint=_SHOW)
    shown = clean(url, Redactor())
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL:
        parts = httpx.URL()
    is_bare = not (parts.userinfo or parts.query or parts.fragment)
    if parts.scheme not in {"http", "https"} or not parts.host or not is_bare:
        raise CouldNotRunError(f"the address of {whose} is not one: `{shown}`")
    if parts.scheme == "http" and not _is_loopback(parts.host):
        raise CouldNotRunError(
            f"the address of {whose} would send the token in clear: `{shown}`",
            hint="only loopback goes without `https`; see `gatewright:gatewayUrl`",
        )


def _token(outputs: Any, deployment: Deployment, given: str | None) -> Secret:
    """An empty one where nothing but Workers is called: they get none."""
    if given is not None:
        return _sendable(given, "the token that was given" if given else "the token")
    if deployment.workers and not any(each.endpoints for each in deployment.gateways):
        return Secret("")
    return _sendable(_declared_token(outputs, deployment), "the token")


def _declared_token(outputs: Any, deployment: Deployment) -> Any:
    """The value of the declared token that may call everything."""
    chosen = min(_able(deployment), key=_preference, default=None)
    if chosen is None:
        raise CouldNotRunError(
            "no declared token may call the gateways: it takes `AI Gateway Run` and "
            "`Workers AI Read`",
            hint=f"declare one in gateways/tokens/, or {_GIVE}",
        )
    entry = outputs.get(chosen.name) if isinstance(outputs, Mapping) else None
    value = entry.get("value") if isinstance(entry, Mapping) else None
    if value == _HIDDEN:
        raise CouldNotRunError(
            f"the value of token `{chosen.name}` is hidden in the stack's outputs", hint=_SHOW
        )
    if not value or not isinstance(value, str):
        raise CouldNotRunError(
            f"the stack's outputs have no value of the declared token `{chosen.name}`",
            hint=f"{_DEPLOY}; for a token that was adopted, {_GIVE}",
        )
    return value


def _able(deployment: Deployment) -> Iterator[Token]:
    return (token for token in deployment.tokens if frozenset(token.permissions) >= PERMISSIONS)


def _preference(token: Token) -> tuple[bool, str]:
    """The one with exactly the permissions first, then by name."""
    return frozenset(token.permissions) != PERMISSIONS, token.name


def _sendable(value: str, what: str, hint: str = _GIVE) -> Secret:
    """The token, if it can stand in a header; the error does not show it."""
    if not is_sendable(value):
        raise UsageError(
            f"{what} is empty or has characters that no token has, such as a line break",
            hint=hint,
        )
    return Secret(value)


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
