"""The account that the contract suite works on: the emulator's, or a real one."""

import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from cloudflare import Cloudflare
from emulator.peer import ACCOUNT, listening, read_token, start, stop

T = TypeVar("T")

LLAMA = "@cf/meta/llama-3.1-8b-instruct"
#: What the least gateway says.
LEAST: dict[str, Any] = {
    "cache_invalidate_on_update": False,
    "cache_ttl": 0,
    "collect_logs": True,
    "rate_limiting_interval": 0,
    "rate_limiting_limit": 0,
}

_PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Account:
    """Where it is and a token that deploys; ``port`` is the emulator's, `None` for a real one."""

    id: str
    token: str = field(repr=False)
    api_url: str
    gateway_url: str
    port: int | None = None

    def client(self, *, strict: bool = True, token: str | None = None) -> Cloudflare:
        """Cloudflare's SDK; ``strict`` holds each answer against the SDK's own types."""
        return Cloudflare(
            api_token=token or self.token,
            base_url=self.api_url,
            _strict_response_validation=strict,
        )

    def worker(self, name: str) -> str:
        """The URL of a Worker that has an address."""
        if self.port is not None:
            return f"http://127.0.0.1:{self.port}/workers.dev/{name}/"
        subdomain = self.client().workers.subdomains.get(account_id=self.id).subdomain
        return f"https://{name}.{subdomain}.workers.dev/"

    def gateway(self, gateway_id: str) -> str:
        """The URL of a gateway."""
        return f"{self.gateway_url}/{self.id}/{gateway_id}"


@dataclass(frozen=True, slots=True)
class Caller:
    """A token that may call models, and its value, which no report of a failure shows."""

    id: str
    value: str = field(repr=False)


@contextmanager
def emulated(folder: Path, workerd: Path | None) -> Iterator[Account]:
    """An account of the emulator, which runs as a process of its own."""
    token_file = folder / "token"
    more = ("--workerd", str(workerd)) if workerd else ()
    process = start("--token-file", str(token_file), *more)
    try:
        said = listening(process)
        token = read_token(token_file)
        yield Account(ACCOUNT, token, said["api_url"], said["gateway_url"], said["port"])
    finally:
        stop(process)


def real() -> Account:
    """The account that the environment names; ends the run where it names none."""
    missing = [
        name
        for name in ("CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN")
        if not os.environ.get(name)
    ]
    if missing:
        pytest.exit(f"--real-account needs {' and '.join(missing)} in the environment", 4)
    return Account(
        os.environ["CLOUDFLARE_ACCOUNT_ID"],
        os.environ["CLOUDFLARE_API_TOKEN"],
        os.environ.get("CLOUDFLARE_BASE_URL", "https://api.cloudflare.com/client/v4"),
        os.environ.get("GATEWRIGHT_GATEWAY_URL", "https://gateway.ai.cloudflare.com/v1"),
    )


def fresh(kind: str) -> str:
    """A name that nothing else in the account has, and that says whose it is."""
    return f"gatewright-contract-{kind}-{secrets.token_hex(4)}"


def eventually(
    attempt: Callable[[], T], refused: type[Exception] | tuple[type[Exception], ...]
) -> T:
    """What ``attempt`` returns once it is no longer ``refused``: tokens and logs take time."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return attempt()
        except refused:
            if time.monotonic() >= deadline:
                raise
        time.sleep(_PAUSE_SECONDS)


def group_ids(client: Cloudflare, account_id: str, *names: str) -> list[str]:
    """The permission groups of exactly these names, by whatever ids the account gives them."""
    found = {
        group.name: group.id
        for group in client.accounts.tokens.permission_groups.list(account_id=account_id)
    }
    return [found[name] or "" for name in names]


def policy(account_id: str, groups: list[str]) -> dict[str, Any]:
    """Allow the groups on the account."""
    return {
        "effect": "allow",
        "permission_groups": [{"id": group} for group in groups],
        "resources": {f"com.cloudflare.api.account.{account_id}": "*"},
    }
