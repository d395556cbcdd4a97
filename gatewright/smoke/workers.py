"""Calls of Workers, as checks of the gateway that they declare.

A Worker gets no token of ours: its script would see it. What the shipped one answers has
the id of the call's log, so that the gateway's own logs prove which way it went; of a
script of the project only its answer is known.
"""

from collections.abc import Iterator

from gatewright.model import Deployment, Endpoint, Gateway, Worker, WorkerEndpoint, WorkerGateway
from gatewright.smoke.kind import Kind
from gatewright.smoke.scope import Scope

#: Stands for the provider: nothing is known of the answer but that it is JSON.
_PROVIDER = "worker"
_OK = 200


def endpoints(
    deployment: Deployment, scope: Scope
) -> Iterator[tuple[Gateway, Endpoint, tuple[Worker, WorkerEndpoint], tuple[Kind, ...]]]:
    """The gateway, the call in both forms, and the kinds of its checks."""
    gateways = {gateway.id: gateway for gateway in deployment.gateways}
    for worker in deployment.workers:
        gateway = gateways[worker.gateway.id]
        for each in worker.endpoints:
            called = worker, each
            yield gateway, _endpoint(*called), called, tuple(_kinds(gateway, worker, each, scope))


def _endpoint(worker: Worker, call: WorkerEndpoint) -> Endpoint:
    return Endpoint(
        name=f"workers/{worker.name}/{call.name}",
        provider=_PROVIDER,
        given_path=call.path.removeprefix("/"),
        model=worker.model or "",
        body=call.body if isinstance(call.body, dict) else {},
        tags=call.tags,
        expect=call.expect,
        source=call.source,
    )


def _kinds(gateway: Gateway, worker: Worker, call: WorkerEndpoint, scope: Scope) -> Iterator[Kind]:
    yield Kind.ANSWER
    is_shipped = worker.script is None and call.expect.status == _OK
    asked = worker.gateway.collect_log
    is_logged = gateway.logs.collect if asked is None else asked
    if is_shipped:
        yield Kind.LOGGED if is_logged else Kind.NOT_LOGGED
    if call.expect.json:
        yield Kind.EXPECTED_JSON
    if call.expect.max_cost is not None:
        yield Kind.EXPECTED_COST
    if call.expect.latency is not None:
        yield Kind.EXPECTED_LATENCY
    if is_shipped and is_logged and (scope.deep or scope.is_local):
        yield from _cache_kinds(worker.gateway)
        yield Kind.LOG_FOUND


def _cache_kinds(declared: WorkerGateway) -> Iterator[Kind]:
    """What the options make certain; an entry under a key may be of an earlier run."""
    if declared.skip_cache:
        yield Kind.CACHE_OFF
    elif declared.cache_ttl and declared.cache_key is None:
        yield Kind.CACHE_HIT
