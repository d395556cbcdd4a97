"""`--deep` where the logs API is not what it should be: a reason, and never the gateway's fault."""

import asyncio

import httpx
import pytest
from smoke.scene import Scene, gateway, statuses

from gatewright import smoke

API = "https://api.example.com/client/v4"


def looked_up(answer: httpx.Response) -> smoke.Result:
    """A run whose call is logged, and whose logs API gives ``answer`` to everything."""
    scene = Scene(gateway())
    account = smoke.AccountAccess.of(API, "account", "a-token")
    deep = smoke.compile_checks(scene.declared, smoke.Scope(deep=True))

    def either(request: httpx.Request) -> httpx.Response:
        return answer if request.url.host == "api.example.com" else scene.host(request)

    return asyncio.run(
        smoke.run(
            [check for check in deep if check.kind in {"answer", "log-found"}],
            scene.targets()._replace(account=account),
            transport=httpx.MockTransport(either),
            clock=scene.clock,
            sleep=scene.clock.sleep,
        )
    )


@pytest.mark.parametrize(
    ("answer", "layer"),
    [
        (httpx.Response(200, html="<h1>Please log in</h1>"), "network"),
        (httpx.Response(200, json=[]), "network"),
        (httpx.Response(200, content=b"[" * 200_000), "network"),
        (httpx.Response(302, headers={"location": "https://login.example.com"}), "network"),
        (httpx.Response(403, html="blocked"), "network"),
        (httpx.Response(403, json={"success": False}), "token"),
        (httpx.Response(404, json={"success": False}), "gateway"),
        (httpx.Response(503, json={"success": False}), "gateway"),
    ],
)
def test_logs_that_cannot_be_read_are_a_reason(answer: httpx.Response, layer: str) -> None:
    result = looked_up(answer)
    assert statuses(result) == {"answer": "passed", "log-found": "skipped"}
    fault = result.verdicts[1].fault
    assert fault is not None
    assert fault.layer == layer


def test_logs_without_the_call_are_a_failure() -> None:
    result = looked_up(httpx.Response(200, json={"success": True, "result": []}))
    assert statuses(result) == {"answer": "passed", "log-found": "failed"}
