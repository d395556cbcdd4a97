"""How fast the local Cloudflare answers, beside a bare echo on the same server and a mock server.

    make bench ONLY=emulator

All servers run at once and take turns under the same load: a few connections that stay
open, one request at a time on each. The client is one process of Python; where it is the
slower side, all servers look alike, so the ratios are, if anything, too close to one.
"""

import asyncio
import json
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import harness
import httpx

ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"
LLAMA = "@cf/meta/llama-3.1-8b-instruct"
CALL = f"/v1/{ACCOUNT}/bench-0/workers-ai/{LLAMA}"
GATEWAYS = f"/client/v4/accounts/{ACCOUNT}/ai-gateway/gateways"

CONNECTIONS = 8
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

ECHO = """
import sys
import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

async def echo(request):
    return Response(await request.body(), media_type="application/json")

app = Starlette(routes=[Route("/{path:path}", echo, methods=["POST"])])
uvicorn.run(app, port=int(sys.argv[1]), http="h11", ws="none", lifespan="off", log_config=None,
            access_log=False, server_header=False, timeout_keep_alive=75)
"""

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

# Fills a cache to a number of answers and calls the application, past any server.
INSIDE = """
import asyncio, json, os, resource, statistics, sys, time
from gatewright.emulator import Settings, create_app
from gatewright.emulator.traffic.cache import Entry

def as_json(value):
    return json.dumps(value).encode()

async def main(entries):
    app = create_app(Settings(api_limit=None), deploying_token="x" * 48)
    sent = []
    async def call(method, path, headers, body):
        state = [{"type": "http.request", "body": body, "more_body": False}]
        scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(),
                 "query_string": b"", "headers": headers, "client": ("127.0.0.1", 1)}
        sent.clear()
        async def receive():
            return state.pop()
        async def send(message):
            sent.append(message)
        await app(scope, receive, send)
        return b"".join(one.get("body", b"") for one in sent)
    account, gateway, groups = sys.argv[2], json.loads(sys.argv[3]), json.loads(sys.argv[4])
    own = [(b"authorization", b"Bearer " + b"x" * 48)]
    api = f"/client/v4/accounts/{account}"
    await call("POST", f"{api}/ai-gateway/gateways", own, as_json({"id": "a", **gateway}))
    policy = {"effect": "allow", "permission_groups": [{"id": one} for one in groups],
              "resources": {f"com.cloudflare.api.account.{account}": "*"}}
    made = await call("POST", f"{api}/tokens", own, as_json({"name": "b", "policies": [policy]}))
    bearer = b"Bearer " + json.loads(made)["result"]["value"].encode()
    headers = [(b"authorization", bearer), (b"cf-aig-authorization", bearer)]
    path = f"/v1/{account}/a/workers-ai/@cf/meta/llama-3.1-8b-instruct"
    body = b'{"prompt": "What is Cloudflare?"}'
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(entries):
        entry = Entry(os.urandom(150) * 2, "application/json", 1e12)
        app._memory.cache.put("a", number.to_bytes(32), entry)
    await call("POST", path, headers, body)
    rounds = []
    for _ in range(9):
        started = time.perf_counter()
        for _ in range(300):
            await call("POST", path, headers, body)
        rounds.append((time.perf_counter() - started) / 300)
    hit = dict(sent[0]["headers"])[b"cf-aig-cache-status"] == b"HIT"
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps([statistics.median(rounds), (after - before) / 1024, hit]))

asyncio.run(main(int(sys.argv[1])))
"""


@dataclass(frozen=True, slots=True)
class Load:
    """A request as it goes over the wire, to a port."""

    port: int
    request: bytes


@dataclass(frozen=True, slots=True)
class Measured:
    """What a server did under load: requests a second, latencies in seconds in their order."""

    rate: float
    latencies: Sequence[float]

    def at(self, share: float) -> str:
        """A percentile, in milliseconds."""
        return f"{self.latencies[int(len(self.latencies) * share)] * 1000:.2f} ms"


def main() -> None:
    """Measure and write the section."""
    parser = harness.arguments(__doc__, rounds=5)
    parser.add_argument("--requests", type=int, default=4_000, help="of each kind in each round")
    parser.add_argument("--gateways", type=int, default=10_000, help="in the fullest account")
    parser.add_argument("--entries", type=int, default=1_000_000, help="in the fullest cache")
    given = parser.parse_args()
    parts = [
        "## The local Cloudflare",
        under_load(given.rounds, given.requests),
        flat(given.rounds, given.requests, given.gateways),
        cached(given.entries),
        started(given.rounds),
        harness.machine(),
    ]
    harness.write_section("emulator", "\n\n".join(parts), given.page)


def under_load(rounds: int, requests: int) -> str:
    """The table of rates and latencies."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ours = stack.enter_context(emulator(folder / "memory"))
        kept = stack.enter_context(emulator(folder / "kept", kept=True))
        echo = stack.enter_context(echoing())
        loads = {"Starlette echo of it (the base)": Load(echo, ours.call())}
        loads |= {
            "cached call": Load(ours.port, ours.call()),
            "uncached call": Load(ours.port, ours.call({"cf-aig-skip-cache": "true"})),
            "control plane, read": Load(ours.port, ours.api("GET")),
            "control plane, write": Load(ours.port, ours.api("PUT", GATEWAY)),
            "cached call, `--data`": Load(kept.port, kept.call()),
            "control plane, write, `--data`": Load(kept.port, kept.api("PUT", GATEWAY)),
        }
        if shutil.which("npm"):
            port = stack.enter_context(mocking(folder))
            loads["prism 5.9.0"] = Load(port, request("POST", "/run", ours.credentials(), body()))
        found = taking_turns(loads, rounds, requests)
    base = next(iter(found.values()))
    rows = [[name, *figures(runs, base)] for name, runs in found.items()]
    columns = ("", "requests/s", "of the echo", "p50", "p99")
    text = f"{CONNECTIONS} connections, {requests:,} requests, median of {rounds} rounds."
    return f"{text}\n\n{harness.table(columns, rows)}"


def flat(rounds: int, requests: int, gateways: int) -> str:
    """The table of what the number of gateways costs."""
    sizes = sorted({1, min(100, gateways), gateways})
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        loads = {}
        for size in sizes:
            account = stack.enter_context(emulator(folder / str(size), gateways=size))
            loads[f"{size:,} cached call"] = Load(account.port, account.call())
            loads[f"{size:,} read"] = Load(account.port, account.api("GET"))
        found = taking_turns(loads, rounds, requests)
    rows = []
    for size in sizes:
        kinds = [f"{size:,} cached call", f"{size:,} read"]
        firsts = [f"1 {kind.partition(' ')[2]}" for kind in kinds]
        cells = [
            figures(found[kind], found[first])[:2]
            for kind, first in zip(kinds, firsts, strict=True)
        ]
        rows.append([f"{size:,}", *cells[0], *cells[1]])
    columns = ("gateways", "cached call/s", "of one", "read/s", "of one")
    return harness.table(columns, rows)


def cached(entries: int) -> str:
    """The table of what the number of kept answers costs, without a server before it."""
    rows = []
    for size in sorted({1, min(10_000, entries), entries}):
        command = [sys.executable, "-c", INSIDE, str(size), ACCOUNT, json.dumps(GATEWAY)]
        done = subprocess.run(
            [*command, json.dumps(GROUPS)], check=True, capture_output=True, text=True
        )
        seconds, memory, hit = json.loads(done.stdout)
        if not hit:
            raise SystemExit("the cache did not answer")
        rows.append([f"{size:,}", f"{seconds * 1e6:.0f} µs", f"{memory:,.0f} MiB"])
    columns = ("kept answers of 300 bytes", "a cached call, in the process", "memory more")
    return harness.table(columns, rows)


def started(rounds: int) -> str:
    """From the start of the process to the line that says it listens."""
    spent = []
    for _ in range(rounds):
        begun = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder, emulator(Path(folder) / "start", gateways=0):
            spent.append(time.perf_counter() - begun)
    return f"From start to listening: {statistics.median(spent) * 1000:.0f} ms."


def taking_turns(loads: dict[str, Load], rounds: int, requests: int) -> dict[str, list[Measured]]:
    """Each load in each round, after one round that is not counted."""
    found: dict[str, list[Measured]] = {name: [] for name in loads}
    for turn in range(rounds + 1):
        for name, load in loads.items():
            measured = asyncio.run(measure(load, requests if turn else requests // 10))
            if turn:
                found[name].append(measured)
    return found


def figures(runs: Sequence[Measured], base: Sequence[Measured]) -> list[str]:
    """The median rate, its ratio to the base in the same round, and the latencies."""
    pairs = zip(runs, base, strict=True)
    ratio = statistics.median(one.rate / other.rate for one, other in pairs)
    middle = sorted(runs, key=lambda one: one.rate)[len(runs) // 2]
    return [f"{middle.rate:,.0f}", f"{ratio:.0%}", middle.at(0.5), middle.at(0.99)]


async def measure(load: Load, requests: int) -> Measured:
    """So many requests over a few connections."""
    latencies: list[float] = []
    begun = time.perf_counter()
    each = requests // CONNECTIONS
    await asyncio.gather(*(_connection(load, each, latencies) for _ in range(CONNECTIONS)))
    spent = time.perf_counter() - begun
    return Measured(len(latencies) / spent, sorted(latencies))


async def _connection(load: Load, requests: int, latencies: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", load.port)
    for _ in range(requests):
        begun = time.perf_counter()
        writer.write(load.request)
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head[:16]:
            raise SystemExit(f"{load.request[:80]!r} answers {head[:80]!r}")
        at = head.lower().index(b"content-length:") + 15
        await reader.readexactly(int(head[at : head.index(b"\r\n", at)]))
        latencies.append(time.perf_counter() - begun)
    writer.close()
    await writer.wait_closed()


def request(method: str, path: str, headers: dict[str, str], content: bytes = b"") -> bytes:
    """A request as it goes over the wire, with the headers that clients send."""
    all_of = {
        "host": "127.0.0.1",
        "accept": "*/*",
        "accept-encoding": "gzip, deflate",
        "connection": "keep-alive",
        "user-agent": "benchmark",
        "content-type": "application/json",
        "content-length": str(len(content)),
        **headers,
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in all_of.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + content


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
    with serving([sys.executable, "-c", ECHO]) as port:
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


if __name__ == "__main__":
    main()
