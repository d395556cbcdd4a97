"""What the accepted call shows besides its answer: log, declared values, cost, route."""

from collections.abc import Callable, Mapping

from gatewright.smoke.checks import Check
from gatewright.smoke.evidence import Evidence
from gatewright.smoke.fault import SHOW_DRIFT
from gatewright.smoke.kind import Kind
from gatewright.smoke.layer import Fault, Layer
from gatewright.smoke.prices import PRICES, SOURCE, dollars
from gatewright.smoke.routes import ways_of

#: What was seen, and what is wrong with it.
Finding = tuple[str, Fault | None]

_LOG = "cf-aig-log-id"


def finding(check: Check, evidence: Evidence) -> Finding:
    """What the evidence of an accepted call says about a check of `KINDS`."""
    return KINDS[check.kind](check, evidence)


def _logged(check: Check, evidence: Evidence) -> Finding:
    del check
    if evidence.log_id:
        return f"`{_LOG}: {evidence.log_id}`", None
    return f"no `{_LOG}`", Fault(
        Layer.GATEWAY,
        "logs are declared on, but the call was not logged",
        f"{SHOW_DRIFT}; a log that is full and has `STOP_INSERTING` takes no more, too",
    )


def _not_logged(check: Check, evidence: Evidence) -> Finding:
    del check
    if not evidence.log_id:
        return f"no `{_LOG}`", None
    return f"`{_LOG}: {evidence.log_id}`", Fault(
        Layer.GATEWAY, "the call was logged, although logs are declared off", SHOW_DRIFT
    )


def _json(check: Check, evidence: Evidence) -> Finding:
    if not evidence.unmet:
        return f"{len(check.endpoint.expect.json)} as declared", None
    return "; ".join(evidence.unmet), Fault(
        Layer.PROVIDER,
        "the answer is not what the endpoint declares under `expect.json`",
        "call it by hand; if the answer is right, correct `expect.json`",
    )


def _cost(check: Check, evidence: Evidence) -> Finding:
    price, used = PRICES.get(check.endpoint.model or evidence.model or ""), evidence.tokens
    if price is None or used is None:
        return "", UNPRICED
    cost = price.of(*used)
    seen = f"{dollars(cost)} for {used[0]} tokens read and {used[1]} written"
    if cost <= (check.endpoint.expect.max_cost or 0):
        return seen, None
    return seen, Fault(
        Layer.PROVIDER,
        "the call costs more than the endpoint declares under `expect.max_cost`",
        f"ask for fewer `max_tokens`, choose another model, or raise it; prices: {SOURCE}",
    )


#: Skipped, not failed.
UNPRICED = Fault(
    Layer.SPEC,
    "the cost is not known: the answer counts no tokens, or the model has no list price",
    f"leave `expect.max_cost` out; prices: {SOURCE}",
)


def _route(check: Check, evidence: Evidence) -> Finding:
    found = ways_of(check.gateway, check.endpoint)
    by, at = evidence.model or "", evidence.step or "0"
    seen = f"`cf-aig-model: {by}`, `cf-aig-step: {at}`"
    if any(is_model(by, step.model, step.provider) for step in found.first):
        return seen, None
    if at != "0":
        return seen, Fault(
            Layer.PROVIDER,
            "the route's first model failed, and another one answered in its place",
            "look at the first model's provider in the gateway's logs",
        )
    return seen, Fault(
        Layer.GATEWAY,
        "the route led to another model than the declared one",
        f"compare the deployed version of the route with the spec: {SHOW_DRIFT}",
    )


def is_model(name: str, model: str, provider: str) -> bool:
    """Whether `cf-aig-model` names the step's model, with or without its provider."""
    return name in {model, f"{provider}/{model}"}


KINDS: Mapping[Kind, Callable[[Check, Evidence], Finding]] = {
    Kind.LOGGED: _logged,
    Kind.NOT_LOGGED: _not_logged,
    Kind.EXPECTED_JSON: _json,
    Kind.EXPECTED_COST: _cost,
    Kind.ROUTE: _route,
}
