"""The one data source in use: the permission groups an account token can have."""

from typing import Any, Final
from urllib.parse import quote, urlencode

from gatewright.provider.api import Api, Task
from gatewright.provider.shapes import Loose
from gatewright.provider.values import Properties

PERMISSION_GROUPS: Final = (
    "cloudflare:index/getAccountApiTokenPermissionGroupsList:getAccountApiTokenPermissionGroupsList"
)
_MAX_ITEMS: Final = 1000


async def permission_groups(api: Api, arguments: Properties) -> dict[str, Any]:
    """List the groups, filtered by name or scope if asked.

    The documentation asks for URL-encoded filters and the official provider encodes
    them again; so does this. The API does not page this list: one request.
    """
    account = arguments.get("accountId")
    filters = {key: arguments[key] for key in ("name", "scope") if arguments.get(key)}
    query = "?" + urlencode(filters, quote_via=quote, safe="") if filters else ""
    path = f"/accounts/{quote(str(account), safe='')}/tokens/permission_groups{query}"
    found = await api.call(Task("listing permission groups"), "GET", path)
    limit = arguments.get("maxItems") or _MAX_ITEMS
    results = [Loose().decoded(group) for group in (found or [])[:limit]]
    return {**arguments, "results": results}
