"""What comes at once: no write undoes another, what is gone stays gone, and all have a turn."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from emulator.peer import ACCOUNT, LLAMA, PROMPT, gateway, in_process
from emulator.uploads import put

from gatewright.emulator import Emulator, create_app
from gatewright.emulator.clock import Clock
from gatewright.emulator.identity import new_value

Client = httpx.AsyncClient
GATEWAYS = "/ai-gateway/gateways"
ASK = "/workers/scripts/ask"


def run(app: Emulator, value: str, scene: Callable[[Client], Awaitable[None]]) -> None:
    async def client() -> None:
        base = f"http://127.0.0.1/client/v4/accounts/{ACCOUNT}"
        headers = {"Authorization": f"Bearer {value}"}
        transport = httpx.ASGITransport(app=app)
        async with Client(transport=transport, base_url=base, headers=headers) as opened:
            await scene(opened)

    asyncio.run(client())
    app.close()


def test_a_slow_replacement_does_not_bring_back_what_was_deleted():
    value = new_value()
    app = create_app(deploying_token=value)

    async def scene(client: Client) -> None:
        begun, goes_on = asyncio.Event(), asyncio.Event()

        async def body() -> AsyncIterator[bytes]:
            begun.set()
            await goes_on.wait()
            yield json.dumps(gateway(None)).encode()

        await client.post(GATEWAYS, json=gateway("edge"))
        slow = asyncio.create_task(client.put(f"{GATEWAYS}/edge", content=body()))
        await begun.wait()
        assert (await client.delete(f"{GATEWAYS}/edge")).status_code == 200
        goes_on.set()
        assert (await slow).status_code == 404
        assert (await client.get(f"{GATEWAYS}/edge")).status_code == 404

    run(app, value, scene)


@pytest.mark.parametrize("made_again", [False, True])
def test_a_call_that_outlives_its_gateway_leaves_nothing(*, made_again: bool):
    value = new_value()
    app = create_app(deploying_token=value)
    caller = in_process(app, value).caller()
    call = {
        "url": f"http://127.0.0.1/v1/{ACCOUNT}/edge/workers-ai/{LLAMA}",
        "headers": {"Authorization": f"Bearer {caller}"},
    }
    rule = {"limit": 1, "limitType": "cost", "window": 60}
    fields = gateway("edge", cache_ttl=60, spend_limits={"enabled": True, "rules": [rule]})

    async def scene(client: Client) -> None:
        begun, goes_on = asyncio.Event(), asyncio.Event()

        async def body() -> AsyncIterator[bytes]:
            begun.set()
            await goes_on.wait()
            yield json.dumps(PROMPT).encode()

        await client.post(GATEWAYS, json=fields)
        slow = asyncio.create_task(client.post(**call, content=body()))
        await begun.wait()
        await client.delete(f"{GATEWAYS}/edge")
        if made_again:
            await client.post(GATEWAYS, json=fields)
        goes_on.set()
        outlived = await slow
        assert outlived.status_code == 200
        assert "cf-aig-log-id" not in outlived.headers
        page = await client.get("http://127.0.0.1/")
        assert re.findall("<dt>Requests</dt><dd>(.*?)</dd>", page.text) == ["0"]
        if made_again:
            assert (await client.get(f"{GATEWAYS}/edge/logs")).json()["result"] == []
            own = await client.post(**call, json=PROMPT)
            assert own.headers["cf-aig-cache-status"] == "MISS"

    run(app, value, scene)


def test_an_id_is_taken_once_by_many_at_once():
    value = new_value()
    app = create_app(deploying_token=value)

    async def scene(client: Client) -> None:
        async def body() -> AsyncIterator[bytes]:
            await asyncio.sleep(0)
            yield json.dumps(gateway("edge")).encode()

        answers = await asyncio.gather(*(client.post(GATEWAYS, content=body()) for _ in range(10)))
        assert sorted(answer.status_code for answer in answers) == [200, *[400] * 9]

    run(app, value, scene)


def test_secrets_that_come_at_once_are_all_kept_while_a_worker_starts():
    value = new_value()
    app = create_app(deploying_token=value)
    put(in_process(app, value))

    async def slowly(name: str, version: dict[str, Any]) -> int:
        del name, version
        await asyncio.sleep(0)
        return 0

    app.runtime.start = slowly

    async def scene(client: Client) -> None:
        secrets = [{"name": f"S{n}", "type": "secret_text", "text": "x"} for n in range(5)]
        await asyncio.gather(*(client.put(f"{ASK}/secrets", json=one) for one in secrets))
        kept = (await client.get(f"{ASK}/secrets")).json()["result"]
        assert sorted(one["name"] for one in kept) == [f"S{n}" for n in range(5)]

    run(app, value, scene)


def test_a_worker_deleted_while_it_starts_is_gone():
    value = new_value()
    app = create_app(deploying_token=value)
    put(in_process(app, value))

    async def slowly(name: str, version: dict[str, Any]) -> int:
        del name, version
        for _ in range(10):
            await asyncio.sleep(0)
        return 0

    app.runtime.start = slowly

    async def scene(client: Client) -> None:
        secret = {"name": "S", "type": "secret_text", "text": "x"}
        changed, deleted = await asyncio.gather(
            client.put(f"{ASK}/secrets", json=secret), client.delete(ASK)
        )
        assert (changed.status_code, deleted.status_code) == (200, 200)
        assert (await client.get(ASK)).status_code == 404

    run(app, value, scene)


def test_an_answer_asked_for_before_the_cache_was_emptied_is_not_kept():
    value = new_value()
    asked, goes_on = asyncio.Event(), asyncio.Event()

    async def waits(seconds: float) -> None:
        del seconds
        asked.set()
        await goes_on.wait()

    app = create_app(deploying_token=value, clock=Clock(sleep=waits))
    peer = in_process(app, value)
    edge = peer.gateway("edge", cache_ttl=300, cache_invalidate_on_update=True)
    bearer = {"Authorization": f"Bearer {peer.caller()}"}
    peer.control("POST", "faults", [{"at": "provider", "delay": 1}])

    async def scene(client: Client) -> None:
        async def ask() -> httpx.Response:
            url = f"http://127.0.0.1/v1/{ACCOUNT}/edge/workers-ai/{LLAMA}"
            return await client.post(url, json=PROMPT, headers=bearer)

        slow = asyncio.create_task(ask())
        await asked.wait()
        assert (await client.put(f"{GATEWAYS}/edge", json=edge)).status_code == 200
        goes_on.set()
        assert (await slow).status_code == 200
        statuses = [(await ask()).headers["cf-aig-cache-status"] for _ in range(2)]
        assert statuses == ["MISS", "HIT"]

    run(app, value, scene)


def test_a_long_universal_request_lets_others_have_their_turn():
    value = new_value()
    app = create_app(deploying_token=value)

    async def scene(client: Client) -> None:
        await client.post(GATEWAYS, json=gateway("edge"))
        begun = asyncio.Event()

        async def body() -> AsyncIterator[bytes]:
            one = {"provider": "workers-ai", "endpoint": LLAMA, "query": PROMPT}
            begun.set()
            yield json.dumps([one] * 500).encode()

        url = f"http://127.0.0.1/v1/{ACCOUNT}/edge"
        slow = asyncio.create_task(client.post(url, content=body()))
        await begun.wait()
        assert (await client.get(GATEWAYS)).status_code == 200
        assert not slow.done()
        assert (await slow).headers["cf-aig-step"] == "499"

    run(app, value, scene)
