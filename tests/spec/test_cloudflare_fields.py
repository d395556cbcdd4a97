"""Every field of Cloudflare's gateway object can be declared, within Cloudflare's own bounds.

The list is written by hand after the API's documentation and the OpenAPI document; the
SDK's type says whether one is missing. Zeros that only mean "off" are what a spec leaves
out, and a cache that keeps answers for less than a minute, or for more than a month, is
no setting of Cloudflare's dashboard.
"""

from typing import Any

import pytest
import typing_extensions
from cloudflare.types.ai_gateway.ai_gateway_create_params import AIGatewayCreateParams

from gatewright import spec
from gatewright.model.wire import gateway_object

PROFILES = "profiles: [cards]"
EXPORTER = {"url": "https://otel.example.com", "headers": {}, "content_type": "json"}
RULE = {"limit": 0, "limitType": "cost", "window": 60, "enabled": True, "technique": "sliding"}


def rules(*fields: str) -> str:
    return f"spend_limits: {{rules: [{', '.join(f'{{{each}}}' for each in fields)}]}}"


def policy(fields: str) -> str:
    return f"dlp: {{policies: [{{{fields}}}]}}"


#: The API's field, what a spec writes for it, and what is sent: the least and the most.
TAKEN: list[tuple[str, str, Any]] = [
    ("id", "id: a", "a"),
    ("id", f"id: {'a' * 64}", "a" * 64),
    ("authentication", "authentication: true", True),
    ("authentication", "authentication: false", False),
    ("byok_only", "byok_only: true", True),
    ("cache_invalidate_on_update", "cache: {ttl: 1h, invalidate_on_update: true}", True),
    ("cache_ttl", "", 0),
    ("cache_ttl", "cache: {ttl: 60}", 60),
    ("cache_ttl", "cache: {ttl: 30d}", 2_592_000),
    ("collect_logs", "logs: {collect: false}", False),
    ("log_classification", "logs: {classification: true}", True),
    ("log_management", "logs: {limit: 10000}", 10_000),
    ("log_management", "logs: {limit: 10000000}", 10_000_000),
    ("log_management_strategy", "logs: {strategy: STOP_INSERTING}", "STOP_INSERTING"),
    ("log_management_strategy", "logs: {strategy: DELETE_OLDEST}", "DELETE_OLDEST"),
    ("logpush", "logpush: true", True),
    ("logpush_public_key", f"logpush_public_key: {'k' * 16}", "k" * 16),
    ("logpush_public_key", f"logpush_public_key: {'k' * 1024}", "k" * 1024),
    ("rate_limiting_interval", "", 0),
    ("rate_limiting_interval", "rate_limiting: {limit: 1, interval: 1}", 1),
    ("rate_limiting_limit", "", 0),
    ("rate_limiting_limit", "rate_limiting: {limit: 1, interval: 1}", 1),
    *(
        ("rate_limiting_technique", f"rate_limiting: {{limit: 1, interval: 9, technique: {one}}}",
         one)
        for one in ("fixed", "sliding")
    ),
    ("retry_max_attempts", "retries: {max_attempts: 1}", 1),
    ("retry_max_attempts", "retries: {max_attempts: 5}", 5),
    ("retry_delay", "retries: {max_attempts: 1, delay: 0ms}", 0),
    ("retry_delay", "retries: {max_attempts: 1, delay: 60s}", 60_000),
    *(
        ("retry_backoff", f"retries: {{max_attempts: 1, backoff: {one}}}", one)
        for one in ("constant", "linear", "exponential")
    ),
    ("store_id", "store_id: 0123456789abcdef", "0123456789abcdef"),
    ("workers_ai_billing_mode", "workers_ai_billing_mode: postpaid", "postpaid"),
    ("workers_ai_billing_mode", "workers_ai_billing_mode: unified", "unified"),
    ("zdr", "zdr: true", True),
    *(
        ("dlp", f"dlp: {{action: {one}, {PROFILES}}}",
         {"enabled": True, "action": one, "profiles": ["cards"]})
        for one in ("BLOCK", "FLAG")
    ),
    *(
        ("dlp", policy(f"id: a, action: BLOCK, check: [{one}], enabled: false, {PROFILES}"),
         {"enabled": True, "policies": [{"id": "a", "action": "BLOCK", "check": [one],
                                         "enabled": False, "profiles": ["cards"]}]})
        for one in ("REQUEST", "RESPONSE")
    ),
    *(
        ("guardrails", f"guardrails: {{prompt: {{{code}: FLAG}}, response: {{{code}: BLOCK}}}}",
         {"prompt": {code: "FLAG"}, "response": {code: "BLOCK"}})
        for code in ("P1", *(f"S{number}" for number in range(1, 14)))
    ),
    ("otel", "otel: [{url: https://otel.example.com}]", [EXPORTER]),
    ("otel", ("otel: [{url: https://otel.example.com, content_type: protobuf, "
     "authorization: {env: A}, headers: {x-key: {env: B}}}]"),
     [EXPORTER | {"content_type": "protobuf", "authorization": {"env": "A"},
                  "headers": {"x-key": {"env": "B"}}}]),
    ("spend_limits", rules("id: a, limit: 0, window: 60"),
     {"enabled": True, "rules": [RULE | {"id": "a"}]}),
    ("spend_limits", rules("id: a, limit: 2.5, window: 0, enabled: false, technique: fixed, "
     "metadata: {team: partition, plan: [free]}, model: [m], provider: [p]"),
     {"enabled": True, "rules": [{
         "id": "a", "limit": 2.5, "limitType": "cost", "window": 0, "enabled": False,
         "technique": "fixed", "model": {"mode": "filter", "values": ["m"]},
         "provider": {"mode": "filter", "values": ["p"]},
         "metadata": {"team": {"mode": "partition"},
                      "plan": {"mode": "filter", "values": ["free"]}},
     }]}),
    ("stripe", "stripe: {authorization: {env: A}, usage_events: [{payload: '{}'}]}",
     {"authorization": {"env": "A"}, "usage_events": [{"payload": "{}"}]}),
]  # fmt: skip

#: One beyond each bound, and what no list of values has.
REFUSED = [
    'id: ""',
    f"id: {'a' * 65}",
    "cache: {ttl: 59}",
    "cache: {ttl: 2592001}",
    "logs: {limit: 9999}",
    "logs: {limit: 10000001}",
    "logs: {strategy: OLDEST}",
    f"logpush_public_key: {'k' * 15}",
    f"logpush_public_key: {'k' * 1025}",
    "rate_limiting: {limit: -1, interval: 1}",
    "rate_limiting: {limit: 1, interval: -1}",
    "rate_limiting: {limit: 1, interval: 1, technique: rolling}",
    "retries: {max_attempts: 0}",
    "retries: {max_attempts: 6}",
    "retries: {max_attempts: 1, delay: 60001ms}",
    "retries: {max_attempts: 1, backoff: random}",
    "workers_ai_billing_mode: prepaid",
    f"dlp: {{action: ALLOW, {PROFILES}}}",
    policy(f"id: a, action: BLOCK, check: [BOTH], {PROFILES}"),
    policy(f"action: BLOCK, check: [REQUEST], {PROFILES}"),
    policy(f"id: a, check: [REQUEST], {PROFILES}"),
    policy(f"id: a, action: BLOCK, {PROFILES}"),
    policy("id: a, action: BLOCK, check: [REQUEST]"),
    "guardrails: {prompt: {S14: BLOCK}}",
    "guardrails: {prompt: {S1: ALLOW}}",
    "otel: [{content_type: json}]",
    "otel: [{url: https://otel.example.com, content_type: xml}]",
    rules("id: a, limit: -1, window: 60"),
    rules("id: a, limit: 1, window: -1"),
    rules("id: a, window: 60"),
    rules("id: a, limit: 1"),
    rules("limit: 1, window: 60, technique: rolling"),
    rules("limit: 1, window: 60, metadata: {team: sum}"),
    rules(*(f"id: r{number}, limit: 1, window: 60" for number in range(21))),
    "stripe: {usage_events: [{payload: '{}'}]}",
    "stripe: {authorization: {env: A}}",
]


@pytest.fixture
def declared(tmp_path):
    def declare(text):
        keys = {line.partition(":")[0] for line in text.split("\n")}
        least = {"id": "id: support\n", "authentication": "authentication: true\n"}
        whole = "".join(line for key, line in least.items() if key not in keys) + text + "\n"
        (tmp_path / "gateways").mkdir()
        (tmp_path / "gateways" / "support.yaml").write_text(whole, encoding="utf-8")
        return spec.load(tmp_path)

    return declare


@pytest.mark.parametrize(("name", "text", "sent"), TAKEN, ids=lambda each: str(each)[:60])
def test_a_field_is_taken_to_its_bounds(declared, name, text, sent):
    (gateway,) = declared(text).deployment.gateways
    assert gateway_object(gateway)[name] == sent


@pytest.mark.parametrize("text", REFUSED, ids=lambda each: each[:60])
def test_beyond_its_bounds_it_is_refused(declared, text):
    loaded = declared(text)
    assert loaded.compiled is None
    assert loaded.findings[0].path[0] == text.partition(":")[0]


def test_no_field_of_the_gateway_object_is_missing():
    theirs = typing_extensions.get_type_hints(AIGatewayCreateParams)
    assert {name for name, _, _ in TAKEN} == theirs.keys() - {"account_id"}
