"""What a client asks of the gateway with each request, in headers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

MetadataValue: TypeAlias = str | int | float | bool


@dataclass(frozen=True, slots=True)
class CustomCost:
    """What a request costs, in US dollars: in ``total``, or for each token."""

    total: float | None = None
    per_token_in: float | None = None
    per_token_out: float | None = None


@dataclass(frozen=True, slots=True)
class RequestOptions:
    """Options that come before the gateway's own settings; None leaves those as they are.

    ``timeout`` (to the first byte) and ``retry_delay`` are in milliseconds.
    ``no_wholesale``: nothing is paid through Unified Billing where a key is missing.
    """

    timeout: int | None = None
    max_attempts: int | None = None
    retry_delay: int | None = None
    backoff: str | None = None
    collect_log: bool | None = None
    collect_log_payload: bool | None = None
    event_id: str | None = None
    custom_cost: CustomCost | None = None
    byok_alias: str | None = None
    zdr: bool | None = None
    no_wholesale: bool = False


def headers(options: RequestOptions, metadata: Mapping[str, MetadataValue]) -> dict[str, str]:
    """The headers of ``options`` and ``metadata``, as Cloudflare names and spells them."""
    values: dict[str, object] = {
        "cf-aig-metadata": _json(metadata) if metadata else None,
        "cf-aig-request-timeout": options.timeout,
        "cf-aig-max-attempts": options.max_attempts,
        "cf-aig-retry-delay": options.retry_delay,
        "cf-aig-backoff": options.backoff,
        "cf-aig-collect-log": _flag(options.collect_log),
        "cf-aig-collect-log-payload": _flag(options.collect_log_payload),
        "cf-aig-event-id": options.event_id,
        "cf-aig-custom-cost": _cost(options.custom_cost) if options.custom_cost else None,
        "cf-aig-byok-alias": options.byok_alias,
        "cf-aig-zdr": _flag(options.zdr),
        "cf-aig-no-wholesale": "true" if options.no_wholesale else None,
    }
    return {name: str(value) for name, value in values.items() if value is not None}


def _flag(value: bool | None) -> str | None:  # noqa: FBT001  # the value is the flag
    return None if value is None else str(value).lower()


def _cost(cost: CustomCost) -> str:
    values = {
        "total_cost": cost.total,
        "per_token_in": cost.per_token_in,
        "per_token_out": cost.per_token_out,
    }
    return _json({name: value for name, value in values.items() if value is not None})


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(value, separators=(",", ":"))
