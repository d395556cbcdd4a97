"""The data sources in use: the permission groups that an account's or a user's token can have."""

from typing import Any, Final
from urllib.parse import quote, urlencode

from gatewright.plugin.api import Api, Task
from gatewright.plugin.values import Properties
from gatewright.provider.shapes import Loose

_PERMISSION_GROUPS: Final = (
    "cloudflare:index/getAccountApiTokenPermissionGroupsList:getAccountApiTokenPermissionGroupsList"
)
_MAX_ITEMS: Final = 1000


_USERS_PERMISSION_GROUPS: Final = (
    "cloudflare:index/getApiTokenPermissionGroupsList:getApiTokenPermissionGroupsList"
)


def path_of(name: str, arguments: Properties) -> str | None:
    """The path of what the function ``name`` lists; None for a function there is not."""
    account = quote(str(arguments.get("accountId")), safe="")
    return {
        _PERMISSION_GROUPS: f"/accounts/{account}/tokens/permission_groups",
        _USERS_PERMISSION_GROUPS: "/user/tokens/permission_groups",
    }.get(name)


async def permission_groups(api: Api, path: str, arguments: Properties) -> dict[str, Any]:
    """List the groups, filtered by name or scope if asked.

    The documentation asks for URL-encoded filters and the official provider encodes
    them again; so does this. The API does not page this list: one request.
    """
    filters = {key: arguments[key] for key in ("name", "scope") if arguments.get(key)}
    query = "?" + urlencode(filters, quote_via=quote, safe="") if filters else ""
    found = await api.call(Task("listing permission groups"), "GET", path + query)
    limit = arguments.get("maxItems") or _MAX_ITEMS
    results = [Loose().decoded(group) for group in (found or [])[:limit]]
    return {**arguments, "results": results}
