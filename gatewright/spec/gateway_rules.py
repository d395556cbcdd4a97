"""What the settings of one gateway do together that neither says alone."""

from collections.abc import Iterator
from typing import Any

from gatewright.model import WORKERS_AI, Finding
from gatewright.spec import key_rules
from gatewright.spec.document import Spec
from gatewright.spec.files import GATEWAY
from gatewright.spec.project import endpoints, get, lacks, provider_places
from gatewright.spec.rules import Path, finding
from gatewright.spec.words import quoted


def check(spec: Spec) -> Iterator[Finding]:
    """Findings about a gateway that is not what its settings make one believe."""
    if spec.kind is GATEWAY:
        yield from _open(spec)
        yield from _zero_data_retention(spec)
        yield from _postpaid(spec)
        yield from _streams(spec)
        yield from _buffered_streams(spec)
        yield from _nothing_to_skip(spec)


def _open(spec: Spec) -> Iterator[Finding]:
    if get(spec, "authentication") is not False:
        return
    where = ("authentication",)
    if _logs(spec).get("collect", True) is True:
        yield finding(
            "open-logs",
            spec.positions.value(where),
            "anybody who knows the address can fill the logs of this gateway",
            hint="`authentication: true`, or `logs: {collect: false}`",
            path=where,
        )
    if get(spec, "byok_only") is True or key_rules.has_keys(spec):
        yield finding(
            "open-keys",
            spec.positions.value(where),
            "anybody who knows the address can spend with the provider keys of this gateway",
            hint="`authentication: true`",
            path=where,
        )


def _logs(spec: Spec) -> dict[str, Any]:
    """The section; of one that is wrong, nobody knows what it was to say."""
    logs = get(spec, "logs")
    unknown = {"collect": None}
    return logs if isinstance(logs, dict) else {} if lacks(spec, "logs") else unknown


def _zero_data_retention(spec: Spec) -> Iterator[Finding]:
    if get(spec, "zdr") is True and "collect" not in _logs(spec):
        yield finding(
            "zdr-logs",
            spec.positions.key(("zdr",)),
            "`zdr` does not keep this gateway from logging prompts and answers",
            hint="say which is meant: `logs: {collect: false}` or `logs: {collect: true}`",
            path=("zdr",),
        )


def _postpaid(spec: Spec) -> Iterator[Finding]:
    limits = get(spec, "spend_limits")
    calls = {name for path, name in provider_places(spec) if path[0] != "provider_configs"}
    is_on = isinstance(limits, dict) and limits.get("enabled") is not False
    if not is_on or WORKERS_AI not in calls:
        return
    if get(spec, "workers_ai_billing_mode") == "postpaid" or lacks(spec, "workers_ai_billing_mode"):
        yield finding(
            "postpaid-spend-limits",
            spec.positions.key(("spend_limits",)),
            "spend limits do not stop calls of Workers AI that are billed afterwards",
            hint="`workers_ai_billing_mode: unified`, which needs credits in the account",
            path=("spend_limits",),
        )


def _streams(spec: Spec) -> Iterator[Finding]:
    if isinstance(get(spec, "guardrails"), dict):
        for where in _streamed(spec):
            yield finding(
                "unguarded-stream",
                spec.positions.key(where),
                "guardrails do not look at answers that are streamed",
                hint="remove `stream`, or do not rely on `guardrails` for this endpoint",
                path=where,
            )


def _buffered_streams(spec: Spec) -> Iterator[Finding]:
    dlp = get(spec, "dlp")
    if not isinstance(dlp, dict) or dlp.get("enabled") is False:
        return
    policies = dlp.get("policies")
    checked = [
        each.get("check")
        for each in (policies if isinstance(policies, list) else ())
        if isinstance(each, dict) and each.get("enabled") is not False
    ]
    if "policies" in dlp and not any("RESPONSE" in each for each in checked if each):
        return
    for where in _streamed(spec):
        yield finding(
            "buffered-stream",
            spec.positions.key(where),
            "DLP holds a streamed answer back until it has seen all of it",
            hint="clients wait as if they had not asked for a stream",
            path=where,
        )


def _streamed(spec: Spec) -> Iterator[Path]:
    """Where endpoints ask for streams."""
    for path, endpoint in endpoints(spec):
        for owner, values in ((path, endpoint), ((*path, "body"), endpoint.get("body"))):
            if isinstance(values, dict) and values.get("stream") is True:
                yield (*owner, "stream")


def _nothing_to_skip(spec: Spec) -> Iterator[Finding]:
    if not lacks(spec, "cache"):
        return
    for path, endpoint in endpoints(spec):
        cache = endpoint.get("cache")
        if isinstance(cache, dict) and cache.get("skip") is True:
            where = (*path, "cache", "skip")
            yield finding(
                "nothing-to-skip",
                spec.positions.key(where),
                f"this endpoint skips a cache that the gateway {quoted(_name(spec))} has not",
                hint="remove `skip`, or give the gateway a `cache`",
                path=where,
            )


def _name(spec: Spec) -> str:
    return str(get(spec, "id"))
