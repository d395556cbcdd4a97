"""Calls of Workers, as checks of the gateway that they declare.

A Worker gets no token of ours: its script would see it. What the shipped one answers has
the id of the call's log, so that the gateway's own logs prove which way it went; of a
script of the project only its answer is known.
"""

from collections.abc import Iterator

from gatewright.model import Deployment, Endpoint, Gateway, Worker, WorkerEndpoint
from gatewright.smoke.kind import Kind
from gatewright.smoke.scope import Scope

#: Stands for the provider: nothing is known of the answer but that it is JSON.
_PROVIDER = "worker"


def endpoints(
    deployment: Deployment, scope: Scope
) -> Iterator[tuple[Gateway, Endpoint, tuple[Worker, WorkerEndpoint], tuple[Kind, ...]]]:
    """The gateway, the call in both forms, and the kinds of its checks."""
    gateways = {gateway.id: gateway for gateway in deployment.gateways}
    for worker in deployment.workers:
        gateway = gateways[worker.gateway.id]
        for each in worker.endpoints:
            called = worker, each
            yield gateway, _endpoint(*called), called, tuple(_kinds(gateway, worker, scope))


def _endpoint(worker: Worker, call: WorkerEndpoint) -> Endpoint:
    return Endpoint(
        name=f"workers/{worker.name}/{call.name}",
        provider=_PROVIDER,
        given_path=call.path.removeprefix("/"),
        model=worker.model or "",
        body=call.body if isinstance(call.body, dict) else {},
        source=call.source,
    )


def _kinds(gateway: Gateway, worker: Worker, scope: Scope) -> Iterator[Kind]:
    yield Kind.ANSWER
    if worker.script is not None:
        return
    asked = worker.gateway.collect_log
    if not (gateway.logs.collect if asked is None else asked):
        yield Kind.NOT_LOGGED
        return
    yield Kind.LOGGED
    if scope.deep or scope.is_local:
        yield Kind.LOG_FOUND
