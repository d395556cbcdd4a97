import pytest
from emulator.peer import Peer, codes, gateway, in_process

from gatewright.emulator import Settings, create_app
from gatewright.emulator.identity import new_value

ALL = "/ai-gateway/gateways"

FULL = {
    "authentication": True,
    "byok_only": True,
    "cache_invalidate_on_update": True,
    "cache_ttl": 300,
    "collect_logs": True,
    "dlp": {
        "enabled": True,
        "policies": [
            {
                "id": "cards",
                "action": "BLOCK",
                "check": ["REQUEST", "RESPONSE"],
                "enabled": True,
                "profiles": ["p1"],
            }
        ],
    },
    "guardrails": {"prompt": {"P1": "FLAG", "S13": "BLOCK"}, "response": {}},
    "log_classification": True,
    "log_management": 10_000,
    "log_management_strategy": "STOP_INSERTING",
    "logpush": True,
    "logpush_public_key": "k" * 16,
    "otel": [
        {
            "url": "https://otel.example.com/v1/traces",
            "headers": {"x-team": "edge"},
            "authorization": "Bearer not-a-secret",
            "content_type": "protobuf",
        }
    ],
    "rate_limiting_interval": 60,
    "rate_limiting_limit": 100,
    "rate_limiting_technique": "sliding",
    "retry_backoff": "exponential",
    "retry_delay": 60_000,
    "retry_max_attempts": 5,
    "spend_limits": {
        "enabled": True,
        "rules": [
            {
                "id": "daily",
                "limit": 2.5,
                "limitType": "cost",
                "window": 86_400,
                "enabled": True,
                "technique": "fixed",
                "metadata": {"team": {"mode": "partition"}},
                "model": {"mode": "filter", "values": ["@cf/meta/llama-3.1-8b-instruct"]},
                "provider": {"mode": "filter", "values": ["workers-ai"]},
            }
        ],
    },
    "store_id": "a-store",
    "stripe": {"authorization": "not-a-secret", "usage_events": [{"payload": "{}"}]},
    "workers_ai_billing_mode": "unified",
    "zdr": True,
}


@pytest.mark.proves("gateways.defaults")
def test_a_new_gateway_is_answered_with_every_field_and_the_servers_defaults(peer: Peer):
    made = peer.gateway("edge", cache_ttl=300)
    assert made | {"created_at": "", "modified_at": ""} == {
        "id": "edge",
        "authentication": False,
        "byok_only": False,
        "cache_invalidate_on_update": False,
        "cache_ttl": 300,
        "collect_logs": True,
        "created_at": "",
        "dlp": None,
        "guardrails": None,
        "is_default": False,
        "log_classification": False,
        "log_management": 10_000_000,
        "log_management_strategy": "DELETE_OLDEST",
        "logpush": False,
        "logpush_public_key": None,
        "modified_at": "",
        "otel": None,
        "rate_limiting_interval": 0,
        "rate_limiting_limit": 0,
        "rate_limiting_technique": None,
        "retry_backoff": None,
        "retry_delay": None,
        "retry_max_attempts": None,
        "spend_limits": None,
        "store_id": None,
        "stripe": None,
        "workers_ai_billing_mode": "postpaid",
        "zdr": False,
    }
    assert made["created_at"] == made["modified_at"]
    assert made["created_at"].endswith("Z")
    assert peer.result("GET", f"{ALL}/edge") == made


def test_every_field_comes_back_as_it_was_sent(peer: Peer):
    made = peer.gateway("full", **FULL)
    assert {name: made[name] for name in FULL} == FULL


def test_nested_defaults_are_filled_in(peer: Peer):
    made = peer.gateway(
        otel=[{"url": "https://otel.example.com", "headers": {}}],
        spend_limits={"rules": [{"limit": 1, "limitType": "cost", "window": 60}]},
    )
    assert made["otel"][0]["content_type"] == "json"
    assert made["spend_limits"]["enabled"] is False
    (rule,) = made["spend_limits"]["rules"]
    assert (rule["enabled"], rule["technique"]) == (True, "sliding")


@pytest.mark.proves("gateways.null")
def test_null_in_a_required_number_is_stored_as_nought(peer: Peer):
    made = peer.gateway(cache_ttl=None, rate_limiting_interval=None, rate_limiting_limit=None)
    names = ("cache_ttl", "rate_limiting_interval", "rate_limiting_limit")
    assert [made[name] for name in names] == [0, 0, 0]


@pytest.mark.proves("gateways.replace")
def test_put_replaces_the_whole_object(peer: Peer):
    made = peer.gateway("edge", **FULL)
    peer.advance(60)
    replaced = peer.result("PUT", f"{ALL}/edge", gateway(None, cache_ttl=60))
    expected = peer.gateway("other", cache_ttl=60)
    times = {name: replaced[name] for name in ("created_at", "modified_at")}
    assert replaced | {"id": "other"} == expected | times
    assert replaced["created_at"] == made["created_at"]
    assert replaced["modified_at"] > made["modified_at"]
    assert peer.result("GET", f"{ALL}/edge") == replaced


def test_put_takes_back_what_get_gave(peer: Peer):
    made = peer.gateway("edge", **FULL)
    replaced = peer.result("PUT", f"{ALL}/edge", made)
    assert replaced | {"modified_at": made["modified_at"]} == made


def test_null_puts_an_optional_field_back_to_its_default(peer: Peer):
    made = peer.gateway("edge", **FULL)
    required = gateway(None)
    nulls = {name: None for name in FULL if name not in required}
    assert (
        peer.result("PUT", f"{ALL}/edge", gateway("edge") | nulls)["log_management"] == 10_000_000
    )
    plain = peer.result("GET", f"{ALL}/edge")
    assert plain | {"modified_at": ""} == peer.gateway("plain") | {
        "id": "edge",
        "created_at": made["created_at"],
        "modified_at": "",
    }


def test_null_is_not_a_value_for_every_field_of_a_new_gateway(peer: Peer):
    answer = peer.api("POST", ALL, gateway(authentication=None))
    assert answer.json()["errors"] == [
        {
            "code": 7001,
            "message": "Expected boolean, received null",
            "path": ["body", "authentication"],
        }
    ]


@pytest.mark.proves("api.envelope")
def test_all_that_is_wrong_is_said_at_once_with_its_place(peer: Peer):
    body = gateway(
        collect_logs="yes",
        log_management=9_999,
        guardrails={"prompt": {"S14": "FLAG"}, "response": {"S1": "ALLOW"}},
        rate_limiting_technique="leaky",
    )
    del body["cache_ttl"]
    answer = peer.api("POST", ALL, body)
    assert answer.status_code == 400
    assert {tuple(error["path"]): error["message"] for error in answer.json()["errors"]} == {
        ("body", "cache_ttl"): "Required",
        ("body", "collect_logs"): "Expected boolean, received string",
        ("body", "log_management"): "Number must be greater than or equal to 10000",
        ("body", "guardrails", "prompt"): "Unrecognized key(s) in object: 'S14'",
        (
            "body",
            "guardrails",
            "response",
            "S1",
        ): "Invalid enum value. Expected 'FLAG' | 'BLOCK', received 'ALLOW'",
        (
            "body",
            "rate_limiting_technique",
        ): "Invalid enum value. Expected 'fixed' | 'sliding', received 'leaky'",
    }
    assert codes(answer) == [7001] * 6
    assert peer.result("GET", ALL) == []


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("id", "", "String must contain at least 1 character(s)"),
        ("id", "x" * 65, "String must contain at most 64 character(s)"),
        ("id", 7, "Expected string, received number"),
        ("id", "a/b", "Invalid"),
        ("id", "my gateway", "Invalid"),
        ("cache_ttl", "300", "Expected number, received string"),
        ("cache_ttl", -1, "Number must be greater than or equal to 0"),
        ("cache_ttl", 1.5, "Expected integer, received float"),
        ("cache_ttl", True, "Expected number, received boolean"),
        ("rate_limiting_interval", -1, "Number must be greater than or equal to 0"),
        ("rate_limiting_limit", [], "Expected number, received array"),
        ("log_management", 10_000_001, "Number must be less than or equal to 10000000"),
        ("retry_max_attempts", 0, "Number must be greater than or equal to 1"),
        ("retry_max_attempts", 6, "Number must be less than or equal to 5"),
        ("retry_delay", 60_001, "Number must be less than or equal to 60000"),
        ("logpush_public_key", "k" * 15, "String must contain at least 16 character(s)"),
        ("logpush_public_key", "k" * 1025, "String must contain at most 1024 character(s)"),
        ("workers_ai_billing_mode", 1, "Expected 'postpaid' | 'unified', received number"),
        ("cache_invalidate_on_update", None, "Expected boolean, received null"),
        ("dlp", {"enabled": True}, "Invalid input"),
        ("otel", {}, "Expected array, received object"),
        ("stripe", [], "Expected object, received array"),
    ],
)
def test_a_wrong_value_is_refused_at_its_field(peer: Peer, field: str, value: object, message: str):
    answer = peer.api("POST", ALL, gateway() | {field: value})
    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"code": 7001, "message": message, "path": ["body", field]}]


def test_more_than_twenty_spend_rules_are_refused(peer: Peer):
    rules = [{"limit": 1, "limitType": "cost", "window": 60}] * 21
    answer = peer.api("POST", ALL, gateway(spend_limits={"rules": rules}))
    assert answer.json()["errors"][0]["path"] == ["body", "spend_limits", "rules"]


def test_an_unknown_field_is_refused(peer: Peer):
    answer = peer.api("POST", ALL, gateway(autentication=True))
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {
            "code": 7001,
            "message": "Unrecognized key(s) in object: 'autentication'",
            "path": ["body"],
        }
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff",
        b"NaN",
        b'{"cache_ttl": 1e999}',
        b'{"cache_ttl": ' + b"9" * 5000 + b"}",
        b'{"id": "\\ud800"}',
        b"[" * 100_000,
    ],
    ids=["empty", "cut off", "not UTF-8", "NaN", "infinite", "endless", "surrogate", "deep"],
)
def test_a_body_that_is_not_json_is_refused(peer: Peer, content: bytes):
    answer = peer.api("POST", ALL, content=content)
    assert answer.status_code == 400
    assert codes(answer) == [7001]


@pytest.mark.proves("gateways.taken")
def test_an_id_is_taken_once(peer: Peer):
    peer.gateway("edge")
    answer = peer.api("POST", ALL, gateway("edge"))
    assert (answer.status_code, codes(answer)) == (400, [7001])
    assert "already exists" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.proves("gateways.missing")
def test_a_gateway_that_does_not_exist_is_not_found(peer: Peer, method: str):
    answer = peer.api(method, f"{ALL}/nowhere", gateway(None))
    assert (answer.status_code, codes(answer)) == (404, [7002])


@pytest.mark.proves("gateways.deleted")
def test_delete_answers_the_object_as_it_was(peer: Peer):
    made = peer.gateway("edge", **FULL)
    assert peer.result("DELETE", f"{ALL}/edge") == made
    assert peer.api("GET", f"{ALL}/edge").status_code == 404
    assert peer.result("GET", ALL) == []


@pytest.mark.proves("api.empty-page")
def test_a_list_is_paged_until_a_page_is_empty(peer: Peer):
    for number in range(5):
        peer.gateway(f"g{number}")
    seen = []
    for page in (1, 2, 3):
        answer = peer.api("GET", f"{ALL}?page={page}&per_page=2").json()
        seen.append([one["id"] for one in answer["result"]])
        assert answer["result_info"] == {
            "page": page,
            "per_page": 2,
            "count": len(seen[-1]),
            "total_count": 5,
        }
    assert seen == [["g0", "g1"], ["g2", "g3"], ["g4"]]
    assert peer.result("GET", f"{ALL}?page=4&per_page=2") == []
    assert len(peer.result("GET", ALL)) == 5


def test_a_search_finds_parts_of_ids(peer: Peer):
    for name in ("support", "support-eu", "sales"):
        peer.gateway(name)
    assert [one["id"] for one in peer.result("GET", f"{ALL}?search=port")] == [
        "support",
        "support-eu",
    ]
    assert peer.result("GET", f"{ALL}?search=port&page=2") == []


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("page=0", "page", "Number must be greater than or equal to 1"),
        ("per_page=101", "per_page", "Number must be less than or equal to 100"),
        ("per_page=many", "per_page", "Expected number, received nan"),
    ],
)
def test_a_page_out_of_bounds_is_refused(peer: Peer, query: str, field: str, message: str):
    answer = peer.api("GET", f"{ALL}?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"code": 7001, "message": message, "path": ["query", field]}]


@pytest.mark.proves("gateways.quota")
def test_the_quota_is_the_accounts(peer: Peer):
    for number in range(20):
        peer.gateway(f"g{number}")
    answer = peer.api("POST", ALL, gateway("one-more"))
    assert (answer.status_code, codes(answer)) == (400, [7001])
    peer.result("DELETE", f"{ALL}/g0")
    peer.gateway("one-more")


def test_without_a_quota_there_is_no_end():
    value = new_value()
    app = create_app(Settings(quota=None), deploying_token=value)
    peer = in_process(app, value)
    for number in range(21):
        peer.gateway(f"g{number}")


def test_log_defaults_are_the_accounts():
    value = new_value()
    defaults = {"log_management": 100_000, "log_management_strategy": "STOP_INSERTING"}
    app = create_app(Settings(account_defaults=defaults), deploying_token=value)
    made = in_process(app, value).gateway()
    assert {name: made[name] for name in defaults} == defaults


@pytest.mark.parametrize("page", ["9" * 20, "9" * 300])
def test_a_page_beyond_all_counting_is_empty(peer: Peer, page: str):
    peer.gateway("edge")
    for path in ("ai-gateway/gateways", "ai-gateway/gateways/edge/logs", "tokens"):
        assert peer.result("GET", f"/{path}?page={page}") == []


def test_a_number_that_fits_no_float_is_not_json(peer: Peer):
    content = b'{"cache_ttl": ' + b"9" * 309 + b"}"
    answer = peer.api("POST", "/ai-gateway/gateways", content=content)
    assert (answer.status_code, codes(answer)) == (400, [7001])
