"""How much is left: gateways of the account, requests of the token."""

import re
from collections.abc import Iterator
from typing import Any

from gatewright.doctor.api import Answer
from gatewright.doctor.line import Line, ok, warn
from gatewright.envelope import objects
from gatewright.model import Deployment

#: Gateways in an account. Source: Cloudflare's page of the AI Gateway limits.
_FREE_GATEWAYS = 10
_PAID_GATEWAYS = 20

#: A deployment takes some requests for each object, and a refusal ends it half-way.
_FEW = 0.1

#: `"default";r=1195;t=120` and `"default";q=1200;w=300`.
_FIELD = re.compile(r";\s*([rtqw])=([0-9]{1,18})")


def gateway_quota(listed: Answer, declared: Deployment | None) -> Iterator[Line]:
    """By the account's list of gateways, and by what the specs add to it."""
    info = listed.body.get("result_info")
    count = info.get("total_count") if isinstance(info, dict) else None
    if not isinstance(count, int):
        return
    added = _added(listed.result, count, declared)
    free, paid = _FREE_GATEWAYS - count, _PAID_GATEWAYS - count
    text = f"{count} gateways in the account, {max(paid, 0)} left of a paid plan's {_PAID_GATEWAYS}"
    text += f", {max(free, 0)} of a free one's {_FREE_GATEWAYS}"
    if added:
        text += f"; the specs add {added}"
    if free >= max(added, 1):
        yield ok("quota", text)
    else:
        yield warn("quota", text, "remove gateways that nobody calls, or ask Cloudflare for more")


def _added(listed: Any, count: int, declared: Deployment | None) -> int:
    """Declared gateways that the account has not; 0 where its list is longer than a page."""
    rows = objects(listed)
    if declared is None or len(rows) < count:
        return 0
    there = {row.get("id") for row in rows}
    return sum(gateway.id not in there for gateway in declared.gateways)


def request_quota(answer: Answer) -> Iterator[Line]:
    """By what an answer says of the token's requests, if it does."""
    found = {name: int(value) for name, value in _FIELD.findall(answer.limits)}
    if not {"r", "t", "q", "w"} <= found.keys():
        return
    text = f"{found['r']} of {found['q']} requests left in this window of {found['w']} s"
    if found["r"] > found["q"] * _FEW:
        yield ok("API quota", text)
    else:
        fix = f"wait {found['t']} s; whatever else uses this token or user counts too"
        yield warn("API quota", f"{text}: a deployment may be cut off", fix)
