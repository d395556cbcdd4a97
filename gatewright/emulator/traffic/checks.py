"""Guardrails and data loss prevention, by markers in what is said.

No model judges here. A text that holds ``[hazard:S1]`` is of that hazard category
(``P1``, ``S1`` to ``S13``), one that holds ``[dlp:name]`` matches that DLP profile. The
canned answers quote the question, so that a marker comes back in the answer too.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from gatewright.emulator.store import Document
from gatewright.emulator.traffic import errors

_HAZARD = re.compile(rb"\[hazard:(P1|S1[0-3]|S[1-9])\]")
_PROFILE = re.compile(rb"\[dlp:([\w.-]+)\]")


@dataclass(slots=True)
class Verdict:
    """What was found so far: the DLP findings, and what was done about them."""

    findings: list[dict[str, Any]] = field(default_factory=list)
    action: str | None = None

    def header(self) -> dict[str, Any] | None:
        """The value of ``cf-aig-dlp``; nothing without a finding."""
        return {"findings": self.findings, "action": self.action} if self.findings else None


@dataclass(frozen=True, slots=True)
class _Policy:
    id: str
    action: str
    checks: tuple[str, ...]
    profiles: frozenset[str]


def applies(gateway: Document) -> bool:
    """Whether the gateway checks anything."""
    return gateway.get("guardrails") is not None or _policies(gateway) != []


def check_request(gateway: Document, content: bytes, verdict: Verdict) -> None:
    """Raises `errors.GatewayError` for a prompt that is blocked.

    Fidelity: guardrails come before DLP; the order is not documented.
    """
    if _hazardous(gateway, "prompt", content):
        raise errors.prompt_blocked()
    _scan(gateway, "REQUEST", content, verdict)


def check_response(gateway: Document, content: bytes, verdict: Verdict) -> None:
    """Raises `errors.GatewayError` for an answer that is blocked."""
    if _hazardous(gateway, "response", content):
        raise errors.response_blocked()
    _scan(gateway, "RESPONSE", content, verdict)


def _hazardous(gateway: Document, part: str, content: bytes) -> bool:
    actions = (gateway.get("guardrails") or {}).get(part) or {}
    found = (match[1].decode() for match in _HAZARD.finditer(content))
    return any(actions.get(code) == "BLOCK" for code in found)


def _scan(gateway: Document, check: str, content: bytes, verdict: Verdict) -> None:
    marked = {match[1].decode() for match in _PROFILE.finditer(content)}
    blocked = False
    for policy in _policies(gateway):
        if check not in policy.checks:
            continue
        for profile in sorted(marked & policy.profiles):
            verdict.findings.append(
                {
                    "profile": {"context": {}, "entry_ids": [], "profile_id": profile},
                    "policy_ids": [policy.id],
                    "check": check,
                }
            )
            if policy.action == "BLOCK":
                blocked = True
            verdict.action = "BLOCK" if blocked else (verdict.action or "FLAG")
    if blocked:
        raise errors.dlp_blocked(check)


def _policies(gateway: Document) -> list[_Policy]:
    """Both forms of the field.

    Fidelity: the form without policies is taken to check requests and responses.
    """
    dlp = gateway.get("dlp")
    if not dlp or not dlp["enabled"]:
        return []
    if "policies" not in dlp:
        both = ("REQUEST", "RESPONSE")
        return [_Policy("default", dlp["action"], both, frozenset(dlp["profiles"]))]
    return [
        _Policy(one["id"], one["action"], tuple(one["check"]), frozenset(one["profiles"]))
        for one in dlp["policies"]
        if one["enabled"]
    ]
