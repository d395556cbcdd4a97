"""What is checked."""

from enum import StrEnum

#: A cache may miss once more than it must (a custom key was seen to MISS twice).
CACHED_TRIES = 3
#: A cache that is on shows itself in the second identical call.
UNCACHED_TRIES = 2
#: One slow answer is not yet a slow model.
LATENCY_TRIES = 3


class Kind(StrEnum):
    """The last part of a check's id; the lines are in the order in which they run."""

    ANSWER = "answer"
    STREAM = "stream"
    AUTHENTICATION_OFF = "authentication-off"
    LOGGED = "logged"
    NOT_LOGGED = "not-logged"
    EXPECTED_JSON = "expected-json"
    EXPECTED_COST = "expected-cost"
    EXPECTED_LATENCY = "expected-latency"
    ROUTE = "route"
    CACHE_HIT = "cache-hit"
    CACHE_OFF = "cache-off"
    CACHE_KEY = "cache-key"
    LOG_FOUND = "log-found"
    AUTHENTICATION_REQUIRED = "authentication-required"
    WRONG_TOKEN_REFUSED = "wrong-token-refused"  # noqa: S105  # a kind's name
    GUARDRAILS_PROMPT = "guardrails-prompt"
    GUARDRAILS_RESPONSE = "guardrails-response"
    DLP_REQUEST = "dlp-request"
    DLP_RESPONSE = "dlp-response"
    CACHE_EXPIRES = "cache-expires"
    RETRIES = "retries"
    FALLBACK = "fallback"
    RATE_LIMIT = "rate-limit"


#: Judged, at least in part, by the call with the token.
ACCEPTED_KINDS = frozenset({
    Kind.ANSWER, Kind.STREAM, Kind.AUTHENTICATION_OFF, Kind.LOGGED, Kind.NOT_LOGGED,
    Kind.EXPECTED_JSON, Kind.EXPECTED_COST, Kind.EXPECTED_LATENCY, Kind.ROUTE, Kind.CACHE_HIT,
    Kind.CACHE_OFF, Kind.CACHE_KEY, Kind.LOG_FOUND,
})  # fmt: skip
REFUSED_KINDS = frozenset({Kind.AUTHENTICATION_REQUIRED, Kind.WRONG_TOKEN_REFUSED})
#: With an input that the gateway is to act on.
MARKED_KINDS = frozenset({
    Kind.GUARDRAILS_PROMPT, Kind.GUARDRAILS_RESPONSE, Kind.DLP_REQUEST, Kind.DLP_RESPONSE,
})  # fmt: skip
#: What comes when all else is done: these wait, or leave the gateway changed for a while.
LATE_KINDS = frozenset({Kind.CACHE_EXPIRES, Kind.RETRIES, Kind.FALLBACK, Kind.RATE_LIMIT})
