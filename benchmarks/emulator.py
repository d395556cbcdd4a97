"""How fast the local Cloudflare answers, beside a bare echo on the same server and a mock server.

    make bench ONLY=emulator

All servers run at once and take turns under the same load: a few connections that stay
open, one request at a time on each. The client is one process of Python; where it is the
slower side, all servers look alike, so the ratios are, if anything, too close to one.
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import harness
from load import CONNECTIONS, Load, figures, request, taking_turns
from servers import ACCOUNT, GATEWAY, GROUPS, body, echoing, emulator, mocking

INSIDE = Path(__file__).with_name("inside.py")


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
        command = [sys.executable, str(INSIDE), str(size), ACCOUNT, json.dumps(GATEWAY)]
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


if __name__ == "__main__":
    main()
