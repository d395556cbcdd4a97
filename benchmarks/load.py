"""The same load on several servers in turn, and what each did under it."""

import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

CONNECTIONS = 8


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
