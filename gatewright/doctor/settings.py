"""Which setting won: the environment, the stack's configuration, or the default."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gatewright.account import API_URL
from gatewright.doctor.line import Line, fail, ok, warn
from gatewright.errors import ExitCode

GATEWAY_URL = "https://gateway.ai.cloudflare.com/v1"

_ACCOUNT_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting's value and where it comes from; ``hidden`` is what lost to it."""

    value: str
    origin: str
    hidden: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a deployment would go; a value is empty if nothing sets it."""

    account_id: Setting
    api_url: Setting
    gateway_url: Setting

    @classmethod
    def of(cls, environment: Mapping[str, str], config: Mapping[str, str]) -> "Settings":
        """``config`` is the stack's, with keys such as `gatewright:accountId`."""

        def setting(variable: str, key: str, default: str) -> Setting:
            key = f"gatewright:{key}"
            if value := environment.get(variable):
                lost = key if config.get(key, default) not in {"", value, default} else None
                return Setting(value.rstrip("/"), variable, lost)
            if value := config.get(key):
                return Setting(value.rstrip("/"), f"the stack's `{key}`")
            return Setting(default, "the default")

        return cls(
            setting("CLOUDFLARE_ACCOUNT_ID", "accountId", ""),
            setting("CLOUDFLARE_BASE_URL", "apiUrl", API_URL),
            setting("GATEWRIGHT_GATEWAY_URL", "gatewayUrl", GATEWAY_URL),
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


def _won(topic: str, setting: Setting) -> Line:
    text = f"{setting.value}, by {setting.origin}"
    if setting.hidden is None:
        return ok(topic, text)
    return warn(
        topic,
        f"{text}, which hides another value in the stack's `{setting.hidden}`",
        "unset the variable if the stack is to decide",
    )
