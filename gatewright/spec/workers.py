"""Validated values → the model, for Workers."""

import hashlib
from pathlib import Path
from typing import Any, cast

from gatewright.model import Retries, Script, Source, Worker, WorkerEndpoint, WorkerGateway
from gatewright.spec import durations
from gatewright.spec.document import Spec
from gatewright.spec.endpoints import expect
from gatewright.spec.sections import given

_Values = dict[str, Any]


def worker(spec: Spec, root: Path) -> Worker:
    """The Worker of a sound spec; its script is read for its digest."""
    values = cast("_Values", spec.data)
    return Worker(
        **given(values, "name", "description", "model", "body", "compatibility_date"),
        gateway=_gateway(values["gateway"]),
        script=_script(root, values["script"]) if "script" in values else None,
        endpoints=tuple(
            WorkerEndpoint(
                name=name,
                **given(endpoint, "path", "method", "body"),
                tags=tuple(endpoint.get("tags", ())),
                expect=expect(endpoint.get("expect", {})),
                source=Source(spec.positions.key, ("endpoints", name)),
            )
            for name, endpoint in values.get("endpoints", {}).items()
        ),
        source=Source(spec.positions.value, ("name",)),
    )


def _gateway(values: _Values) -> WorkerGateway:
    plain = ("id", "skip_cache", "cache_key", "metadata", "collect_log", "event_id")
    times: _Values = {}
    if "cache_ttl" in values:
        times["cache_ttl"] = durations.seconds(values["cache_ttl"])
    if "request_timeout" in values:
        times["request_timeout"] = durations.milliseconds(values["request_timeout"])
    retries = _retries(values["retries"]) if "retries" in values else None
    return WorkerGateway(**given(values, *plain), **times, retries=retries)


def _retries(values: _Values) -> Retries:
    delay = durations.milliseconds(values["delay"]) if "delay" in values else None
    return Retries(**given(values, "max_attempts", "backoff"), delay=delay)


def _script(root: Path, path: str) -> Script:
    return Script(path, "sha256:" + hashlib.sha256((root / path).read_bytes()).hexdigest())
