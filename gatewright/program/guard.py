"""Nothing existing is taken over: before a create, look whether it is there.

An object can exist outside the stack's state for two reasons: somebody made it by
hand, or an earlier `up` made it and died before the answer came back. Cloudflare
answers the first create of a gateway with "already exists" in JSON, and happily
makes a second token of the same name. So both kinds are listed once, before the
first create of that kind, also in a preview.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence

import pulumi

from gatewright.program import listing
from gatewright.program.settings import Settings
from gatewright.redaction import is_sendable

GATEWAY_TYPE = "cloudflare:index/aiGateway:AiGateway"
TOKEN_TYPE = "cloudflare:index/accountToken:AccountToken"  # noqa: S105  # a type, not a secret


class ExistsOutsideError(Exception):
    """An object of that key exists and is not in the stack's state."""


class Guard:
    """Answers "does it exist already?" with one listing for each kind."""

    def __init__(self, settings: Settings, api_token: str | None) -> None:
        self._settings = settings
        self._api_token = api_token
        self._listings: dict[str, asyncio.Task[dict[str, str]]] = {}

    async def gateway(self, gateway_id: str) -> None:
        """Raise `ExistsOutsideError` if the account has a gateway of that id."""
        existing = await self._existing(f"{self._account}/ai-gateway/gateways", key="id")
        if gateway_id in existing:
            raise ExistsOutsideError(
                f"gateway `{gateway_id}` exists in account {self._settings.account_id} "
                "but not in this stack: it was made by hand, kept by `retain`, or made by an `up` "
                "that was cut off; it was left as it is. "
                f"hint: one `up` with `GATEWRIGHT_ADOPT={gateway_id}` in its environment takes it "
                "over as declared (several, with those of an earlier try: separated by commas); "
                "or delete it and `up` again"
            )

    async def worker(self, name: str) -> None:
        """Raise `ExistsOutsideError` if the account has a Worker of that name.

        Cloudflare would take the upload and the other script would be gone.
        """
        existing = await self._existing(f"{self._account}/workers/scripts", key="id", paged=False)
        if name in existing:
            raise ExistsOutsideError(
                f"worker `{name}` exists in account {self._settings.account_id} "
                "but not in this stack: it was made by hand or by an `up` that was cut off; "
                "it was left as it is. "
                f"hint: one `up` with `GATEWRIGHT_ADOPT=workers/{name}` in its environment takes "
                "it over as declared; or delete it and `up` again"
            )

    async def account_token(self, name: str) -> None:
        """Raise `ExistsOutsideError` if the account has a token of that name."""
        existing = await self._existing(f"{self._account}/tokens", key="name")
        if name in existing:
            whose = f"in account {self._settings.account_id}"
            raise _token_exists(name, existing[name], whose, existing[name])

    async def user_token(self, name: str) -> None:
        """Raise `ExistsOutsideError` if the user who deploys has a token of that name."""
        existing = await self._existing("user/tokens", key="name")
        if name in existing:
            raise _token_exists(name, existing[name], "among your own", f"--user {existing[name]}")

    @property
    def _account(self) -> str:
        return f"accounts/{self._settings.account_id}"

    async def _existing(self, path: str, *, key: str, paged: bool = True) -> dict[str, str]:
        if path not in self._listings:
            self._listings[path] = asyncio.ensure_future(self._list(path, key, paged=paged))
        return await self._listings[path]

    async def _list(self, path: str, key: str, *, paged: bool) -> dict[str, str]:
        if self._api_token is None:
            return {}
        rows = await listing.rows(self._settings, self._api_token, path, paged=paged)
        return {row[key]: row["id"] for row in rows}


def _token_exists(name: str, ident: str, where: str, revoked: str) -> ExistsOutsideError:
    return ExistsOutsideError(
        f"a token named `{name}` (id {ident}) exists {where} but not in this stack: it was made "
        "by hand or by an `up` that was cut off, and its value cannot be read again. "
        f"hint: revoke it with `gatewright token revoke {revoked}`, then `up` again"
    )


def api_token() -> str | None:
    """The token the provider uses, where this program can know it.

    Raises `pulumi.RunError` for one that can be none, which clients fail over.
    """
    found = os.environ.get("CLOUDFLARE_API_TOKEN") or pulumi.Config("cloudflare").get("apiToken")
    if found and not is_sendable(found):
        raise pulumi.RunError(
            "CLOUDFLARE_API_TOKEN, or the stack's `cloudflare:apiToken`, has characters that no "
            "token has, such as a line break\nhint: set it to the token alone"
        )
    return found


def before_create(
    name: str,
    check: Callable[[str], Awaitable[None]],
    input_name: str,
    *,
    after_create: Sequence[pulumi.ResourceHook] = (),
) -> pulumi.ResourceHookBinding:
    """A hook that runs ``check`` on the input of that name, in previews too; and those after."""

    async def hook(args: pulumi.ResourceHookArgs) -> None:
        await check(str((args.new_inputs or {})[input_name]))

    options = pulumi.ResourceHookOptions(on_dry_run=True)
    return pulumi.ResourceHookBinding(
        before_create=[pulumi.ResourceHook(name, hook, options)],
        after_create=[*after_create],
    )
