"""Rules about endpoints and the providers they call."""

from gatewright.model import Severity
from gatewright.spec.rules.rule import SOUND, Files, Rule, gateway

_ENDPOINT = (
    "endpoints:\n  ask:\n    provider: {}\n    path: v1/chat/completions\n    body: {{{}}}\n"
)
_BODY = "model: gpt-4o-mini, messages: [{role: user, content: Hello}]"
_OPENAI = SOUND + _ENDPOINT.format("openai", _BODY)
_CUSTOM = SOUND + _ENDPOINT.format("custom-acme", _BODY)
_ACME = "slug: acme\nbase_url: https://api.example.com\n"
_KEYS = """\
provider_configs:
  main: {provider: openai, secret: {env: OPENAI_API_KEY}, default: true}
"""
_ROUTE = """\
routes:
  assistant:
    start: small
    steps:
      small: {model: "@cf/meta/llama-3.1-8b-instruct", provider: workers-ai, timeout: 10s,
        retries: 1, fallback: end}
endpoints:
  ask:
    route: NAME
    body: {messages: [{role: user, content: Hello}]}
"""


def _acme(gateway_text: str, more: str = "") -> Files:
    return {
        "gateways/support.yaml": gateway_text,
        "gateways/custom-providers/acme.yaml": _ACME + more,
    }


def _error(
    rule: str,
    summary: str,
    rationale: str,
    *,
    bad: Files,
    good: Files,
    adjustable: bool = True,
) -> Rule:
    return Rule(rule, Severity.ERROR, summary, rationale, bad, good, adjustable=adjustable)


RULES = (
    _error(
        "endpoint-form",
        "an endpoint with a key that its form does not have",
        "An endpoint calls Workers AI, another provider by its path, a `compat` form, or a route. "
        "What does not belong to it would be passed over.",
        bad=gateway(_OPENAI.replace("    body", "    model: gpt-4o\n    body")),
        good=gateway(_OPENAI),
        adjustable=False,
    ),
    _error(
        "unknown-provider",
        "a provider that gatewright does not know",
        "A gateway answers a path that begins with another name with an error. Cloudflare adds "
        "providers, so it may exist; a provider of your own is called `custom-…`.",
        bad=gateway(_OPENAI.replace("openai", "opnai")),
        good=gateway(_OPENAI),
    ),
    _error(
        "unknown-custom-provider",
        "a custom provider that no file declares",
        "The calls fail, unless it was made by other means. A provider with keys of its own is "
        "worth a file.",
        bad=gateway(_CUSTOM),
        good=_acme(_CUSTOM),
    ),
    Rule(
        "disabled-provider",
        Severity.WARNING,
        "a custom provider that is called and not enabled",
        "Cloudflare does not pass requests on to it.",
        bad=_acme(_CUSTOM, "enable: false\n"),
        good=_acme(_CUSTOM),
        adjustable=True,
    ),
    _error(
        "unknown-route",
        "a route that the gateway does not declare",
        "The calls fail with code 2002, unless it was made by other means. Routes belong to one "
        "gateway: those of others do not count.",
        bad=gateway(SOUND + _ROUTE.replace("NAME", "assistent")),
        good=gateway(SOUND + _ROUTE.replace("NAME", "assistant")),
    ),
    _error(
        "unknown-byok-alias",
        "an alias that no key of the gateway has for the provider",
        "The gateway answers with 400 and code 2040. It looks among the keys of the provider "
        "that is called only.",
        bad=gateway(_OPENAI + "    request: {byok_alias: other}\n" + _KEYS),
        good=gateway(_OPENAI + "    request: {byok_alias: main}\n" + _KEYS),
    ),
    Rule(
        "slow-request",
        Severity.WARNING,
        "timeouts and attempts that take longer than clients wait",
        "All attempts happen within the client's one request, one after another. Node's own "
        "client, for one, gives up after five minutes without an answer; what the gateway still "
        "tries then costs money and helps nobody.",
        bad=gateway(_OPENAI + "    request: {timeout: 2m, max_attempts: 3}\n"),
        good=gateway(_OPENAI + "    request: {timeout: 20s, max_attempts: 3}\n"),
        adjustable=True,
    ),
)
