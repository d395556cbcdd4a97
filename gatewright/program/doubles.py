"""After a token's create, look whether there is a second one of its name.

The official plugin sends a request again that was answered 429 or 5xx, a create too. If
the first had its effect, Cloudflare has made two tokens, and the stack knows the last
one only: the other is a credential that nobody manages.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pulumi

from gatewright.program import listing
from gatewright.program.settings import Settings


class Doubles:
    """Looks for them with few listings: what is made at the same time shares one."""

    def __init__(self, settings: Settings, api_token: str | None) -> None:
        self._settings = settings
        self._api_token = api_token
        self._next: dict[str, asyncio.Task[list[dict[str, Any]]]] = {}
        self._one_at_a_time = asyncio.Lock()

    async def account_token(self, name: str, ident: str) -> None:
        """Warn of tokens of the account with this name and another id."""
        await self._warn(f"accounts/{self._settings.account_id}/tokens", name, ident, "")

    async def user_token(self, name: str, ident: str) -> None:
        """Warn of tokens of the user with this name and another id."""
        await self._warn("user/tokens", name, ident, "--user ")

    async def _warn(self, path: str, name: str, ident: str, option: str) -> None:
        for row in await self._rows_from_now(path):
            if row.get("name") == name and row.get("id") != ident:
                pulumi.log.warn(
                    f"a second token named `{name}` (id {row['id']}) exists: the answer to its "
                    "create was lost, and nobody knows its value. "
                    f"hint: revoke it with `gatewright token revoke {option}{row['id']}`"
                )

    async def _rows_from_now(self, path: str) -> list[dict[str, Any]]:
        """A listing that has not begun yet: one that has may lack what was just made."""
        if self._api_token is None:
            return []
        if path not in self._next:
            self._next[path] = asyncio.ensure_future(self._rows(path, self._api_token))
        return await self._next[path]

    async def _rows(self, path: str, api_token: str) -> list[dict[str, Any]]:
        async with self._one_at_a_time:
            del self._next[path]
            return await listing.rows(self._settings, api_token, path)


def after_create(name: str, check: Callable[[str, str], Awaitable[None]]) -> pulumi.ResourceHook:
    """A hook that runs ``check`` on the name and the id of what was made."""

    async def hook(args: pulumi.ResourceHookArgs) -> None:
        await check(str((args.new_inputs or {})["name"]), args.id)

    return pulumi.ResourceHook(name, hook)
