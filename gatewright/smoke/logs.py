"""Whether a call can be found in the logs API."""

import json
from typing import Any

from tenacity import AsyncRetrying, retry_if_result, wait_fixed

from gatewright.model import Gateway
from gatewright.smoke.call import Call
from gatewright.smoke.docket import Docket
from gatewright.smoke.kind import Kind
from gatewright.smoke.layer import Fault, Layer
from gatewright.smoke.session import Session, Try

#: A log was seen to be readable 0.3 to 5 s after its call; then seconds between two looks.
_PATIENCE = 20.0
_BETWEEN = 0.5
_OK = 200
_TOO_MANY = 429
_SERVER_ERRORS = range(500, 600)


async def check_found(docket: Docket, session: Session, call: Call, first: Try) -> None:
    """Look until the log of the call is there, and compare its metadata with what was sent."""
    log_id = first[-1].evidence.log_id
    if docket.is_without(Kind.LOG_FOUND, Kind.LOGGED):
        return
    if session.targets.account is None:
        docket.skip(Kind.LOG_FOUND, _NO_ACCOUNT)
        return
    if log_id is None:
        docket.conclude(Kind.LOG_FOUND, call, [first], actual="no `cf-aig-log-id`", fault=_NO_ID)
        return
    if fault := await unreadable(session, docket.any.gateway):
        docket.skip(Kind.LOG_FOUND, fault)
        return
    row = await log_of(session, docket.any.gateway, log_id)
    seen, fault = f"log `{log_id}`", None
    sent = _object(call.options.get("cf-aig-metadata"))
    if row is None:
        seen, fault = f"no log `{log_id}` within {_PATIENCE:.0f} s", LOST
    elif not sent.items() <= _object(row.get("metadata")).items():
        seen, fault = f"{seen} has the metadata `{row.get('metadata')}`", _WITHOUT_METADATA
    docket.conclude(Kind.LOG_FOUND, call, [first], actual=seen, fault=fault)


async def unreadable(session: Session, gateway: Gateway) -> Fault | None:
    """Why the logs of ``gateway`` cannot be read, if they cannot."""
    if session.targets.account is None:
        return _NO_ACCOUNT
    status, body = await session.client.read(f"ai-gateway/gateways/{gateway.id}/logs?per_page=1")
    if status is not None and not isinstance(body, dict):
        return _IN_BETWEEN
    return None if status == _OK else _unreadable(status)


async def log_of(session: Session, gateway: Gateway, log_id: str) -> dict[str, Any] | None:
    """The log of a call, waited for; None if it does not come."""
    path = f"ai-gateway/gateways/{gateway.id}/logs/{log_id}"
    give_up = session.patience.clock() + _PATIENCE

    async def read() -> dict[str, Any] | None:
        status, body = await session.client.read(path)
        result = body.get("result") if status == _OK and isinstance(body, dict) else None
        return result if isinstance(result, dict) else None

    repeating = AsyncRetrying(
        retry=retry_if_result(lambda found: found is None),
        stop=lambda _: session.patience.clock() >= give_up,
        wait=wait_fixed(_BETWEEN),
        sleep=session.patience.sleep,
        retry_error_callback=lambda _: None,
    )
    found: dict[str, Any] | None = await repeating(read)
    return found


def _object(value: Any) -> dict[str, Any]:
    """Metadata arrives as an object, and is typed as a text with one in it."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, dict) else {}


_NO_ACCOUNT = Fault(
    Layer.TOKEN,
    "the account's API is not known: `--deep` reads the logs there",
    "set CLOUDFLARE_ACCOUNT_ID, and CLOUDFLARE_API_TOKEN to a token with `AI Gateway Read`",
)
_IN_BETWEEN = Fault(
    Layer.NETWORK,
    "something in between answered in place of the logs API",
    "check CLOUDFLARE_BASE_URL, and proxies, firewalls and logins in between",
)
_NO_ID = Fault(
    Layer.GATEWAY,
    "the call was not logged, so there is nothing to look for",
    "mend the check `logged` first",
)
LOST = Fault(
    Layer.GATEWAY,
    "the gateway gave the call a log id, and the logs API does not know it",
    "an account made since 24 September 2026 keeps its logs in Workers Observability, which "
    "`--deep` cannot read; in an older one look for the call in the dashboard's logs",
)
_WITHOUT_METADATA = Fault(
    Layer.GATEWAY,
    "the log does not have the metadata that was sent with the call",
    "send at most five entries, each a text, a number, or true or false",
)


def _unreadable(status: int | None) -> Fault:
    if status in {401, 403}:
        return Fault(
            Layer.TOKEN,
            f"the logs API refused the account's token with {status}",
            "give CLOUDFLARE_API_TOKEN the permission `AI Gateway Read`",
        )
    if status == _TOO_MANY or status in _SERVER_ERRORS:
        return Fault(Layer.GATEWAY, f"the logs API answered {status}", "try again later")
    if status is None:
        return Fault(Layer.NETWORK, "the logs API does not answer", "check CLOUDFLARE_BASE_URL")
    return Fault(
        Layer.GATEWAY,
        f"this account has no logs API: it answered {status}",
        "look for the call in the dashboard; newer accounts log to Workers Observability",
    )
