"""Rules about spend limits, guardrails, DLP, secrets and the times of tokens."""

from gatewright.model import Severity
from gatewright.spec.rules.rule import CALLER, SOUND, Files, Rule, gateway, token

_SPEND = "spend_limits:\n  rules:\n"
_TOKEN = "name: smoke\npermissions: [AI Gateway Run]\n"  # noqa: S105  # no secret
_STRIPE = "stripe:\n  authorization: VALUE\n  usage_events: [{payload: '{}'}]\n"


def _error(rule: str, summary: str, rationale: str, *, bad: Files, good: Files) -> Rule:
    return Rule(rule, Severity.ERROR, summary, rationale, bad, good)


RULES = (
    _error(
        "literal-secret",
        "a secret written into a spec",
        "Whoever can read the repository, now or in its history, can use it. A spec says only "
        "where the secret is at deploy time. Reports show a mask in its place.",
        bad=gateway(SOUND + _STRIPE.replace("VALUE", "not-a-real-key")),
        good=gateway(SOUND + _STRIPE.replace("VALUE", "{env: STRIPE_KEY}")),
    ),
    _error(
        "duplicate-rule-id",
        "two spend rules, or two DLP policies, with the same id",
        "Cloudflare knows them by their ids, so one of them would silently be missing. A spend "
        "rule without an id gets one made from what it counts.",
        bad=gateway(
            SOUND + _SPEND + "    - {limit: 5, window: 1d}\n    - {limit: 9, window: 24h}\n"
        ),
        good=gateway(
            SOUND + _SPEND + "    - {limit: 5, window: 1d}\n    - {limit: 1, window: 1h}\n"
        ),
    ),
    _error(
        "duplicate-hazard",
        "a hazard category by its name and by its code",
        "It can have one action only, and which of the two was meant is anybody's guess.",
        bad=gateway(SOUND + "guardrails: {prompt: {hate: FLAG, S10: BLOCK}}\n"),
        good=gateway(SOUND + "guardrails: {prompt: {hate: BLOCK}}\n"),
    ),
    _error(
        "dlp-forms",
        "DLP with policies and with profiles of its own",
        "Cloudflare takes one form or the other: the same profiles for everything, or policies "
        "that say for each what they check.",
        bad=gateway(
            SOUND + "dlp:\n  action: FLAG\n  policies:\n"
            "    - {id: cards, action: BLOCK, check: [REQUEST], profiles: [cards]}\n"
        ),
        good=gateway(SOUND + "dlp: {action: FLAG, profiles: [cards]}\n"),
    ),
    _error(
        "token-never-valid",
        "a token that expires before it becomes valid",
        "Every request with it would be refused.",
        bad=token(_TOKEN + "not_before: 2027-07-01\nexpires: 2027-06-30\n"),
        good=CALLER,
    ),
)
