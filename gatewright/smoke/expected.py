"""What a healthy gateway does, for people."""

from collections.abc import Callable, Iterable, Mapping

from gatewright.model import Action
from gatewright.model.route import ModelStep
from gatewright.smoke.checks import Check, cache_ttl
from gatewright.smoke.kind import CACHED_TRIES, Kind
from gatewright.smoke.marks import Mark, marks
from gatewright.smoke.prices import dollars
from gatewright.smoke.routes import ways_of

_OK = 200


def expected(check: Check) -> str:
    """One line that says what ``check`` is about."""
    said = _SAID[check.kind]
    return said if isinstance(said, str) else said(check)


def mark_of(check: Check) -> Mark:
    """What a check of `MARKED_KINDS` puts into its call."""
    return marks(check.gateway, check.endpoint, is_local=check.is_local)[check.kind]


def _answer(check: Check) -> str:
    if check.worker:
        return "status 200 and JSON"
    status = check.endpoint.expect.status
    if status != _OK:
        return f"status {status}, as the endpoint declares"
    return "status 200 and an answer of the declared API's and model's shape"


def _json(check: Check) -> str:
    return "; ".join(wanted.expected for wanted in check.endpoint.expect.json)


def _latency(check: Check) -> str:
    return f"an answer from the model within {check.endpoint.expect.latency} ms"


def _cost(check: Check) -> str:
    return f"one call costs at most {dollars(check.endpoint.expect.max_cost or 0)}"


def _expires(check: Check) -> str:
    ttl = cache_ttl(check.gateway, check.endpoint)
    return f"a HIT within the declared {ttl} s, and none after them"


def _route(check: Check) -> str:
    first = ways_of(check.gateway, check.endpoint).first
    return f"answered at the first attempt by {_either(first)}"


def _fallback(check: Check) -> str:
    found = ways_of(check.gateway, check.endpoint)
    return f"when {_either(found.first)} fails, {_either(found.fallback)} answers"


def _either(steps: Iterable[ModelStep]) -> str:
    return " or ".join(f"`{step.model}`" for step in steps)


def _limit(check: Check) -> str:
    rate = check.gateway.rate_limiting
    limit, interval = (rate.limit, rate.interval) if rate else (0, 0)
    return f"429 and code 2003 by request {limit + 1} within {interval} s"


def _marked(what: str, flagged: str) -> Callable[[Check], str]:
    def said(check: Check) -> str:
        return f"{what} is {'refused' if mark_of(check).action is Action.BLOCK else flagged}"

    return said


_SAID: Mapping[Kind, str | Callable[[Check], str]] = {
    Kind.ANSWER: _answer,
    Kind.STREAM: "status 200 and events with pieces of text, the last event `[DONE]`",
    Kind.AUTHENTICATION_OFF: "accepted with nothing but the provider's `Authorization`",
    Kind.AUTHENTICATION_REQUIRED: "without a token, 401 and the gateway's own code 2009",
    Kind.WRONG_TOKEN_REFUSED: "with a wrong token, 401 and the gateway's own code 2009",
    Kind.LOGGED: "`cf-aig-log-id` is there: the call is logged",
    Kind.NOT_LOGGED: "no `cf-aig-log-id`: the call is not logged",
    Kind.LOG_FOUND: "the logs API has the call, with the metadata that was sent",
    Kind.EXPECTED_JSON: _json,
    Kind.EXPECTED_COST: _cost,
    Kind.EXPECTED_LATENCY: _latency,
    Kind.ROUTE: _route,
    Kind.FALLBACK: _fallback,
    Kind.CACHE_HIT: f"the first call not from the cache, then a HIT by try {CACHED_TRIES}",
    Kind.CACHE_OFF: "no HIT for the same call again",
    Kind.CACHE_KEY: "a HIT for another body with the same cache key",
    Kind.CACHE_EXPIRES: _expires,
    Kind.GUARDRAILS_PROMPT: _marked("a hazardous prompt", "served"),
    Kind.GUARDRAILS_RESPONSE: _marked("a hazardous answer", "served"),
    Kind.DLP_REQUEST: _marked("a request with marked data", "served, with `cf-aig-dlp`"),
    Kind.DLP_RESPONSE: _marked("an answer with marked data", "served, with `cf-aig-dlp`"),
    Kind.RETRIES: "an answer although the provider fails once: the gateway asks it again",
    Kind.RATE_LIMIT: _limit,
}
