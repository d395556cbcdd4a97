"""Rules about the keys that gateways keep for providers (BYOK)."""

from gatewright.model import Severity
from gatewright.spec.rules.rule import SOUND, Files, Rule, gateway

_KEY = "provider_configs:\n  main: {{provider: openai, {}}}\n"
_REFERENCE = "secret: {env: OPENAI_API_KEY}"
_ID = "secret_id: 0123456789abcdef0123456789abcdef"
_TWO = """\
provider_configs:
  main: {provider: openai, secret: {env: OPENAI_API_KEY}, default: true}
  trial: {provider: openai, secret: {env: OPENAI_TRIAL_KEY}, FIELD}
"""


def _two(field: str) -> Files:
    return gateway(SOUND + _TWO.replace(", FIELD", field))


def _key(fields: str, before: str = "") -> Files:
    return gateway(SOUND + before + _KEY.format(fields))


def _error(rule: str, summary: str, rationale: str, *, bad: Files, good: Files) -> Rule:
    return Rule(rule, Severity.ERROR, summary, rationale, bad, good)


def _warning(rule: str, summary: str, rationale: str, *, bad: Files, good: Files) -> Rule:
    return Rule(rule, Severity.WARNING, summary, rationale, bad, good, adjustable=True)


RULES = (
    _error(
        "two-secrets",
        "a provider key that is both given and named",
        "`secret` makes a new secret of a value, `secret_id` takes one that exists. Which of the "
        "two was meant is anybody's guess.",
        bad=_key(f"{_REFERENCE}, {_ID}"),
        good=_key(_REFERENCE),
    ),
    _error(
        "duplicate-default",
        "two default keys for one provider",
        "A request that names no alias gets one of them, and nobody says which.",
        bad=_two(", default: true"),
        good=_two(""),
    ),
    _error(
        "duplicate-alias",
        "two keys of one provider with the same alias",
        "Cloudflare refuses the second in the middle of a deployment.",
        bad=_two(", alias: main"),
        good=_two(""),
    ),
    _warning(
        "byok-secret-name",
        "a secret's name where its id is needed",
        "The API takes the id. The name matters too: a gateway finds the secret by "
        "`{gateway}_{provider}_{alias}`, with underscores between.",
        bad=_key("secret_id: support_openai_main"),
        good=_key(_ID),
    ),
    _warning(
        "byok-without-keys",
        "`byok_only` without a key",
        "With `byok_only`, requests without keys of your own are refused with 400. Cloudflare "
        "gives a new gateway a store with nothing in it; a reviewer sees here which one has the "
        "keys. Clients that send theirs need none here, nor do calls of Workers AI.",
        bad=gateway(SOUND + "byok_only: true\n"),
        good=_key(_REFERENCE, "byok_only: true\n"),
    ),
    _warning(
        "zdr-byok",
        "zero data retention for requests with keys of your own",
        "`zdr` holds for requests paid through Unified Billing only. With keys of your own what "
        "the provider keeps is between you and the provider.",
        bad=_key(_REFERENCE, "zdr: true\nlogs: {collect: true}\n"),
        good=_key(_REFERENCE, "logs: {collect: true}\n"),
    ),
)
