"""What a run takes, known before its first request."""

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gatewright.errors import RefusedError
from gatewright.model import Api, ModelStep
from gatewright.smoke.call import accepted_call
from gatewright.smoke.checks import Check, by_endpoint
from gatewright.smoke.expected import mark_of
from gatewright.smoke.kind import (
    ACCEPTED_KINDS,
    CACHED_TRIES,
    LATENCY_TRIES,
    MARKED_KINDS,
    REFUSED_KINDS,
    UNCACHED_TRIES,
    Kind,
)
from gatewright.smoke.prices import PRICES, dollars
from gatewright.smoke.routes import route_of
from gatewright.smoke.task import Task, task_of

#: English has four to a token, code and other languages fewer.
_OCTETS_PER_TOKEN = 3
#: What Workers AI's text generation writes at most where the body does not say.
_DEFAULT_OUTPUT = 256


class Budget(NamedTuple):
    """Requests of a run: when all is as declared, and at most, retries not counted.

    ``tokens`` and ``cost`` (US dollars) are an estimate of the most: as if a model
    answered every request, the refused and the cached ones too. ``unpriced`` are the
    models whose cost is not in it.
    """

    planned: int = 0
    at_most: int = 0
    tokens: int = 0
    cost: float = 0.0
    unpriced: tuple[str, ...] = ()

    def require(self, *, max_requests: int | None, max_cost: float | None) -> None:
        """Raise `RefusedError` if the run may take more than that."""
        if max_requests is not None and self.at_most > max_requests:
            raise RefusedError(
                f"the checks take up to {self.at_most} requests, more than {max_requests}",
                hint="choose fewer with `--only` and `--skip`, or raise `--max-requests`",
            )
        if max_cost is None:
            return
        if self.unpriced:
            names = ", ".join(f"`{name}`" for name in self.unpriced)
            raise RefusedError(
                f"`--max-cost` cannot be held: no price is known of {names}",
                hint="leave those endpoints out with `--skip`, or go without `--max-cost`",
            )
        if self.cost > max_cost:
            raise RefusedError(
                f"the checks are estimated at up to {dollars(self.cost)}, "
                f"more than {dollars(max_cost)}",
                hint="choose fewer with `--only` and `--skip`, or raise `--max-cost`",
            )


def budget(checks: Iterable[Check]) -> Budget:
    """What ``checks`` take; one call serves all that can be judged by it."""
    groups = by_endpoint(checks)
    planned = at_most = tokens = 0
    cost = 0.0
    unpriced: set[str] = set()
    for group in groups:
        fewest, most = _requests(group)
        taken, written = _tokens(group)
        planned += fewest
        at_most += most
        tokens += most * (taken + written)
        models = _models(group[0])
        unpriced.update(models - PRICES.keys())
        if models <= PRICES.keys():
            costs = [PRICES[model].of(taken, written) for model in models]
            cost += most * max(costs, default=0.0)
    return Budget(planned, at_most, tokens, cost, tuple(sorted(unpriced)))


def _models(check: Check) -> set[str]:
    """Those that may answer; where none is declared, what stands for one."""
    endpoint, route = check.endpoint, route_of(check.gateway, check.endpoint)
    if route:
        return {step.model for step in route.steps if isinstance(step, ModelStep)}
    named = endpoint.model if endpoint.model in PRICES else endpoint.sent_model or endpoint.model
    return {named or endpoint.path}


def _requests(group: Sequence[Check]) -> tuple[int, int]:
    kinds = {check.kind for check in group}
    always = bool(kinds & ACCEPTED_KINDS) + len(kinds & (REFUSED_KINDS | _SINGLE))
    always += sum(check.kind in MARKED_KINDS and bool(mark_of(check).text) for check in group)
    always += (UNCACHED_TRIES - 1) * (Kind.CACHE_OFF in kinds)
    more = (CACHED_TRIES - 2) * len(kinds & {Kind.CACHE_HIT, Kind.CACHE_KEY, Kind.CACHE_EXPIRES})
    always += len(kinds & {Kind.CACHE_HIT, Kind.CACHE_KEY}) + 4 * (Kind.CACHE_EXPIRES in kinds)
    more += (LATENCY_TRIES - 1) * (Kind.EXPECTED_LATENCY in kinds)
    rate = group[0].gateway.rate_limiting
    if rate and Kind.RATE_LIMIT in kinds:
        always, more = always + rate.limit + 1, more + rate.limit
    return always, always + more


#: Made of one call of their own.
_SINGLE = frozenset({Kind.RETRIES, Kind.FALLBACK})


def _tokens(group: Sequence[Check]) -> tuple[int, int]:
    """Of one call, at most: what the model reads and what it writes."""
    gateway, endpoint = group[0].gateway, group[0].endpoint
    body = accepted_call(gateway, endpoint, url="", nonce="0" * 12).body
    taken = -(-len(json.dumps(body, ensure_ascii=False).encode()) // _OCTETS_PER_TOKEN)
    if endpoint.contract is Api.EMBEDDINGS or task_of(endpoint.model) in _WORDLESS:
        return taken, 0
    declared = (body.get(name) for name in ("max_completion_tokens", "max_tokens"))
    written = next((value for value in declared if isinstance(value, int)), _DEFAULT_OUTPUT)
    return taken, written


_WORDLESS = {Task.TEXT_CLASSIFICATION, Task.TEXT_EMBEDDINGS}
