"""The servers whose answers are timed, each a process of its own, and what they are asked."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import harness
import httpx
from load import request

ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"
LLAMA = "@cf/meta/llama-3.1-8b-instruct"
CALL = f"/v1/{ACCOUNT}/bench-0/workers-ai/{LLAMA}"
GATEWAYS = f"/client/v4/accounts/{ACCOUNT}/ai-gateway/gateways"

PRISM = "@stoplight/prism-cli@5.9.0"
GROUPS = ("644535f4ed854494a59cb289d634b257", "a92d2450e05d4e7bb7d0a64968f83d11")
GATEWAY = {
    "cache_invalidate_on_update": False,
    "cache_ttl": 3600,
    "collect_logs": True,
    "rate_limiting_interval": 0,
    "rate_limiting_limit": 0,
    "authentication": True,
}

ECHO = Path(__file__).with_name("echo.py")
MOCK = {
    "openapi": "3.1.0",
    "info": {"title": "mock", "version": "1"},
    "paths": {
        "/run": {
            "post": {
                "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
                "responses": {
                    "200": {
                        "description": "an answer",
                        "content": {
                            "application/json": {
                                "example": {"result": {"response": "x" * 100}, "success": True}
                            }
                        },
                    }
                },
            }
        }
    },
}


def body() -> bytes:
    """What is asked."""
    return json.dumps({"prompt": "What is Cloudflare?"}).encode()


@dataclass(frozen=True, slots=True)
class Account:
    """A running emulator: its port, the deploying token, a caller's token."""

    port: int
    deploying: str
    caller: str

    def call(self, headers: dict[str, str] | None = None) -> bytes:
        """A call through a gateway."""
        return request("POST", CALL, {**self.credentials(), **(headers or {})}, body())

    def credentials(self) -> dict[str, str]:
        """What a caller is known by."""
        bearer = f"Bearer {self.caller}"
        return {"authorization": bearer, "cf-aig-authorization": bearer}

    def api(self, method: str, document: Any = None) -> bytes:
        """A request about a gateway."""
        content = json.dumps(document).encode() if document else b""
        headers = {"authorization": f"Bearer {self.deploying}"}
        return request(method, f"{GATEWAYS}/bench-0", headers, content)


@contextmanager
def emulator(folder: Path, *, gateways: int = 1, kept: bool = False) -> Iterator[Account]:
    """An emulator with that many gateways and a token to call them."""
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "gatewright.emulator", "--exit-with-stdin"]
    command += ["--token-file", str(folder / "token"), "--quota", "off", "--api-limit", "off"]
    command += ["--data", str(folder / "data.sqlite")] if kept else []
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=harness.environment()
    ) as process:
        port = json.loads(process.stdout.readline() if process.stdout else "")["port"]
        token = (folder / "token").read_text().strip()
        yield Account(port, token, _filled(port, token, gateways) if gateways else "")
        process.terminate()


def _filled(port: int, token: str, gateways: int) -> str:
    policy = {
        "effect": "allow",
        "permission_groups": [{"id": one} for one in GROUPS],
        "resources": {f"com.cloudflare.api.account.{ACCOUNT}": "*"},
    }
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(
        base_url=f"http://127.0.0.1:{port}", headers=headers, trust_env=False, timeout=60
    ) as client:
        for number in range(gateways):
            document = {"id": f"bench-{number}", **GATEWAY}
            client.post(GATEWAYS, json=document).raise_for_status()
        document = {"name": "benchmark", "policies": [policy]}
        made = client.post(f"/client/v4/accounts/{ACCOUNT}/tokens", json=document)
        value: str = made.json()["result"]["value"]
        return value


@contextmanager
def echoing() -> Iterator[int]:
    """A bare application that answers what it is sent, on the server that we use."""
    with serving([sys.executable, str(ECHO)]) as port:
        yield port


@contextmanager
def mocking(folder: Path) -> Iterator[int]:
    """A mock server with a path of one example."""
    program = harness.TOOLS / "npm" / "node_modules" / ".bin" / "prism"
    if not program.exists():
        install = ["npm", "install", "--ignore-scripts", "--silent"]
        subprocess.run([*install, "--prefix", str(harness.TOOLS / "npm"), PRISM], check=True)
    document = folder / "mock.json"
    document.write_text(json.dumps(MOCK))
    with serving(
        [str(program), "mock", str(document), "--verboseLevel", "fatal", "--port"]
    ) as port:
        yield port


@contextmanager
def serving(command: list[str]) -> Iterator[int]:
    """A server that takes its port as its last argument."""
    port = free_port()
    with subprocess.Popen(
        [*command, str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        end = time.monotonic() + 60
        while not listens(port):
            if process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"{command[0]} does not listen")
            time.sleep(0.05)
        yield port
        process.terminate()


def free_port() -> int:
    """A port that nobody has yet."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def listens(port: int) -> bool:
    """Whether somebody takes connections there."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
