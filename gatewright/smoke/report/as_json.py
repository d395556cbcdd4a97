"""The report for programs; its schema is beside this module."""

import json
from importlib import resources
from typing import Any

from gatewright import __version__
from gatewright.smoke.evidence import Attempt
from gatewright.smoke.report.command import curl
from gatewright.smoke.result import Result, Verdict

#: Raised when a field is removed or changes its meaning; new fields do not raise it.
VERSION = 1


def as_json(result: Result) -> str:
    """A document that the schema describes."""
    return json.dumps(_document(result), indent=2, ensure_ascii=False) + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `as_json`."""
    file = resources.files(__package__) / "smoke-report.schema.json"
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


def _document(result: Result) -> dict[str, Any]:
    budget, deployed = result.budget, result.deployed
    return {
        "version": VERSION,
        "gatewright": __version__,
        "started": f"{result.started:%Y-%m-%dT%H:%M:%SZ}",
        "seconds": _rounded(result.seconds),
        "exit_code": int(result.exit_code),
        "deployed": {
            "stack": deployed.stack or None,
            "revision": deployed.revision or None,
            "checksum": deployed.checksum or None,
        },
        "requests": result.requests,
        "budget": {
            "planned": budget.planned,
            "at_most": budget.at_most,
            "estimated_tokens": budget.tokens,
            "estimated_dollars": budget.cost,
            "unpriced_models": list(budget.unpriced),
        },
        "counts": {str(status): count for status, count in result.counts.items()},
        "checks": [_check(verdict) for verdict in result.verdicts],
    }


def _check(verdict: Verdict) -> dict[str, Any]:
    check, fault = verdict.check, verdict.fault
    return {
        "id": check.id,
        "gateway": check.gateway.id,
        "endpoint": check.endpoint.name,
        "kind": str(check.kind),
        "status": str(verdict.status),
        "seconds": _rounded(verdict.seconds),
        "expected": verdict.expected,
        "actual": verdict.actual or None,
        "fault": fault
        and {
            "layer": str(fault.layer),
            "sentence": fault.sentence,
            "next_step": fault.next_step,
        },
        "reproduction": "\n".join(curl(verdict.call)) if verdict.call else None,
        "attempts": [_attempt(attempt) for attempt in verdict.attempts],
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    evidence = attempt.evidence
    return {
        "started": _rounded(attempt.started),
        "seconds": _rounded(attempt.seconds),
        "status": evidence.status,
        "code": evidence.code,
        "origin": evidence.origin and str(evidence.origin),
        "cache": evidence.cache,
        "trouble": evidence.trouble and str(evidence.trouble),
        "message": evidence.flaw or evidence.message or None,
    }


def _rounded(seconds: float) -> float:
    return round(seconds, 6)
