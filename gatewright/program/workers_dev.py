"""Where Workers answer.

On Cloudflare a Worker's address is made of its name and the account's on workers.dev,
which only the API tells. ``gatewright:workersUrl``, GATEWRIGHT_WORKERS_URL in the
environment, is the address below which each Worker answers under its name instead: the
local Cloudflare has one.
"""

from collections.abc import Iterable

import pulumi

from gatewright.model import Worker
from gatewright.program.settings import Settings

_TIMEOUT_SECONDS = 30


def urls(workers: Iterable[Worker], settings: Settings, api_token: str | None) -> dict[str, str]:
    """The address of each Worker by its name, with a slash at the end.

    Raises `pulumi.RunError` if the account's name on workers.dev cannot be had.
    """
    names = [worker.name for worker in workers]
    if not names:
        return {}
    if settings.workers_url:
        return {name: f"{settings.workers_url}/{name}/" for name in names}
    account = _account_name(settings, api_token)
    return {name: f"https://{name}.{account}.workers.dev/" for name in names}


def _account_name(settings: Settings, api_token: str | None) -> str:
    import httpx  # noqa: PLC0415  # 0.15 s that a stack without Workers does not need

    url = f"{settings.api_url}/accounts/{settings.account_id}/workers/subdomain"
    headers = {"Authorization": f"Bearer {api_token}"} if api_token else {}
    try:
        answer = httpx.get(url, headers=headers, timeout=_TIMEOUT_SECONDS)
        answer.raise_for_status()
        name = answer.json()["result"]["subdomain"]
    except httpx.HTTPStatusError as error:
        raise _unknown(f"the API answered {error.response.status_code}") from None
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise _unknown(f"the API did not tell ({type(error).__name__})") from None
    return str(name)


def _unknown(why: str) -> pulumi.RunError:
    return pulumi.RunError(
        f"the account's name on workers.dev is not known: {why}\n"
        "hint: CLOUDFLARE_API_TOKEN needs `Workers Scripts Write`, and an account without a name "
        "gets one in the dashboard, under Workers"
    )
