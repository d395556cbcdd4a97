"""Rules about what a gateway, its tokens and its account do together."""

from gatewright.model import Severity
from gatewright.spec.rules.rule import CALLER, SOUND, Files, Rule, gateway, token

_OPEN = "id: support\nauthentication: false\n"
_ENDPOINT = """\
endpoints:
  answer:
    provider: workers-ai
    model: "@cf/meta/llama-3.1-8b-instruct"
    body: {BODY}
"""
_CALLED = _ENDPOINT.replace("BODY", "prompt: Hello")
_LIMITS = "spend_limits: {rules: [{limit: 5, window: 1d}]}\n"
_DLP = """\
dlp:
  policies:
    - {id: cards, action: FLAG, check: [REQUEST, RESPONSE], profiles: [credit-cards]}
"""
_BUDGETS = """\
spend_limits:
  rules:
    - {id: all, limit: LIMIT, window: 1d}
    - {id: openai, limit: 10, window: 1d, provider: [openai]}
    - {id: mistral, limit: 5, window: 1d, provider: [mistral]}
"""
_GUARDED = SOUND + "guardrails: {prompt: {hate: BLOCK}}\n"
_STORE = "store_id: 0123456789abcdef0123456789abcdef\n"
_EXPIRES = "expires: 2027-06-30\n"
_RUN_ONLY = "name: smoke\npermissions: [AI Gateway Run]\n"


def _adjustable(
    rule: str, severity: Severity, summary: str, rationale: str, *, bad: Files, good: Files
) -> Rule:
    return Rule(rule, severity, summary, rationale, bad, good, adjustable=True)


RULES = (
    _adjustable(
        "open-logs",
        Severity.WARNING,
        "a gateway that logs the requests of anybody",
        "Without authentication whoever learns the address can fill the account's logs, which "
        "are limited, with whatever they like. A warning: Cloudflare takes it, and a public "
        "demonstration may want it.",
        bad=gateway(_OPEN),
        good=gateway(_OPEN + "logs: {collect: false}\n"),
    ),
    _adjustable(
        "open-keys",
        Severity.ERROR,
        "a gateway that lets anybody use its provider keys",
        "The keys in the gateway's store are added to requests that have none. Without "
        "authentication whoever learns the address spends your money at the provider.",
        bad=gateway(_OPEN + "logs: {collect: false}\n" + _STORE),
        good=gateway(SOUND + _STORE),
    ),
    _adjustable(
        "zdr-logs",
        Severity.WARNING,
        "zero data retention that may be taken for no logs",
        "`zdr` is about what the provider keeps, and only for requests paid through Unified "
        "Billing. The gateway logs prompts and answers all the same unless `logs` says otherwise.",
        bad=gateway(SOUND + "zdr: true\n"),
        good=gateway(SOUND + "zdr: true\nlogs: {collect: false}\n"),
    ),
    _adjustable(
        "postpaid-spend-limits",
        Severity.WARNING,
        "spend limits on calls that are billed afterwards",
        "Spend limits count what is paid through Unified Billing. Calls of Workers AI in the "
        "billing mode `postpaid`, which is the default, pass them by.",
        bad=gateway(SOUND + _LIMITS + _CALLED),
        good=gateway(SOUND + "workers_ai_billing_mode: unified\n" + _LIMITS + _CALLED),
    ),
    _adjustable(
        "unguarded-stream",
        Severity.WARNING,
        "an endpoint that streams past the guardrails",
        "Guardrails judge a whole answer. One that is streamed has reached its reader by then, "
        "so Cloudflare does not look at it.",
        bad=gateway(_GUARDED + _ENDPOINT.replace("BODY", "prompt: Hello, stream: true")),
        good=gateway(_GUARDED + _CALLED),
    ),
    _adjustable(
        "buffered-stream",
        Severity.INFO,
        "an endpoint whose stream is held back by DLP",
        "DLP has to see a whole answer before it can let it pass. That is no mistake, but the "
        "first word comes when the last one is written.",
        bad=gateway(SOUND + _DLP + _ENDPOINT.replace("BODY", "prompt: Hello, stream: true")),
        good=gateway(
            SOUND
            + _DLP.replace("REQUEST, RESPONSE", "REQUEST")
            + _ENDPOINT.replace("BODY", "prompt: Hello, stream: true")
        ),
    ),
    _adjustable(
        "budget-shares",
        Severity.WARNING,
        "limits of parts that are more than the limit of the whole",
        "Each part may believe in its own limit. In fact the first to spend leaves less to the "
        "others. That can be meant, as an overbooking is.",
        bad=gateway(SOUND + _BUDGETS.replace("LIMIT", "10")),
        good=gateway(SOUND + _BUDGETS.replace("LIMIT", "15")),
    ),
    _adjustable(
        "zero-limit",
        Severity.WARNING,
        "a rate or a timeout of a route, or the window of a spend rule, that is 0",
        "Cloudflare's API gives no least value here, and says nowhere what a 0 does. For a "
        "gateway's own rate limiting it means that there is no limit; here it may as well let "
        "nothing through.",
        bad=gateway(SOUND + _LIMITS.replace("1d", "0")),
        good=gateway(SOUND + _LIMITS),
    ),
    _adjustable(
        "nothing-to-skip",
        Severity.WARNING,
        "an endpoint that skips a cache which is not there",
        "Either the cache was forgotten, or `skip` is left over from one.",
        bad=gateway(SOUND + _CALLED + "    cache: {skip: true}\n"),
        good=gateway(SOUND + "cache: {ttl: 1h}\n" + _CALLED + "    cache: {skip: true}\n"),
    ),
    _adjustable(
        "uncallable-gateway",
        Severity.WARNING,
        "a gateway that no declared token can call",
        "Its requests need a token with `AI Gateway Run`. Nothing is said in a project that "
        "declares no tokens at all: then they come from elsewhere.",
        bad={
            "gateways/support.yaml": SOUND,
            **token("name: smoke\npermissions: [Workers AI Read]\n" + _EXPIRES),
        },
        good={"gateways/support.yaml": SOUND, **CALLER},
    ),
    _adjustable(
        "smoke-permission",
        Severity.WARNING,
        "a token for the smoke checks that lacks a permission",
        "The checks send one token both to the gateway, which takes `AI Gateway Run`, and to the "
        "provider: Workers AI takes `Workers AI Read`. No declared token has both.",
        bad={"gateways/support.yaml": SOUND + _CALLED, **token(_RUN_ONLY + _EXPIRES)},
        good={"gateways/support.yaml": SOUND + _CALLED, **CALLER},
    ),
    _adjustable(
        "token-reach",
        Severity.WARNING,
        "a token that calls gateways and may do more",
        "It lies in the settings of every client. Permissions hold for the whole account, so "
        "whoever finds it there could read the bills, or change and delete every gateway.",
        bad=token("name: smoke\npermissions: [AI Gateway Run, AI Gateway Write]\n" + _EXPIRES),
        good=token("name: smoke\npermissions: [AI Gateway Run]\n" + _EXPIRES),
    ),
    _adjustable(
        "token-wording",
        Severity.WARNING,
        "a token that claims to be for one gateway",
        "No token is bound to a gateway: `AI Gateway Run` opens all of the account's, with their "
        "keys and budgets. A name that says otherwise misleads whoever judges a leak.",
        bad={
            "gateways/support.yaml": SOUND,
            "gateways/drafts.yaml": "id: drafts\nauthentication: true\n",
            **token("name: smoke support\npermissions: [AI Gateway Run]\n" + _EXPIRES),
        },
        good={
            "gateways/support.yaml": SOUND,
            "gateways/drafts.yaml": "id: drafts\nauthentication: true\n",
            **token("name: smoke\npermissions: [AI Gateway Run]\n" + _EXPIRES),
        },
    ),
    _adjustable(
        "token-without-expiry",
        Severity.WARNING,
        "a token that works for ever",
        "One that leaks unnoticed can be used until somebody notices. An end makes its "
        "replacement a matter of course.",
        bad=token(_RUN_ONLY),
        good=token(_RUN_ONLY + _EXPIRES),
    ),
    _adjustable(
        "token-expired",
        Severity.WARNING,
        "a token that no longer works",
        "Whoever still sends it is refused. A warning: a day that passes changes no file, and "
        "must not stop the deployment of everything else.",
        bad=token(_RUN_ONLY + "expires: 2020-01-31\n"),
        good=token(_RUN_ONLY + _EXPIRES),
    ),
    _adjustable(
        "too-many-gateways",
        Severity.WARNING,
        "more gateways than the account's plan allows",
        "Cloudflare refuses the next one in the middle of a deployment: an account has at most "
        "10 gateways on a free plan and 20 on a paid one. `plan` in `gatewright.yaml` says "
        "which; without it, only more than 20 are reported.",
        bad={
            "gatewright.yaml": "plan: free\n",
            **{f"gateways/g{n}.yaml": f"id: g{n}\nauthentication: true\n" for n in range(10, 21)},
        },
        good={
            "gatewright.yaml": "plan: paid\n",
            **{f"gateways/g{n}.yaml": f"id: g{n}\nauthentication: true\n" for n in range(10, 21)},
        },
    ),
)
