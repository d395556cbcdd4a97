"""Prometheus' text format, for the node exporter's textfile collector."""

from collections.abc import Iterable, Iterator, Mapping

from gatewright.smoke.latency import latencies
from gatewright.smoke.result import Result, Status, Verdict

_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})

_Samples = Iterable[tuple[Mapping[str, str], float]]


def prometheus(result: Result) -> str:
    """All metrics are gauges of the last run; a skipped check has no success."""
    return "".join(f"{line}\n" for line in _lines(result))


def _lines(result: Result) -> Iterator[str]:
    judged = [one for one in result.verdicts if one.status is not Status.SKIPPED]
    good = {Status.PASSED, Status.FLAKY}
    yield from _metric(
        "check_success",
        "Whether a check passed; skipped ones are left out.",
        ((_labels(one), one.status in good) for one in judged),
    )
    yield from _metric(
        "check_duration_seconds",
        "Time of a check's own requests.",
        ((_labels(one), one.seconds) for one in judged),
    )
    yield from _metric(
        "answer_duration_seconds",
        "Slowest good answer of an endpoint, from the cache (HIT) or from the model (MISS).",
        (
            ({"gateway": each.gateway, "endpoint": each.endpoint, "cache": cache}, max(times))
            for each in latencies(result)
            for cache, times in (("HIT", each.hits), ("MISS", each.misses))
            if times
        ),
    )
    yield from _metric(
        "checks",
        "How many checks ended how.",
        (({"status": status}, count) for status, count in result.counts.items()),
    )
    for name, text, value in (
        ("requests", "Requests that were sent, repetitions included.", result.requests),
        ("duration_seconds", "Time of the whole run.", result.seconds),
        ("exit_code", "What `gatewright smoke` exited with.", result.exit_code),
        ("start_timestamp_seconds", "When the run started.", result.started.timestamp()),
    ):
        yield from _metric(name, text, [({}, value)])


def _metric(name: str, text: str, samples: _Samples) -> Iterator[str]:
    full = f"gatewright_smoke_{name}"
    yield f"# HELP {full} {text}"
    yield f"# TYPE {full} gauge"
    for labels, value in samples:
        shown = ",".join(f'{key}="{text.translate(_ESCAPES)}"' for key, text in labels.items())
        yield f"{full}{{{shown}}} {float(value)!r}" if shown else f"{full} {float(value)!r}"


def _labels(verdict: Verdict) -> dict[str, str]:
    check = verdict.check
    return {
        "gateway": check.gateway.id,
        "endpoint": check.endpoint.name,
        "check": str(check.kind),
    }
