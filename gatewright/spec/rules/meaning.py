"""Rules about what the fields and files mean together."""

from gatewright.model import Severity
from gatewright.spec.rules.rule import CALLER, SOUND, Rule, gateway, token

_ENDPOINT = """\
endpoints:
  chat:
    provider: workers-ai
    api: chat-completions
    model: "@cf/meta/llama-3.1-8b-instruct"
    body: {BODY}
"""
_CACHED = """\
cache: {ttl: 1h}
endpoints:
  answer:
    provider: workers-ai
    model: "@cf/meta/llama-3.1-8b-instruct"
    body: {prompt: What is Cloudflare?}
    cache: CACHE
"""
_BODY = "messages: [{role: user, content: Hello}]"
_TOKEN = "name: smoke\npermissions: [AI Gateway Run, Workers AI Read]\nexpires: 2027-06-30\n"  # noqa: S105  # the names of permissions are no secret

RULES = (
    Rule(
        "duplicate-id",
        Severity.ERROR,
        "two files that declare the same key",
        "The account has one gateway of an id: which of the two files would it be?",
        bad={"gateways/support.yaml": SOUND, "gateways/support.yml": SOUND},
        good=gateway(SOUND),
    ),
    Rule(
        "unknown-cache-policy",
        Severity.ERROR,
        "a cache policy that no file declares",
        "The gateway would have to go without the cache that was meant.",
        bad=gateway(SOUND + "cache: answers\n"),
        good={
            "gateways/support.yaml": SOUND + "cache: answers\n",
            "gateways/cache-policies/answers.yaml": "name: answers\nttl: 1h\n",
        },
    ),
    Rule(
        "body-model",
        Severity.ERROR,
        "a body that names a model beside its endpoint's own",
        "The OpenAI forms send the model in the body. Two names that differ would have the "
        "smoke check try another model than the one declared.",
        bad=gateway(SOUND + _ENDPOINT.replace("BODY", f"model: x, {_BODY}")),
        good=gateway(SOUND + _ENDPOINT.replace("BODY", _BODY)),
        adjustable=True,
    ),
    Rule(
        "skipped-cache-options",
        Severity.WARNING,
        "cache options of an endpoint that skips the cache",
        "A request that passes the cache by neither stores nor finds an answer, so a time or a "
        "key of its own is without effect.",
        bad=gateway(SOUND + _CACHED.replace("CACHE", "{skip: true, ttl: 5m}")),
        good=gateway(SOUND + _CACHED.replace("CACHE", "{ttl: 5m}")),
        adjustable=True,
    ),
    Rule(
        "unknown-permission",
        Severity.WARNING,
        "a permission that gatewright has not heard of",
        "Cloudflare adds permissions, so it may exist; if it does not, the deployment fails "
        "when the token's turn comes.",
        bad=token(_TOKEN.replace("Workers AI Read", "Workers AI Reed, Workers AI Read")),
        good=CALLER,
        adjustable=True,
    ),
)
