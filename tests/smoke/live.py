"""A deployment on the emulator, in this process and in virtual time, and a run against it."""

import asyncio
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from smoke import virtual
from smoke.scene import NOW

from gatewright import smoke, spec
from gatewright.emulator import Settings, create_app
from gatewright.emulator.clock import Clock
from gatewright.emulator.identity import new_value
from gatewright.model import Deployment
from gatewright.model.wire import gateway_object
from gatewright.model.wire_route import route_object

ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"
ORIGIN = "http://127.0.0.1:1"
_EPOCH = 1_772_600_767.0
RUN, READ = "644535f4ed854494a59cb289d634b257", "a92d2450e05d4e7bb7d0a64968f83d11"
EVERYTHING = smoke.Scope(is_local=True, rate_limits=True, deep=True)

#: What may happen to an answer on its way; it may raise what httpx raises.
Weather = Callable[[httpx.Request, httpx.Response], httpx.Response]


@dataclass(frozen=True)
class Broken:
    """What is wrong with the emulator: its switches, and its rules for faults.

    And with what was deployed: fields of the gateways that somebody has ``changed`` by hand,
    and ids of permission groups that the token has been made ``without``.
    """

    switches: Sequence[str] = ()
    faults: Sequence[dict[str, Any]] = ()
    changed: Mapping[str, Any] = field(default_factory=dict)
    without: Sequence[str] = ()


class _Sky(httpx.AsyncBaseTransport):
    """Traffic meets the weather, control does not."""

    def __init__(self, inner: httpx.AsyncBaseTransport, weather: Weather) -> None:
        self._inner = inner
        self._weather = weather

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        return self._weather(request, answer) if request.url.path.startswith("/v1/") else answer


def declared(folder: Path, *gateways: str) -> Deployment:
    """What the project in ``folder`` declares, of these gateways alone if any are named."""
    loaded = spec.load(folder)
    assert loaded.deployment is not None, loaded.findings
    found = loaded.deployment
    return Deployment(
        gateways=tuple(one for one in found.gateways if not gateways or one.id in gateways),
        tokens=found.tokens,
    )


def run(
    deployment: Deployment,
    broken: Broken | None = None,
    *,
    scope: smoke.Scope = EVERYTHING,
    options: smoke.Options | None = None,
    weather: Weather = lambda _, answer: answer,
    seed: int = 0,
) -> smoke.Result:
    """Deploy to an empty account, break it, and smoke it."""
    checks = smoke.compile_checks(deployment, scope)
    work = _run(deployment, broken or Broken(), checks, options=options, weather=weather, seed=seed)
    return virtual.run(work)


async def _run(
    deployment: Deployment,
    broken: Broken,
    checks: Sequence[smoke.Check],
    *,
    options: smoke.Options | None,
    weather: Weather,
    seed: int,
) -> smoke.Result:
    value = new_value()
    clock = Clock(source=lambda: _EPOCH + virtual.now(), sleep=asyncio.sleep)
    app = create_app(Settings(quota=None, api_limit=None), deploying_token=value, clock=clock)
    transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 50_000))
    try:
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            token = await _deploy(client, deployment, broken, value)
            await _post(client, "/_emulator/switches", {"on": list(broken.switches)})
            if broken.faults:
                await _post(client, "/_emulator/faults", list(broken.faults))
        return await smoke.run(
            checks,
            _targets(deployment, token, value),
            options,
            transport=_Sky(transport, weather),
            clock=virtual.now,
            sleep=asyncio.sleep,
            random=random.Random(seed).random,  # noqa: S311  # jitter that can be had again
            now=lambda: NOW,
        )
    finally:
        app.close()


def _targets(deployment: Deployment, token: str, account_token: str) -> smoke.Targets:
    urls = {one.id: {"url": f"{ORIGIN}/v1/{ACCOUNT}/{one.id}"} for one in deployment.gateways}
    return smoke.Targets.from_outputs(
        {"gateways": urls, "gatewright": {"revision": "abc123"}},
        deployment,
        token=token,
        stack="prod",
        account=smoke.AccountAccess.of(f"{ORIGIN}/client/v4", ACCOUNT, account_token),
    )


async def _deploy(
    client: httpx.AsyncClient, deployment: Deployment, broken: Broken, value: str
) -> str:
    headers = {"Authorization": f"Bearer {value}"}
    base = f"/client/v4/accounts/{ACCOUNT}"
    for one in deployment.gateways:
        body = {**gateway_object(one), **broken.changed}
        await _post(client, f"{base}/ai-gateway/gateways", body, headers)
        for route in one.routes:
            place = f"{base}/ai-gateway/gateways/{one.id}/routes"
            await _post(client, place, route_object(route), headers)
    answer = await _post(client, f"{base}/tokens", _token(broken.without), headers)
    token: str = answer.json()["result"]["value"]
    return token


def _token(without: Sequence[str]) -> dict[str, Any]:
    groups = [{"id": group} for group in (RUN, READ) if group not in without]
    resources = {f"com.cloudflare.api.account.{ACCOUNT}": "*"}
    policy = {"effect": "allow", "permission_groups": groups, "resources": resources}
    return {"name": "smoke", "policies": [policy]}


async def _post(
    client: httpx.AsyncClient, path: str, body: Any, headers: dict[str, str] | None = None
) -> httpx.Response:
    answer = await client.post(path, json=body, headers=headers)
    assert answer.is_success, (path, answer.text)
    return answer


def failures(result: smoke.Result) -> dict[str, str]:
    """`gateway/endpoint/kind: layer` of what failed or could not run."""
    found = result.of(smoke.Status.FAILED, smoke.Status.ERROR)
    return {one.check.id: str(one.fault.layer) for one in found if one.fault}


def ids(verdicts: Iterable[smoke.Verdict]) -> list[str]:
    return [verdict.check.id for verdict in verdicts]
