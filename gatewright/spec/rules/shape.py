"""Rules about the shape of a spec; the JSON Schemas have the authority."""

from gatewright.model import Severity
from gatewright.spec.rules.rule import SOUND, Rule, gateway

_RETRIES = gateway(SOUND + "retries: {max_attempts: 3, delay: 500ms}\n")


def _rule(rule: str, summary: str, rationale: str, bad: str) -> Rule:
    return Rule(rule, Severity.ERROR, summary, rationale, gateway(bad), _RETRIES)


RULES = (
    _rule(
        "unknown-key",
        "a key that the schema does not know",
        "A misspelt key that is passed over means a setting that nobody notices is missing.",
        SOUND + "retry: {max_attempts: 3}\n",
    ),
    _rule(
        "missing-key",
        "a mapping without a key it must have",
        "There is no default that would be right for everybody: whether a gateway asks for "
        "authentication is a decision to be written down.",
        "id: support\n",
    ),
    _rule(
        "wrong-type",
        "a value of another type than its field",
        "A text that looks like a number is not one. Guessing would hide the mistake until "
        "Cloudflare, or nobody, complains.",
        SOUND + 'retries: {max_attempts: "3"}\n',
    ),
    _rule(
        "not-allowed",
        "a value that is not one of those allowed",
        "Cloudflare takes these words only, letter by letter.",
        SOUND + "retries: {max_attempts: 3, backoff: quadratic}\n",
    ),
    _rule(
        "out-of-range",
        "a number, duration, length or count beyond its bounds",
        "Cloudflare refuses it in the middle of a deployment, or takes it and does something "
        "else. A cache keeps answers from one minute to 30 days, for instance.",
        SOUND + "cache: {ttl: 30s}\n",
    ),
    _rule(
        "bad-format",
        "a text that does not have its field's format",
        "A duration has a unit, an address is one that exists, an id fits into a URL.",
        SOUND + "cache: {ttl: one hour}\n",
    ),
)
