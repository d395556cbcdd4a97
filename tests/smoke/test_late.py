"""Checks that use the local Cloudflare's controls, where those or the way to it fail."""

import asyncio

import httpx
from smoke.scene import Scene, failed, gateway, statuses

from gatewright import smoke
from gatewright.model import Retries

API = "https://api.example.com/client/v4"


def local_run(controls: httpx.Response, script: object = None) -> smoke.Result:
    """The local checks of a gateway with retries; ``controls`` is what each control answers."""
    scene = Scene(gateway(retries=Retries(3, delay=500)))
    account = smoke.AccountAccess.of(API, "account", "a-token")

    def either(request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/_emulator/"):
            return controls
        if callable(script) and "skip-cache" in str(request.headers):
            script()
        return scene.host(request)

    return asyncio.run(
        smoke.run(
            smoke.compile_checks(scene.declared, smoke.Scope(is_local=True)),
            scene.targets()._replace(account=account),
            transport=httpx.MockTransport(either),
            clock=scene.clock,
            sleep=scene.clock.sleep,
        )
    )


def test_controls_that_fail_leave_the_rest_its_verdicts() -> None:
    result = local_run(httpx.Response(500))
    assert failed(result) == {"cache-expires": "network", "retries": "network"}
    assert statuses(result)["answer"] == "passed"
    assert result.exit_code == 8


def test_a_lost_connection_is_not_a_gateway_that_does_not_retry() -> None:
    def lost() -> None:
        raise httpx.ReadError("gone")

    result = local_run(httpx.Response(200, json={"result": {}}), lost)
    assert failed(result)["retries"] == "network"
