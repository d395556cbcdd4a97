"""Which setting won: the environment, the stack's configuration, or the default."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gatewright.account import API_URL
from gatewright.doctor.line import Line, fail, ok, warn
from gatewright.errors import ExitCode

GATEWAY_URL = "https://gateway.ai.cloudflare.com/v1"

#: In place of a secret of the stack, which nobody here deciphers.
HIDDEN = "[secret]"

_STACK_TOKEN = "cloudflare:apiToken"  # noqa: S105  # a key
_ACCOUNT_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting's value and where it comes from; ``hidden`` is what lost to it."""

    value: str
    origin: str
    hidden: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a deployment would go; a value is empty if nothing sets it.

    The last two are about CLOUDFLARE_API_TOKEN and the stack's `cloudflare:apiToken`.
    """

    account_id: Setting
    api_url: Setting
    gateway_url: Setting
    has_token: bool
    has_stack_token: bool

    @classmethod
    def of(cls, environment: Mapping[str, str], config: Mapping[str, str]) -> "Settings":
        """``config`` is the stack's, with keys such as `gatewright:accountId`."""

        def setting(variable: str, key: str, default: str) -> Setting:
            key = f"gatewright:{key}"
            if value := environment.get(variable):
                lost = key if config.get(key, default) not in {"", value, default} else None
                return Setting(value.rstrip("/"), variable, lost)
            if (value := config.get(key)) and value != HIDDEN:
                return Setting(value.rstrip("/"), f"the stack's `{key}`")
            return Setting(default, "the default")

        return cls(
            setting("CLOUDFLARE_ACCOUNT_ID", "accountId", ""),
            setting("CLOUDFLARE_BASE_URL", "apiUrl", API_URL),
            setting("GATEWRIGHT_GATEWAY_URL", "gatewayUrl", GATEWAY_URL),
            bool(environment.get("CLOUDFLARE_API_TOKEN")),
            _STACK_TOKEN in config,
        )

    @property
    def has_account(self) -> bool:
        """Whether there is an account id of the right form."""
        return bool(_ACCOUNT_ID.fullmatch(self.account_id.value))

    def lines(self) -> Iterator[Line]:
        """What won, and what is missing or malformed."""
        if not self.account_id.value:
            yield fail(
                "account",
                "no account is set",
                "`export CLOUDFLARE_ACCOUNT_ID=…`, "
                "or `pulumi config set gatewright:accountId …` and `--stack`",
                ExitCode.USAGE,
            )
        elif not self.has_account:
            yield fail(
                "account",
                f"`{self.account_id.value}` is no account id, by {self.account_id.origin}",
                "it has 32 hexadecimal digits, as in the address of the dashboard",
                ExitCode.USAGE,
            )
        else:
            yield _won("account", self.account_id)
        yield _won("API", self.api_url)
        yield _won("gateways at", self.gateway_url)
        yield from self._tokens()

    def _tokens(self) -> Iterator[Line]:
        """Which token is used by whom, where that is not plain."""
        if self.has_token and self.has_stack_token:
            yield warn(
                "which token",
                f"the stack's `{_STACK_TOKEN}` for what the official plugin makes, "
                "CLOUDFLARE_API_TOKEN for all else",
                f"keep one of them: `pulumi config rm {_STACK_TOKEN}`, or unset the variable",
            )
        elif self.has_stack_token:
            yield warn(
                "token",
                f"the stack's `{_STACK_TOKEN}`, which is not looked into here: "
                "CLOUDFLARE_API_TOKEN is not set",
                "`export CLOUDFLARE_API_TOKEN=…` to have it examined, and for `verify` and `drift`",
            )
        elif not self.has_token:
            yield fail(
                "token",
                "CLOUDFLARE_API_TOKEN is not set",
                "`export CLOUDFLARE_API_TOKEN=…` with a token of the account",
                ExitCode.USAGE,
            )


def _won(topic: str, setting: Setting) -> Line:
    text = f"{setting.value}, by {setting.origin}"
    if setting.hidden is None:
        return ok(topic, text)
    return warn(
        topic,
        f"{text}, which hides another value in the stack's `{setting.hidden}`",
        "unset the variable if the stack is to decide",
    )
