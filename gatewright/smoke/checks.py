"""The checks that a deployment's declarations amount to."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from gatewright.model import Deployment, Endpoint, Gateway

#: A cache may miss once more than it must (a custom key was seen to MISS twice).
CACHED_TRIES = 3
#: A cache that is on shows itself in the second identical call.
UNCACHED_TRIES = 2


class Kind(StrEnum):
    """What is checked; the last part of a check's id."""

    ANSWER = "answer"
    AUTHENTICATION_OFF = "authentication-off"
    AUTHENTICATION_REQUIRED = "authentication-required"
    WRONG_TOKEN_REFUSED = "wrong-token-refused"  # noqa: S105  # a kind's name
    CACHE_HIT = "cache-hit"
    CACHE_OFF = "cache-off"

    @property
    def expected(self) -> str:
        """What a healthy gateway does, for people."""
        return _EXPECTED[self]


_EXPECTED = {
    Kind.ANSWER: "status 200 and an answer of the declared API's and model's shape",
    Kind.AUTHENTICATION_OFF: "accepted with nothing but the provider's `Authorization`",
    Kind.AUTHENTICATION_REQUIRED: "without a token, 401 and the gateway's own code 2009",
    Kind.WRONG_TOKEN_REFUSED: "with a wrong token, 401 and the gateway's own code 2009",
    Kind.CACHE_HIT: f"the first call not from the cache, then a HIT by try {CACHED_TRIES}",
    Kind.CACHE_OFF: "no HIT for the same call again",
}

#: The kinds that are judged, at least in part, by the call with the token.
ACCEPTED_KINDS = frozenset({Kind.ANSWER, Kind.AUTHENTICATION_OFF, Kind.CACHE_HIT, Kind.CACHE_OFF})
REFUSED_KINDS = frozenset({Kind.AUTHENTICATION_REQUIRED, Kind.WRONG_TOKEN_REFUSED})


@dataclass(frozen=True, slots=True)
class Check:
    """One declared behaviour of one endpoint."""

    kind: Kind
    gateway: Gateway
    endpoint: Endpoint

    @property
    def id(self) -> str:
        """Stable, unique in a deployment: `support/chat/cache-hit`."""
        return f"{self.gateway.id}/{self.endpoint.name}/{self.kind}"


def compile_checks(deployment: Deployment) -> tuple[Check, ...]:
    """All checks of all endpoints, in the order of the deployment."""
    return tuple(
        Check(kind, gateway, endpoint)
        for gateway in deployment.gateways
        for endpoint in gateway.endpoints
        for kind in _kinds(gateway, endpoint)
    )


def by_endpoint(checks: Iterable[Check]) -> list[tuple[Check, ...]]:
    """The checks of each endpoint together, in their order: they share requests."""
    groups: dict[tuple[str, str], list[Check]] = defaultdict(list)
    for check in checks:
        groups[check.gateway.id, check.endpoint.name].append(check)
    return [tuple(group) for group in groups.values()]


def is_streamed(endpoint: Endpoint) -> bool:
    """Whether the declared body asks for server-sent events."""
    return endpoint.body.get("stream") is True


def is_cached(gateway: Gateway, endpoint: Endpoint) -> bool:
    """Whether the same call again is answered from the cache.

    The request's options come before the gateway's; a key opts in by itself. Source:
    Cloudflare's documentation of caching.
    """
    options = endpoint.cache
    if options.skip:
        return False
    if options.ttl is not None:
        return options.ttl > 0
    return options.key is not None or (gateway.cache is not None and gateway.cache.ttl > 0)


def _kinds(gateway: Gateway, endpoint: Endpoint) -> list[Kind]:
    kinds = [Kind.ANSWER]
    if not gateway.authentication:
        kinds.append(Kind.AUTHENTICATION_OFF)
    if not is_cached(gateway, endpoint):
        kinds.append(Kind.CACHE_OFF)
    elif not is_streamed(endpoint):  # streams are not cached by default: nothing is declared
        kinds.append(Kind.CACHE_HIT)
    if gateway.authentication:
        kinds += [Kind.AUTHENTICATION_REQUIRED, Kind.WRONG_TOKEN_REFUSED]
    return kinds
