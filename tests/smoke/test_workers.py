"""Checks of Workers, in the real workerd on the emulator, and what each sees when broken."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from emulator.peer import ACCOUNT, Peer, listening, on_port, read_token, start, stop
from emulator.uploads import AI, put
from support.workerd import workerd

import gatewright
from gatewright import smoke
from gatewright.errors import CouldNotRunError
from gatewright.model import (
    Deployment,
    Expect,
    Gateway,
    JsonExpectation,
    Script,
    Token,
    Worker,
    WorkerEndpoint,
    WorkerGateway,
)
from gatewright.smoke.call import worker_call
from gatewright.smoke.report.command import curl

SHIPPED = Path(gatewright.__file__).parent / "scripts" / "ask.mjs"
LLAMA = "@cf/meta/llama-3.1-8b-instruct"
ASK = Worker(
    "ask",
    WorkerGateway("edge", cache_ttl=3360),
    model=LLAMA,
    body={"prompt": "Why?"},
    endpoints=(WorkerEndpoint("ask"),),
)
RESPONSE = JsonExpectation(("response",), "response")
TOKEN = Token("smoke", ("AI Gateway Run", "Workers AI Read"))


def deployment(worker: Worker = ASK, **gateway: Any) -> Deployment:
    edge = Gateway("edge", authentication=True, **gateway)
    return Deployment(gateways=(edge,), tokens=(TOKEN,), workers=(worker,))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Peer, str]]:
    token_file = tmp_path_factory.mktemp("workers") / "token"
    process = start("--token-file", str(token_file), "--workerd", str(workerd()))
    try:
        port = listening(process)["port"]
        with httpx.Client(trust_env=False) as client:
            yield on_port(client, port, read_token(token_file)), f"http://127.0.0.1:{port}"
    finally:
        stop(process)


@pytest.fixture
def peer(served: tuple[Peer, str]) -> Peer:
    served[0].control("POST", "reset")
    return served[0]


def upload(peer: Peer, worker: Worker = ASK, code: str | None = None) -> None:
    bindings = [AI] + [
        {"name": name, "type": "plain_text", "text": json.dumps(value)}
        for name, value in worker.variables().items()
    ]
    answer = put(peer, worker.name, code or SHIPPED.read_text(), bindings=bindings)
    assert answer.status_code == 200, answer.text
    peer.result("POST", f"/workers/scripts/{worker.name}/subdomain", {"enabled": True})


def run(served: tuple[Peer, str], declared: Deployment) -> smoke.Result:
    peer, base = served
    outputs = {
        "gateways": {"edge": {"url": f"{base}/v1/{ACCOUNT}/edge"}},
        "worker": {
            each.name: {"url": f"{base}/workers.dev/{each.name}/"} for each in declared.workers
        },
    }
    account = smoke.AccountAccess.of(f"{base}/client/v4", ACCOUNT, peer.deploying_token)
    targets = smoke.Targets.from_outputs(outputs, declared, token=peer.caller(), account=account)
    checks = smoke.compile_checks(declared, smoke.Scope(is_local=True))
    now = [0.0]

    async def sleep(seconds: float) -> None:
        now[0] += seconds
        peer.advance(seconds)

    options = smoke.Options(deadline=0)
    return asyncio.run(smoke.run(checks, targets, options, clock=lambda: now[0], sleep=sleep))


def told(result: smoke.Result) -> dict[str, str]:
    """`status` or `status: layer` by the kind of check."""
    return {
        verdict.check.kind.value: verdict.status
        + (f": {verdict.fault.layer}" if verdict.fault else "")
        for verdict in result.verdicts
    }


def test_a_healthy_worker(served: tuple[Peer, str], peer: Peer) -> None:
    peer.gateway("edge", authentication=True)
    upload(peer)
    result = run(served, deployment())
    assert told(result) == {
        "answer": "passed",
        "logged": "passed",
        "cache-hit": "passed",
        "log-found": "passed",
    }
    assert result.verdicts[0].check.id == "edge/workers/ask/ask/answer"


def test_no_token_reaches_a_worker(served: tuple[Peer, str], peer: Peer) -> None:
    peer.gateway("edge", authentication=True)
    script = replace(ASK, script=Script("a.js", "sha256:0"))
    told_of = "export default { fetch(r) { return r.headers.has('authorization') || "
    told_of += "r.headers.has('cf-aig-authorization') ? new Response('', {status: 500}) "
    upload(peer, script, told_of + ": Response.json({}) } }")
    assert told(run(served, deployment(script))) == {"answer": "passed"}


def test_calls_through_another_gateway_are_not_found_in_the_declared_one(
    served: tuple[Peer, str], peer: Peer
) -> None:
    peer.gateway("edge", authentication=True)
    peer.gateway("other")
    upload(peer, replace(ASK, gateway=WorkerGateway("other")))
    found = told(run(served, deployment()))
    assert found["answer"] == "passed"
    assert found["log-found"] == "failed: gateway"


def test_calls_past_every_gateway_have_no_log(served: tuple[Peer, str], peer: Peer) -> None:
    peer.gateway("edge", authentication=True)
    code = SHIPPED.read_text().replace("gateway: JSON.parse(env.GATEWAY),", "")
    upload(peer, code=code)
    found = told(run(served, deployment()))
    assert found["logged"] == "failed: gateway"
    assert found["log-found"].startswith("skipped")


def declaring(**options: Any) -> Worker:
    return replace(ASK, gateway=WorkerGateway("edge", **options))


@pytest.mark.parametrize(
    ("declared", "deployed", "found"),
    [
        ({"skip_cache": True}, {"skip_cache": True}, {"cache-off": "passed"}),
        ({"skip_cache": True}, {"cache_ttl": 60}, {"cache-off": "failed: gateway"}),
        ({"cache_ttl": 60}, {"skip_cache": True}, {"cache-hit": "failed: gateway"}),
        ({"cache_ttl": 60}, {"cache_ttl": 60, "cache_key": "k"}, {"cache-hit": "passed"}),
        ({"cache_ttl": 60, "cache_key": "k"}, {"cache_ttl": 60, "cache_key": "k"}, {}),
        ({}, {}, {}),
    ],
)
def test_the_cache_of_a_worker(
    served: tuple[Peer, str],
    peer: Peer,
    declared: dict[str, Any],
    deployed: dict[str, Any],
    found: dict[str, str],
) -> None:
    peer.gateway("edge", authentication=True)
    upload(peer, declaring(**deployed))
    seen = told(run(served, deployment(declaring(**declared))))
    assert {kind: said for kind, said in seen.items() if kind.startswith("cache")} == found
    assert seen["log-found"] == "passed"


def test_a_body_without_a_prompt_proves_no_hit(served: tuple[Peer, str], peer: Peer) -> None:
    peer.gateway("edge", authentication=True)
    worker = replace(ASK, body={"messages": [{"role": "user", "content": "Why?"}]})
    upload(peer, worker)
    assert told(run(served, deployment(worker)))["cache-hit"] == "skipped: spec"


def expecting(wanted: Expect, worker: Worker = ASK) -> Worker:
    return replace(worker, endpoints=(WorkerEndpoint("ask", tags=("t",), expect=wanted),))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Expect(json=(RESPONSE,)), {"expected-json": "passed"}),
        (Expect(json=(replace(RESPONSE, equals="no"),)), {"expected-json": "failed: provider"}),
        (Expect(max_cost=1), {"expected-cost": "passed"}),
        (Expect(max_cost=0), {"expected-cost": "failed: provider"}),
        (Expect(latency=60_000), {"expected-latency": "passed"}),
    ],
)
def test_what_an_endpoint_of_a_worker_expects(
    served: tuple[Peer, str], peer: Peer, wanted: Expect, found: dict[str, str]
) -> None:
    peer.gateway("edge", authentication=True)
    upload(peer)
    seen = told(run(served, deployment(expecting(wanted))))
    assert {kind: said for kind, said in seen.items() if kind.startswith("expected")} == found


def test_a_declared_status_is_looked_for(served: tuple[Peer, str], peer: Peer) -> None:
    peer.gateway("edge", authentication=True)
    script = replace(ASK, script=Script("a.js", "sha256:0"))
    upload(peer, script, "export default { fetch() { return new Response('', {status: 404}) } }")
    wanted = expecting(Expect(status=404), script)
    assert told(run(served, deployment(wanted))) == {"answer": "passed"}
    assert told(run(served, deployment(script))) == {"answer": "failed: worker"}


def test_tags_choose_endpoints_of_workers_too() -> None:
    checks = smoke.compile_checks(deployment(expecting(Expect())))
    assert smoke.select(checks, tags=("t",)) == checks


@pytest.mark.parametrize(
    ("broken", "layer"),
    [
        ("no gateway", "gateway"),
        ("no model", "spec"),
        ("throws", "worker"),
        ("no JSON", "worker"),
        ("not deployed", "worker"),
    ],
)
def test_a_broken_worker_names_the_layer(
    served: tuple[Peer, str], peer: Peer, broken: str, layer: str
) -> None:
    worker = ASK
    code = None
    if broken != "no gateway":
        peer.gateway("edge", authentication=True)
    if broken == "no model":
        worker = replace(ASK, model="@cf/meta/nope")
    if broken == "throws":
        code = "export default { fetch() { throw new Error('always') } }"
    if broken == "no JSON":
        code = "export default { fetch() { return new Response('hello') } }"
    if broken != "not deployed":
        upload(peer, worker, code)
    assert told(run(served, deployment(worker)))["answer"] == f"failed: {layer}"


def test_a_call_of_a_worker_is_reproduced_without_a_token() -> None:
    script = replace(ASK, script=Script("a.js", "sha256:0"))
    call = worker_call(script, WorkerEndpoint("ask", "/a"), "https://a.example.com/a", "n")
    assert curl(call) == ("curl --include --request GET https://a.example.com/a",)


def test_outputs_without_a_called_workers_address() -> None:
    outputs = {"gateways": {"edge": {"url": "https://example.com"}}}
    with pytest.raises(CouldNotRunError, match="no address of the declared worker `ask`"):
        smoke.Targets.from_outputs(outputs, deployment(), token="t")
    alone = smoke.Targets.from_outputs(
        outputs | {"worker": {"ask": {"url": "https://a.example.com"}}}, deployment(), token=None
    )
    assert alone.token.reveal() == ""  # Workers get none
    uncalled = deployment(replace(ASK, endpoints=()))
    assert smoke.Targets.from_outputs(outputs, uncalled, token="t").workers == {}
