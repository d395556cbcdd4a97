"""Behaviours of the gateway that can be broken on purpose.

For whoever wants to see a check fail: each switch makes the gateway do one thing that it
must not. ``/_emulator/switches`` turns them on.
"""

import re
from dataclasses import replace
from enum import StrEnum

from gatewright.emulator.store import Document
from gatewright.emulator.traffic.call import Call
from gatewright.emulator.traffic.exchange import Answered
from gatewright.emulator.traffic.options import MAX_TTL
from gatewright.emulator.traffic.streams import without
from gatewright.emulator.web import Headers, header_of

_TTL = b"cf-aig-cache-ttl"
_SKIP = b"cf-aig-skip-cache"
_KEY = b"cf-aig-cache-key"
_LONG = 3_600
_COMPLETION = re.compile(rb'("completion_tokens":)(\d+)')


class Switch(StrEnum):
    """What the gateway does wrong."""

    SERVES_WITHOUT_TOKEN = "serves-without-token"  # noqa: S105  # a name
    TAKES_ANY_TOKEN = "takes-any-token"  # noqa: S105  # a name
    ASKS_FOR_TOKEN = "asks-for-token"  # noqa: S105  # a name
    NEVER_CACHES = "never-caches"
    CACHES_ALL = "caches-all"
    IGNORES_SKIP_CACHE = "ignores-skip-cache"
    IGNORES_CACHE_TTL = "ignores-cache-ttl"
    IGNORES_CACHE_KEY = "ignores-cache-key"
    KEEPS_TOO_LONG = "keeps-too-long"
    FORGETS_EARLY = "forgets-early"
    IGNORES_RATE_LIMIT = "ignores-rate-limit"
    NEVER_RETRIES = "never-retries"
    NEVER_FALLS_BACK = "never-falls-back"
    MISTAKES_CONDITIONS = "mistakes-conditions"
    NEVER_LOGS = "never-logs"
    LOGS_ALL = "logs-all"
    LOSES_LOGS = "loses-logs"
    LOSES_METADATA = "loses-metadata"
    IGNORES_HAZARDOUS_PROMPTS = "ignores-hazardous-prompts"
    IGNORES_HAZARDOUS_ANSWERS = "ignores-hazardous-answers"
    IGNORES_DATA_IN_REQUESTS = "ignores-data-in-requests"
    IGNORES_DATA_IN_ANSWERS = "ignores-data-in-answers"
    CUTS_STREAMS = "cuts-streams"
    GARBLES_ANSWERS = "garbles-answers"
    ANSWERS_OFF_TOPIC = "answers-off-topic"
    ANSWERS_AT_LENGTH = "answers-at-length"


#: Fields that the gateway takes to be otherwise.
_FIELDS: dict[Switch, Document] = {
    Switch.ASKS_FOR_TOKEN: {"authentication": True},
    Switch.NEVER_CACHES: {"cache_ttl": 0},
    Switch.IGNORES_RATE_LIMIT: {"rate_limiting_limit": 0},
    Switch.NEVER_RETRIES: {"retry_max_attempts": 1},
    Switch.NEVER_LOGS: {"collect_logs": False},
    Switch.LOGS_ALL: {"collect_logs": True},
}
#: Where it looks for no hazards, and for no data.
_UNGUARDED = {
    Switch.IGNORES_HAZARDOUS_PROMPTS: "prompt",
    Switch.IGNORES_HAZARDOUS_ANSWERS: "response",
}
_UNSCANNED = {
    Switch.IGNORES_DATA_IN_REQUESTS: "REQUEST",
    Switch.IGNORES_DATA_IN_ANSWERS: "RESPONSE",
}
#: Headers that it does not see.
_UNSEEN: dict[Switch, frozenset[bytes]] = {
    Switch.NEVER_CACHES: frozenset((_TTL, _KEY)),
    Switch.CACHES_ALL: frozenset((_TTL, _SKIP)),
    Switch.IGNORES_SKIP_CACHE: frozenset((_SKIP,)),
    Switch.IGNORES_CACHE_TTL: frozenset((_TTL,)),
    Switch.IGNORES_CACHE_KEY: frozenset((_KEY,)),
    Switch.NEVER_RETRIES: frozenset((b"cf-aig-max-attempts",)),
    Switch.NEVER_LOGS: frozenset((b"cf-aig-collect-log",)),
    Switch.LOGS_ALL: frozenset((b"cf-aig-collect-log",)),
    Switch.LOSES_METADATA: frozenset((b"cf-aig-metadata",)),
}


class Switches:
    """Those that are on; none unless somebody says so."""

    def __init__(self) -> None:
        self.on: set[Switch] = set()

    def lets_in(self, call: Call) -> bool:
        """Whether the gateway's token is not looked at."""
        has_token = b"cf-aig-authorization" in call.headers
        switch = Switch.TAKES_ANY_TOKEN if has_token else Switch.SERVES_WITHOUT_TOKEN
        return switch in self.on

    def seen(self, call: Call) -> Call:
        """A call as a gateway with these faults sees it."""
        if not self.on:
            return call
        gateway = dict(call.gateway)
        unseen: set[bytes] = set()
        for switch in self.on:
            gateway |= _FIELDS.get(switch, {})
            unseen |= _UNSEEN.get(switch, frozenset())
        gateway |= self._blind(gateway)
        headers = {name: value for name, value in call.headers.items() if name not in unseen}
        gateway["cache_ttl"], times = self._times(gateway["cache_ttl"], headers)
        return replace(call, gateway=gateway, headers=headers | times)

    def _blind(self, gateway: Document) -> Document:
        """Guardrails and DLP that do not look everywhere."""
        blind: Document = {}
        for switch in self.on:
            part, check = _UNGUARDED.get(switch), _UNSCANNED.get(switch)
            if part and gateway.get("guardrails"):
                blind["guardrails"] = {**gateway["guardrails"], part: {}}
            if check and (gateway.get("dlp") or {}).get("policies"):
                policies = [
                    {**policy, "check": [each for each in policy["check"] if each != check]}
                    for policy in gateway["dlp"]["policies"]
                ]
                blind["dlp"] = {**gateway["dlp"], "policies": policies}
        return blind

    def _times(self, ttl: int, headers: Headers) -> tuple[int, dict[bytes, bytes]]:
        asked = header_of(headers, _TTL) or ""
        if not asked.isascii() or not asked.isdigit():
            asked = ""
        if Switch.CACHES_ALL in self.on:
            return ttl or _LONG, {}
        if Switch.KEEPS_TOO_LONG in self.on:
            return ttl and MAX_TTL, {_TTL: str(MAX_TTL).encode()} if asked else {}
        if Switch.FORGETS_EARLY in self.on:
            return ttl // 2, {_TTL: str(int(asked) // 2).encode()} if asked else {}
        return ttl, {}

    def answered(self, answered: Answered) -> Answered:
        """A provider's good answer as it comes out of a gateway with these faults."""
        if not self.on or answered.failed:
            return answered
        if Switch.CUTS_STREAMS in self.on and answered.stream is not None:
            answered.stream = without(answered.stream, b"[DONE]")
        if Switch.GARBLES_ANSWERS in self.on:
            answered.content, answered.stream = b'{"nothing":"of the kind"}', None
        if Switch.ANSWERS_OFF_TOPIC in self.on:
            answered.content = answered.content.replace(b"You asked", b"Nobody asked")
        if Switch.ANSWERS_AT_LENGTH in self.on:
            answered.content = _COMPLETION.sub(rb"\g<1>\g<2>000", answered.content)
        return answered
