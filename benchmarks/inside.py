"""Fills a cache to a number of answers and calls the application, past any server.

    python inside.py ENTRIES ACCOUNT GATEWAY GROUPS

The gateway and the token's permission groups are JSON. Prints the seconds of a cached call,
the MiB of memory that the answers took, and whether the cache answered.
"""

import asyncio
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import MutableMapping
from typing import Any

from gatewright.emulator import Settings, create_app
from gatewright.emulator.traffic.cache import Entry

DEPLOYING = "x" * 48
MODEL = "@cf/meta/llama-3.1-8b-instruct"
ROUNDS, CALLS = 9, 300


async def main(entries: int, account: str, gateway: dict[str, Any], groups: list[str]) -> None:
    """Measure and print."""
    app = create_app(Settings(api_limit=None), deploying_token=DEPLOYING)
    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def call(path: str, headers: list[tuple[bytes, bytes]], content: bytes) -> bytes:
        messages = [{"type": "http.request", "body": content, "more_body": False}]
        scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": headers,
            "client": ("127.0.0.1", 1),
        }
        sent.clear()

        async def receive() -> MutableMapping[str, Any]:
            return messages.pop()

        await app(scope, receive, send)
        return b"".join(each.get("body", b"") for each in sent)

    own = [(b"authorization", f"Bearer {DEPLOYING}".encode())]
    api = f"/client/v4/accounts/{account}"
    await call(f"{api}/ai-gateway/gateways", own, json.dumps({"id": "a", **gateway}).encode())
    policy = {
        "effect": "allow",
        "permission_groups": [{"id": each} for each in groups],
        "resources": {f"com.cloudflare.api.account.{account}": "*"},
    }
    document = json.dumps({"name": "b", "policies": [policy]}).encode()
    made = json.loads(await call(f"{api}/tokens", own, document))
    bearer = f"Bearer {made['result']['value']}".encode()
    headers = [(b"authorization", bearer), (b"cf-aig-authorization", bearer)]
    path = f"/v1/{account}/a/workers-ai/{MODEL}"
    content = json.dumps({"prompt": "What is Cloudflare?"}).encode()

    before = peak()
    cache = app._memory.cache  # noqa: SLF001  # past the server
    for number in range(entries):
        entry = Entry(os.urandom(150) * 2, "application/json", 1e12)
        place = cache.place("a", number.to_bytes(32))
        cache.put(place, entry)
    await call(path, headers, content)
    rounds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for _ in range(CALLS):
            await call(path, headers, content)
        rounds.append((time.perf_counter() - started) / CALLS)
    is_hit = dict(sent[0]["headers"])[b"cf-aig-cache-status"] == b"HIT"
    print(json.dumps([statistics.median(rounds), peak() - before, is_hit]))


def peak() -> float:
    """The most memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    entries, account, gateway, groups = sys.argv[1:]
    asyncio.run(main(int(entries), account, json.loads(gateway), json.loads(groups)))
