"""What the account has, asked for while the program runs."""

from typing import Any

import pulumi

from gatewright.program.settings import Settings

_PAGE_SIZE = 50
_MOST_PAGES = 1000
_TIMEOUT_SECONDS = 30


async def rows(
    settings: Settings, api_token: str, path: str, *, paged: bool = True
) -> list[dict[str, Any]]:
    """Every row of a list; those there were before something went wrong."""
    import httpx  # noqa: PLC0415  # 0.15 s that an `up` without creates does not need

    found: list[dict[str, Any]] = []
    url = f"{settings.api_url}/{path}"
    headers = {"Authorization": f"Bearer {api_token}"}
    try:
        async with httpx.AsyncClient(headers=headers, timeout=_TIMEOUT_SECONDS) as client:
            for page in range(1, _MOST_PAGES):
                answer = await client.get(url, params={"page": page, "per_page": _PAGE_SIZE})
                answer.raise_for_status()
                more = answer.json()["result"]
                found += more
                if len(more) == 0 or not paged:
                    break
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        # The create itself will say what is wrong; a guess here would hide it.
        pulumi.log.debug(f"could not list {path}: {type(error).__name__}")
    return found
