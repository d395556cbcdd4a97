"""Validated values → the model, for the endpoints of a gateway."""

from gatewright.model import (
    Api,
    CustomCost,
    Endpoint,
    EndpointCache,
    Expect,
    JsonExpectation,
    RequestOptions,
    Source,
)
from gatewright.spec import json_path
from gatewright.spec.positions import Positions
from gatewright.spec.sections import Values, given, milliseconds, seconds

_COSTS = {"total_cost": "total", "per_token_in": "per_token_in", "per_token_out": "per_token_out"}
#: Options that the model has as they are written.
_PLAIN = (
    "max_attempts",
    "backoff",
    "collect_log",
    "collect_log_payload",
    "event_id",
    "byok_alias",
    "zdr",
    "no_wholesale",
)


def endpoints(values: Values, positions: Positions) -> tuple[Endpoint, ...]:
    """The section ``endpoints``, in the order of the file."""
    return tuple(_endpoint(name, each, positions) for name, each in values.items())


def _endpoint(name: str, values: Values, positions: Positions) -> Endpoint:
    cache = values.get("cache", {})
    # A route is called in the one form that names models in the body.
    api = Api.COMPAT_CHAT_COMPLETIONS if "route" in values else Api(values.get("api", Api.RUN))
    return Endpoint(
        name=name,
        **given(values, "provider", "model", "route", "body", "metadata", "stream"),
        api=api,
        given_path=values.get("path"),
        cache=EndpointCache(**given(cache, "skip", "key"), **seconds(cache, "ttl")),
        request=_request(values.get("request", {})),
        tags=tuple(values.get("tags", ())),
        expect=expect(values.get("expect", {})),
        source=Source(positions.key, ("endpoints", name)),
    )


def _request(values: Values) -> RequestOptions:
    cost = values.get("custom_cost")
    return RequestOptions(
        **given(values, *_PLAIN),
        **milliseconds(values, "timeout", "retry_delay"),
        custom_cost=CustomCost(**{_COSTS[name]: value for name, value in cost.items()})
        if cost
        else None,
    )


def expect(values: Values) -> Expect:
    """The section ``expect`` of an endpoint, a Worker's too."""
    return Expect(
        **given(values, "status", "max_cost"),
        json=tuple(_json_expectation(each) for each in values.get("json", ())),
        **milliseconds(values, "latency"),
    )


def _json_expectation(values: Values) -> JsonExpectation:
    path = json_path.parse(values["path"])
    if path is None:
        raise ValueError(values["path"])
    return JsonExpectation(path, values["path"], **given(values, "equals", "matches"))
