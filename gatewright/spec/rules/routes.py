"""Rules about dynamic routes."""

from gatewright.model import Severity
from gatewright.spec.rules.rule import SOUND, Rule, gateway

_MODEL = 'model: "@cf/meta/llama-3.1-8b-instruct", provider: workers-ai, timeout: 10s, retries: 1'
_LARGE = f"      large: {{{_MODEL}, fallback: small}}\n"
_SMALL = f"      small: {{{_MODEL}}}\n"
_SPLIT = "      split: {percentage: PERCENTAGES}\n"
_ACME = {
    "gateways/custom-providers/acme.yaml": "slug: acme\nbase_url: https://api.example.com\n",
}


def _route(steps: str, start: str = "large") -> str:
    return f"{SOUND}routes:\n  assistant:\n    start: {start}\n    steps:\n{steps}"


_GOOD = gateway(_route(_LARGE + _SMALL))


def _split(percentages: str) -> str:
    return _route(_SPLIT.replace("PERCENTAGES", percentages) + _LARGE + _SMALL, "split")


def _error(rule: str, summary: str, rationale: str, bad: str, good: str | None = None) -> Rule:
    return Rule(
        rule,
        Severity.ERROR,
        summary,
        rationale,
        gateway(bad),
        gateway(good) if good else _GOOD,
    )


def _warning(rule: str, summary: str, rationale: str, bad: str) -> Rule:
    return Rule(rule, Severity.WARNING, summary, rationale, gateway(bad), _GOOD, adjustable=True)


_IF = "      which: {conditional: CONDITION, then: large, else: small}\n"


def _condition(text: str) -> str:
    return _route(_IF.replace("CONDITION", text) + _LARGE + _SMALL, "which")


RULES = (
    _error(
        "step-form",
        "a step of a route that does nothing, or two things",
        "A step calls a model, or decides by a condition, a rate or percentages which step is "
        "next. Cloudflare has an element for each, and none for two of them.",
        _route(_LARGE + _SMALL.replace("}", ", else: end}")),
    ),
    _error(
        "unknown-step",
        "a route that leads to a step which is not there",
        "Cloudflare refuses such a route in the middle of a deployment.",
        _route(_LARGE + _SMALL.replace("small", "smal")),
    ),
    _error(
        "route-circle",
        "steps of a route that lead back to themselves",
        "A request would never come to an end.",
        _route(_LARGE + _SMALL.replace("}", ", fallback: large}")),
    ),
    _error(
        "route-percentages",
        "percentages that are not a hundred in all, or cannot be sent",
        "Cloudflare takes percentages only if they total 100, and has no `else` for a rest. It "
        "tells the outputs apart by their numbers, five at most: two equal ones are sent as "
        "three, such as 50, 49 and 1, so four equal ones are too many.",
        _split("{large: 10, small: 80}"),
        _split("{large: 10, small: 90}"),
    ),
    _warning(
        "unknown-operator",
        "a condition of a route with an operator that nobody knows",
        "Cloudflare takes operators in the manner of MongoDB and publishes no list. A misspelt "
        "one is not refused where it is written: the step then sends every request the same way.",
        _condition("{metadata.plan: {$equals: paid}}"),
    ),
    _warning(
        "condition-field",
        "a condition of a route on what no request has",
        "A condition sees a request's metadata, headers and body. On anything else it is never "
        "true, and every request goes to `else`.",
        _condition("{metdata.plan: paid}"),
    ),
    _warning(
        "unreachable-step",
        "a step of a route that nothing leads to",
        "Somebody believes that it does something. Often another step was to name it.",
        _route(_LARGE + _SMALL + _SMALL.replace("small", "tiny")),
    ),
    _warning(
        "missing-fallback",
        "a step of a route after whose failure nothing is tried",
        "A request fails if its model does. Written as `fallback: end` that is a decision; a "
        "model that is a fallback itself needs none, it is the last resort.",
        _route(_LARGE.replace(", fallback: small", "")),
    ),
    Rule(
        "custom-provider-in-route",
        Severity.WARNING,
        "a custom provider within a dynamic route",
        "Several people saw Cloudflare fail there with code 2005, while the same provider "
        "answered when it was called by itself (cloudflare-docs, issue 29840).",
        bad={
            "gateways/support.yaml": _route(_LARGE.replace("workers-ai", "custom-acme") + _SMALL),
            **_ACME,
        },
        good=_GOOD,
        adjustable=True,
    ),
)
