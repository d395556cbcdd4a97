"""What can be set about the stand-in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: The account of the examples in Cloudflare's documentation.
EXAMPLE_ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"

#: Gateways in an account on a paid plan; a free one has 10.
PAID_QUOTA = 20

#: Requests in five minutes, for each token.
API_LIMIT = 1_200


def _log_defaults() -> dict[str, Any]:
    return {"log_management": 10_000_000, "log_management_strategy": "DELETE_OLDEST"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One emulated account and where it listens.

    ``quota`` is the number of gateways, ``None`` for no limit. ``data`` is an
    SQLite file; without it all state is in memory. ``token_file`` holds the value of
    the deploying token, the one that exists before any other; it is made if absent.
    ``account_defaults`` are the gateway fields whose server default differs by account.
    ``log_delay`` is how many seconds after a call its log can be read: Cloudflare's takes
    0.3 to 5. ``api_limit`` is the number of requests to the account API that a token has
    in five minutes, ``None`` for no limit. ``upstreams`` are loopback URLs by provider:
    a provider without one is answered for. ``workerd`` is the runtime's executable: without
    it Workers are taken and not run. With ``any_secret`` every ``secret_id`` is one of a secret
    that exists: which ones a real account has, only it knows.
    """

    account: str = EXAMPLE_ACCOUNT
    quota: int | None = PAID_QUOTA
    data: Path | None = None
    token_file: Path | None = None
    account_defaults: Mapping[str, Any] = field(default_factory=_log_defaults)
    log_delay: float = 0.3
    api_limit: int | None = API_LIMIT
    upstreams: Mapping[str, str] = field(default_factory=dict)
    host: str = "127.0.0.1"
    port: int = 0
    allow_remote: bool = False
    exit_with_stdin: bool = False
    workerd: Path | None = None
    any_secret: bool = False
    verbose: bool = False
