"""Nothing is blamed on a sound deployment, whatever the weather: fresh, lossy, a little busy.

`make weather` has a thousand runs; here are some of them.
"""

import os
import random
import sys
from collections import Counter
from pathlib import Path

import httpx
from smoke import virtual
from smoke.live import declared, ids, run
from smoke.scene import gateway_error, provider_error

from gatewright import smoke

DECLARED = Path(__file__).parent / "declared"
RUNS = int(os.environ.get("GATEWRIGHT_WEATHER_RUNS", "20"))
SCOPE = smoke.Scope(rate_limits=True, deep=True, slow=True)

SETTLES = 5.0
DROPPED = 0.01
#: For these nobody has declared a text that is harmless and still found.
HARMLESS = {"guarded/answer/guardrails-prompt", "protected/answer/dlp-request"}
BUSY = 0.02


class Weather:
    """New tokens are refused for `SETTLES` seconds, each cache entry misses once more than it
    must, a `BUSY` part of all answers is a 429, a `DROPPED` part is lost."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  # weather that can be had again
        self._missed: set[str] = set()
        self.seen: Counter[str] = Counter()

    def __call__(self, request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        if self._random.random() < DROPPED:
            self.seen["dropped"] += 1
            raise self._random.choice([httpx.ReadError, httpx.RemoteProtocolError])("gone")
        is_good = answer.status_code == 200
        if is_good and virtual.now() < SETTLES:
            self.seen["refused"] += 1
            return self._refusal(request)
        if self._random.random() < BUSY:
            self.seen["busy"] += 1
            wait = self._random.choice([{}, {"retry-after": "2"}])
            return gateway_error(429, 2003, "Rate limited", **wait)
        key = request.headers.get("cf-aig-cache-key", request.content.decode())
        entry = f"{request.url} {key}"
        if answer.headers.get("cf-aig-cache-status") == "HIT" and entry not in self._missed:
            self.seen["missed"] += 1
            self._missed.add(entry)
            answer.headers["cf-aig-cache-status"] = "MISS"
        return answer

    def _refusal(self, request: httpx.Request) -> httpx.Response:
        if "cf-aig-authorization" in request.headers and self._random.random() < 0.5:
            return gateway_error(401, 2009, "Unauthorized")
        return provider_error(401, 10000, "Authentication error")


def test_no_run_finds_fault_with_a_sound_deployment() -> None:
    deployment = declared(DECLARED)
    seen: Counter[str] = Counter()
    for seed in range(RUNS):
        weather = Weather(seed)
        result = run(deployment, scope=SCOPE, weather=weather, seed=seed)
        bad = result.of(smoke.Status.FAILED, smoke.Status.ERROR)
        assert [(seed, one.check.id, one.actual, one.fault) for one in bad] == []
        assert result.of(smoke.Status.FLAKY)
        assert set(ids(result.of(smoke.Status.SKIPPED))) <= HARMLESS
        seen += weather.seen
    sys.stdout.write(f"{RUNS} runs, no false failure; {dict(seen)}\n")
    assert set(seen) == {"refused", "missed", "busy", "dropped"}
