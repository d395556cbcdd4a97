"""The checks that a deployment's declarations amount to."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gatewright.model import Deployment, Endpoint, Gateway, Worker, WorkerEndpoint
from gatewright.smoke import workers
from gatewright.smoke.kind import Kind
from gatewright.smoke.marks import marks
from gatewright.smoke.routes import ways_of
from gatewright.smoke.scope import Scope

#: What a rate limit may take to be used up.
MOST_LIMITED = 20
#: Seconds that a run waits for cached answers to expire where time cannot be moved.
LONGEST_TTL = 300
#: Where a custom key is given and no time. Source: Cloudflare's documentation of caching.
_KEY_TTL = 300
#: Milliseconds that a run waits between two of a gateway's own attempts.
_LONGEST_DELAY = 5_000


class Check(NamedTuple):
    """One declared behaviour of one endpoint, which may be a ``worker``'s."""

    kind: Kind
    gateway: Gateway
    endpoint: Endpoint
    is_local: bool = False
    worker: tuple[Worker, WorkerEndpoint] | None = None

    @property
    def id(self) -> str:
        """Stable, unique in a deployment: `support/chat/cache-hit`."""
        return f"{self.gateway.id}/{self.endpoint.name}/{self.kind}"


def compile_checks(deployment: Deployment, scope: Scope | None = None) -> tuple[Check, ...]:
    """All checks of all endpoints that are in ``scope``, in the order of the deployment."""
    scope = scope or Scope()
    of_gateways = (
        Check(kind, gateway, endpoint, scope.is_local)
        for gateway in deployment.gateways
        for endpoint, kinds in _by_endpoint(gateway, scope)
        for kind in sorted(kinds, key=_ORDER.__getitem__)
    )
    of_workers = (
        Check(kind, gateway, endpoint, scope.is_local, worker)
        for gateway, endpoint, worker, kinds in workers.endpoints(deployment, scope)
        for kind in kinds
    )
    return (*of_gateways, *of_workers)


_ORDER = {kind: place for place, kind in enumerate(Kind)}


def by_endpoint(checks: Iterable[Check]) -> list[tuple[Check, ...]]:
    """The checks of each endpoint together, in their order: they share requests."""
    groups: dict[tuple[str, str], list[Check]] = defaultdict(list)
    for check in checks:
        groups[check.gateway.id, check.endpoint.name].append(check)
    return [tuple(group) for group in groups.values()]


def cache_ttl(gateway: Gateway, endpoint: Endpoint) -> int:
    """Seconds for which the same call again is answered from the cache; 0 is never.

    The request's options come before the gateway's; a key opts in by itself. Source:
    Cloudflare's documentation of caching.
    """
    options = endpoint.cache
    if options.skip:
        return 0
    if options.ttl is not None:
        return options.ttl
    configured = gateway.cache.ttl if gateway.cache else 0
    return configured or (_KEY_TTL if options.key is not None else 0)


def is_logged(gateway: Gateway, endpoint: Endpoint) -> bool:
    """Whether a call is logged: the request's option comes before the gateway's."""
    asked = endpoint.request.collect_log
    return gateway.logs.collect if asked is None else asked


def own_attempts(gateway: Gateway, endpoint: Endpoint) -> tuple[int, int]:
    """How often the gateway asks a provider, and the first wait in between in milliseconds."""
    retries, asked = gateway.retries, endpoint.request
    attempts = (
        (retries.max_attempts if retries else 1)
        if asked.max_attempts is None
        else (asked.max_attempts)
    )
    delay = (retries.delay if retries else 0) if asked.retry_delay is None else asked.retry_delay
    return attempts, delay or 0


def _by_endpoint(gateway: Gateway, scope: Scope) -> Iterator[tuple[Endpoint, set[Kind]]]:
    """The kinds of each endpoint; what is the gateway's alone is checked with one of them."""
    own = [endpoint for endpoint in gateway.endpoints if endpoint.expect.status == _OK]
    first = min(own, key=_cost, default=None)
    for endpoint in gateway.endpoints:
        kinds = {*_answer_kinds(gateway, endpoint), *_cache_kinds(gateway, endpoint, scope)}
        kinds |= set(_route_kinds(gateway, endpoint, scope))
        if scope.deep and Kind.LOGGED in kinds:
            kinds.add(Kind.LOG_FOUND)
        if endpoint is first:
            kinds |= set(_gateway_kinds(gateway, endpoint, scope))
        yield endpoint, kinds


_OK = 200


def _cost(endpoint: Endpoint) -> tuple[bool, bool]:
    """What the checks of a gateway are done with: plain calls rather than others."""
    return endpoint.route is not None, endpoint.is_streamed


def _answer_kinds(gateway: Gateway, endpoint: Endpoint) -> Iterator[Kind]:
    is_streamed = endpoint.is_streamed and endpoint.expect.status == _OK
    yield Kind.STREAM if is_streamed else Kind.ANSWER
    if gateway.authentication:
        yield from (Kind.AUTHENTICATION_REQUIRED, Kind.WRONG_TOKEN_REFUSED)
    else:
        yield Kind.AUTHENTICATION_OFF
    yield Kind.LOGGED if is_logged(gateway, endpoint) else Kind.NOT_LOGGED
    if endpoint.expect.json:
        yield Kind.EXPECTED_JSON
    if endpoint.expect.max_cost is not None:
        yield Kind.EXPECTED_COST
    if endpoint.expect.latency is not None:
        yield Kind.EXPECTED_LATENCY


def _cache_kinds(gateway: Gateway, endpoint: Endpoint, scope: Scope) -> Iterator[Kind]:
    ttl = cache_ttl(gateway, endpoint)
    if endpoint.expect.status != _OK:  # errors are not cached, and the header is absent
        return
    if not ttl:
        yield Kind.CACHE_OFF
    elif not endpoint.is_streamed:  # streams are not cached by default: nothing is declared
        yield Kind.CACHE_HIT
        if endpoint.cache.key is not None:
            yield Kind.CACHE_KEY
        if scope.is_local or (scope.slow and ttl <= LONGEST_TTL):
            yield Kind.CACHE_EXPIRES


def _route_kinds(gateway: Gateway, endpoint: Endpoint, scope: Scope) -> Iterator[Kind]:
    if endpoint.expect.status != _OK:
        return
    found = ways_of(gateway, endpoint)
    if found.first:
        yield Kind.ROUTE
    if found.fallback and scope.is_local:
        yield Kind.FALLBACK


def _gateway_kinds(gateway: Gateway, endpoint: Endpoint, scope: Scope) -> Iterator[Kind]:
    yield from marks(gateway, endpoint, is_local=scope.is_local)
    attempts, delay = own_attempts(gateway, endpoint)
    if scope.is_local and attempts > 1 and delay <= _LONGEST_DELAY:
        yield Kind.RETRIES
    rate = gateway.rate_limiting
    if scope.rate_limits and rate and rate.limit <= MOST_LIMITED:
        yield Kind.RATE_LIMIT
