"""Error codes of the gateway and of Workers AI: whose fault, what it means, what to do.

Source: Cloudflare's documentation of AI Gateway (authentication, guardrails, DLP, spend
limits, BYOK), of Workers AI's errors, and codes seen on the wire (2003, 2018, 2021).
"""

from gatewright.smoke.layer import Fault, Layer

_CORRECT_MODEL = "correct the endpoint's `model`"
_CORRECT_BODY = "correct the endpoint's `body`"
_ASK_LATER = "try again later, and look at the provider's status page"
_LOOSEN = "change the endpoint's `body`, or the gateway's rule that blocks it"
_SPENT = Fault(
    Layer.GATEWAY,
    "a spend limit of the gateway is used up",
    "wait for the limit's window to pass, or raise the limit",
)
_BLOCKED_BY_DLP = "data loss prevention blocked the {}"
_BLOCKED_BY_GUARDRAILS = "guardrails blocked the {}"
_NOT_ALLOWED = Fault(
    Layer.PROVIDER,
    "the account may not use this model",
    "accept the model's terms in the dashboard, or declare another `model`",
)
_NO_SUCH_MODEL = Fault(Layer.SPEC, "there is no such model", _CORRECT_MODEL)
_BAD_INPUT = Fault(Layer.SPEC, "the model does not take this body", _CORRECT_BODY)
_TOO_SLOW = Fault(
    Layer.PROVIDER,
    "the model took too long",
    "try again later, or declare a smaller `max_tokens` in the endpoint's `body`",
)

FAULTS = {
    2001: Fault(
        Layer.GATEWAY,
        "the account has no gateway of this id",
        "run `pulumi up`, and check that the outputs are of this stack",
    ),
    2002: Fault(
        Layer.GATEWAY, "the dynamic route failed", "look at the route's steps in the gateway's logs"
    ),
    2003: Fault(
        Layer.SPEC,
        "the gateway's own rate limit is reached",
        "wait for the interval to pass, or raise `rate_limiting.limit`",
    ),
    2005: Fault(Layer.PROVIDER, "the provider did not answer the gateway", _ASK_LATER),
    2008: Fault(
        Layer.SPEC, "the gateway knows no such provider", "correct the endpoint's `provider`"
    ),
    2009: Fault(
        Layer.TOKEN,
        "the gateway refused the token",
        "give it `AI Gateway Run`; check that it is of this account and not expired",
    ),
    2016: Fault(Layer.SPEC, _BLOCKED_BY_GUARDRAILS.format("prompt"), _LOOSEN),
    2017: Fault(Layer.SPEC, _BLOCKED_BY_GUARDRAILS.format("answer"), _LOOSEN),
    2018: Fault(
        Layer.GATEWAY,
        "the rate limit of Unified Billing is reached",
        "wait a minute: a gateway has 200 such requests in 60 s",
    ),
    2019: Fault(Layer.SPEC, "the body is no chat completion", _CORRECT_BODY),
    2021: Fault(
        Layer.GATEWAY,
        "the account has no credits left; the request did reach the gateway",
        "add credits in the dashboard",
    ),
    2029: Fault(Layer.SPEC, _BLOCKED_BY_DLP.format("request"), _LOOSEN),
    2030: Fault(Layer.SPEC, _BLOCKED_BY_DLP.format("answer"), _LOOSEN),
    2040: Fault(
        Layer.SPEC,
        "the gateway could not resolve the provider's key, or the model for a spend limit",
        "correct the key's alias or the endpoint's `model`",
    ),
    2041: _SPENT,
    2045: _SPENT,
    3003: _BAD_INPUT,
    3006: Fault(Layer.SPEC, "the body is too large for the model", _CORRECT_BODY),
    3007: _TOO_SLOW,
    3008: _TOO_SLOW,
    3023: _NOT_ALLOWED,
    3036: Fault(
        Layer.PROVIDER,
        "the account's free neurons of the day are used up",
        "wait for tomorrow, or use a paid plan",
    ),
    3039: _BAD_INPUT,
    3040: Fault(Layer.PROVIDER, "Workers AI has no capacity left for this model", _ASK_LATER),
    3041: _NOT_ALLOWED,
    3042: _NO_SUCH_MODEL,
    5004: _BAD_INPUT,
    5005: Fault(Layer.SPEC, "the model does not take this kind of call", _CORRECT_MODEL),
    5007: _NO_SUCH_MODEL,
    5016: _NOT_ALLOWED,
    5018: _NOT_ALLOWED,
    5019: Fault(Layer.SPEC, "the model does not take this kind of call", _CORRECT_MODEL),
    7003: Fault(
        Layer.SPEC, "there is no such path or model", "correct the endpoint's `api` or `model`"
    ),
    10000: Fault(
        Layer.TOKEN,
        "Workers AI refused the token, which the gateway had let through",
        "give it `Workers AI Read`; check that it is of this account and not expired",
    ),
}
