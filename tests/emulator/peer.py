"""The emulator as a client sees it: in this process or on a port, with the same calls."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from gatewright.emulator import Emulator

ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"
LLAMA = "@cf/meta/llama-3.1-8b-instruct"
SENTIMENT = "@cf/huggingface/distilbert-sst-2-int8"
PROMPT = {"prompt": "What is Cloudflare?"}

GROUPS = {
    "AI Gateway Read": "4dc8917b4b40457d88d3035d5dadb054",
    "AI Gateway Write": "6c8a3737f07f46369c1ea1f22138daaf",
    "AI Gateway Run": "644535f4ed854494a59cb289d634b257",
    "Workers AI Read": "a92d2450e05d4e7bb7d0a64968f83d11",
    "Workers AI Write": "bacc64e0f6c34fc0883a1223f938a104",
    "Account API Tokens Read": "eb56a6953c034b9d97dd838155666f06",
    "Account API Tokens Write": "5bc3f8b21c554832afc660159ab75fa4",
}

Send = Callable[[httpx.Request], httpx.Response]


class Peer:
    def __init__(self, send: Send, deploying_token: str) -> None:
        self._send = send
        self.deploying_token = deploying_token

    def call(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        body: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        sent = httpx.Headers(headers)
        if token:
            sent["Authorization"] = f"Bearer {token}"
        if body is not None:
            content = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        return self._send(
            httpx.Request(method, f"http://127.0.0.1{path}", headers=sent, content=content)
        )

    def api(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        """The account API with the deploying token, unless another is given."""
        more.setdefault("token", self.deploying_token)
        return self.call(method, f"/client/v4/accounts/{ACCOUNT}{path}", body=body, **more)

    def result(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.api(method, path, body)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    def gateway(self, gateway_id: str = "edge", **fields: Any) -> dict[str, Any]:
        """A gateway that exists."""
        return self.result("POST", "/ai-gateway/gateways", gateway(gateway_id, **fields))

    def token(self, *permissions: str, **fields: Any) -> dict[str, Any]:
        """A token that exists, with its value."""
        return self.result("POST", "/tokens", token(*permissions, **fields))

    def caller(self) -> str:
        """The value of a token with all that a call needs."""
        return self.token("AI Gateway Run", "Workers AI Read")["value"]

    def ask(
        self,
        value: str,
        rest: str = f"workers-ai/{LLAMA}",
        body: Any = None,
        *,
        gateway_id: str = "edge",
        **headers: str,
    ) -> httpx.Response:
        """A call through a gateway, with one token in both headers."""
        sent = {name.replace("_", "-"): text for name, text in headers.items()}
        sent = {"cf-aig-authorization": f"Bearer {value}"} | sent
        path = f"/v1/{ACCOUNT}/{gateway_id}/{rest}"
        return self.call("POST", path, token=value, body=body or PROMPT, headers=sent)

    def control(self, method: str, name: str, body: Any = None) -> Any:
        answer = self.call(method, f"/_emulator/{name}", body=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    def advance(self, seconds: float) -> None:
        self.control("POST", "clock", {"advance": seconds})


def rest(peer: Peer, value: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
    """A call on the host of the account API."""
    sent = {name.replace("_", "-"): text for name, text in headers.items()}
    path = f"/client/v4/accounts/{ACCOUNT}/ai/{path}"
    return peer.call("POST", path, token=value, body=body or PROMPT, headers=sent)


def gateway(gateway_id: str | None = "edge", **fields: Any) -> dict[str, Any]:
    """The least body of a gateway, and what is said otherwise."""
    body = {
        "cache_invalidate_on_update": False,
        "cache_ttl": 0,
        "collect_logs": True,
        "rate_limiting_interval": 0,
        "rate_limiting_limit": 0,
    }
    return ({"id": gateway_id} if gateway_id else {}) | body | fields


def policy(*permissions: str, effect: str = "allow", account: str = ACCOUNT) -> dict[str, Any]:
    return {
        "effect": effect,
        "permission_groups": [{"id": GROUPS[name]} for name in permissions],
        "resources": {f"com.cloudflare.api.account.{account}": "*"},
    }


def token(*permissions: str, **fields: Any) -> dict[str, Any]:
    """The least body of a token, and what is said otherwise."""
    return {"name": "smoke", "policies": [policy(*permissions)]} | fields


def in_process(app: Emulator, deploying_token: str) -> Peer:
    async def send(request: httpx.Request) -> httpx.Response:
        transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 50_000))
        async with httpx.AsyncClient(transport=transport) as client:
            return await client.send(request)

    return Peer(lambda request: asyncio.run(send(request)), deploying_token)


def on_port(client: httpx.Client, port: int, deploying_token: str) -> Peer:
    def send(request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(port=port)
        request.headers["Host"] = f"127.0.0.1:{port}"
        try:
            return client.send(request)
        except (httpx.ReadError, httpx.RemoteProtocolError) as error:
            raise ConnectionResetError from error

    return Peer(send, deploying_token)


def start(*arguments: str, **more: Any) -> subprocess.Popen[str]:
    """The emulator as a process, which ends with its standard input."""
    return subprocess.Popen(
        [sys.executable, "-m", "gatewright.emulator", "--exit-with-stdin", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **more,
    )


def listening(process: subprocess.Popen[str]) -> dict[str, Any]:
    """What the process says when it listens."""
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


def stop(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def codes(answer: httpx.Response) -> list[int]:
    """The codes in an error of the account API or of Workers AI."""
    body = answer.json()
    assert body["success"] is False
    assert body["result"] is None
    return [error["code"] for error in body["errors"]]


def gateway_code(answer: httpx.Response) -> int:
    """The code in an error of the gateway itself."""
    body = answer.json()
    assert "errors" not in body
    assert body["success"] is False
    assert body["httpCode"] == answer.status_code
    (error,) = body["error"]
    assert body["internalCode"] == error["code"]
    assert body["message"] == body["description"] == error["message"]
    return error["code"]


def read_token(path: Path) -> str:
    return path.read_text().strip()
