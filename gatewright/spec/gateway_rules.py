"""What the settings of one gateway do together that neither says alone."""

from collections.abc import Iterator

from gatewright.model import Finding
from gatewright.spec.document import Spec
from gatewright.spec.files import GATEWAY
from gatewright.spec.project import endpoints, get
from gatewright.spec.rules import finding
from gatewright.spec.words import quoted


def check(spec: Spec) -> Iterator[Finding]:
    """Findings about a gateway that is not what its settings make one believe."""
    if spec.kind is GATEWAY:
        yield from _open(spec)
        yield from _zero_data_retention(spec)
        yield from _no_store(spec)
        yield from _postpaid(spec)
        yield from _streams(spec)
        yield from _nothing_to_skip(spec)


def _open(spec: Spec) -> Iterator[Finding]:
    if get(spec, "authentication") is not False:
        return
    where = ("authentication",)
    if get(spec, "logs", "collect") in (True, None):
        yield finding(
            "open-logs",
            spec.positions.value(where),
            "anybody who knows the address can fill the logs of this gateway",
            hint="`authentication: true`, or `logs: {collect: false}`",
            path=where,
        )
    if get(spec, "byok_only") is True or isinstance(get(spec, "store_id"), str):
        yield finding(
            "open-keys",
            spec.positions.value(where),
            "anybody who knows the address can spend with the provider keys of this gateway",
            hint="`authentication: true`",
            path=where,
        )


def _zero_data_retention(spec: Spec) -> Iterator[Finding]:
    logs = get(spec, "logs")
    if get(spec, "zdr") is True and not (isinstance(logs, dict) and "collect" in logs):
        yield finding(
            "zdr-logs",
            spec.positions.key(("zdr",)),
            "`zdr` does not keep this gateway from logging prompts and answers",
            hint="say which is meant: `logs: {collect: false}` or `logs: {collect: true}`",
            path=("zdr",),
        )


def _no_store(spec: Spec) -> Iterator[Finding]:
    if get(spec, "byok_only") is True and get(spec, "store_id") is None:
        yield finding(
            "byok-without-store",
            spec.positions.key(("byok_only",)),
            "nothing here says where the provider keys are that `byok_only` requires",
            hint="name their Secrets Store: `store_id: …`",
            path=("byok_only",),
        )


def _postpaid(spec: Spec) -> Iterator[Finding]:
    limits = get(spec, "spend_limits")
    calls = [each for _, each in endpoints(spec) if each.get("provider") == "workers-ai"]
    if not isinstance(limits, dict) or limits.get("enabled") is False or not calls:
        return
    if get(spec, "workers_ai_billing_mode") in (None, "postpaid"):
        yield finding(
            "postpaid-spend-limits",
            spec.positions.key(("spend_limits",)),
            "spend limits do not stop calls of Workers AI that are billed afterwards",
            hint="`workers_ai_billing_mode: unified`, which needs credits in the account",
            path=("spend_limits",),
        )


def _streams(spec: Spec) -> Iterator[Finding]:
    guardrails = get(spec, "guardrails")
    if not isinstance(guardrails, dict):
        return
    for path, endpoint in endpoints(spec):
        for owner, values in ((path, endpoint), ((*path, "body"), endpoint.get("body"))):
            if isinstance(values, dict) and values.get("stream") is True:
                where = (*owner, "stream")
                yield finding(
                    "unguarded-stream",
                    spec.positions.key(where),
                    "guardrails do not look at answers that are streamed",
                    hint="remove `stream`, or do not rely on `guardrails` for this endpoint",
                    path=where,
                )


def _nothing_to_skip(spec: Spec) -> Iterator[Finding]:
    if get(spec, "cache") is not None:
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
