"""What of a call is logged, and what the logs API gives of it."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from emulator.peer import LLAMA, PROMPT, SENTIMENT, Peer, codes

from gatewright.emulator.traffic.logbook import Logbook, LogEntry

LOGS = "/ai-gateway/gateways/edge/logs"
CHAT = {"model": f"workers-ai/{LLAMA}", "messages": [{"role": "user", "content": "hi there"}]}


def logs(peer: Peer, **query: Any) -> list[dict[str, Any]]:
    peer.advance(1)  # a log is readable some time after its call
    return peer.result("GET", f"{LOGS}?{urlencode(query)}")


def filtered(peer: Peer, *filters: tuple[str, str, Any]) -> list[dict[str, Any]]:
    given = [{"key": k, "operator": o, "value": v} for k, o, v in filters]
    return logs(peer, filters=json.dumps(given))


@pytest.fixture
def value(peer: Peer) -> str:
    peer.gateway("edge", cache_ttl=300)
    return peer.caller()


def test_a_call_is_logged_with_tokens_and_cost(peer: Peer, value: str):
    answer = peer.ask(value, cf_aig_event_id="an-event", cf_aig_metadata='{"team": "ops"}')
    (row,) = logs(peer)
    usage = answer.json()["result"]["usage"]
    assert row["id"] == answer.headers["cf-aig-log-id"]
    assert (row["provider"], row["model"], row["success"]) == ("workers-ai", LLAMA, True)
    assert (row["status_code"], row["cached"], row["step"]) == (200, False, 0)
    assert row["tokens_in"] == usage["prompt_tokens"]
    assert row["tokens_out"] == usage["completion_tokens"]
    cost = (row["tokens_in"] * 0.282 + row["tokens_out"] * 0.827) / 1e6
    assert row["cost"] == pytest.approx(cost)
    assert row["metadata"] == {"team": "ops"}
    assert row["event_id"] == "an-event"
    assert (row["model_type"], row["custom_cost"]) == ("text-generation", False)
    assert row["created_at"].endswith("Z")


@pytest.mark.proves("logs.late")
def test_a_log_is_not_there_at_once(peer: Peer, value: str):
    log_id = peer.ask(value).headers["cf-aig-log-id"]
    assert peer.result("GET", LOGS) == []
    assert peer.api("GET", f"{LOGS}/{log_id}").status_code == 404
    peer.advance(1)
    assert peer.result("GET", f"{LOGS}/{log_id}")["id"] == log_id


@pytest.mark.proves("logs.cached")
def test_an_answer_from_the_cache_costs_nothing(peer: Peer, value: str):
    for _ in range(2):
        peer.ask(value, cf_aig_custom_cost='{"total_cost": 0.5}')
    hit, miss = logs(peer)
    assert (miss["cached"], miss["cost"], miss["custom_cost"]) == (False, 0.5, True)
    assert (hit["cached"], hit["cost"], hit["tokens_in"], hit["tokens_out"]) == (True, 0, 0, 0)
    assert hit["custom_cost"] is False


@pytest.mark.proves("headers.cost")
def test_a_price_of_ones_own(peer: Peer, value: str):
    peer.ask(value, cf_aig_custom_cost='{"per_token_in": 1, "per_token_out": 2}')
    (row,) = logs(peer)
    assert row["cost"] == row["tokens_in"] + 2 * row["tokens_out"]


def test_refused_by_the_provider_is_logged_and_by_the_gateway_not(peer: Peer, value: str):
    refused = peer.ask(value, f"workers-ai/{SENTIMENT}", {"text": ""})
    peer.ask("wrong")
    peer.ask(value, "nobody/v1/chat", CHAT)
    peer.result(
        "PUT",
        "/ai-gateway/gateways/edge",
        peer.result("GET", "/ai-gateway/gateways/edge") | {"authentication": True},
    )
    assert peer.ask("wrong").status_code == 401
    rows = logs(peer)
    assert [(row["status_code"], row["success"]) for row in rows] == [(401, False), (400, False)]
    assert rows[-1]["id"] == refused.headers["cf-aig-log-id"]


@pytest.mark.parametrize(
    ("headers", "count", "payload"),
    [
        ({}, 1, 200),
        ({"cf_aig_collect_log": "false"}, 0, 404),
        ({"cf_aig_collect_log_payload": "false"}, 1, 404),
    ],
)
def test_a_call_decides_what_is_logged(peer: Peer, value: str, headers, count: int, payload: int):
    answer = peer.ask(value, **headers)
    rows = logs(peer)
    assert len(rows) == count
    for row in rows:
        detail = peer.result("GET", f"{LOGS}/{row['id']}")
        assert detail["request_size"] == len(json.dumps(PROMPT))
        assert detail["response_size"] == len(answer.content)
        request = peer.api("GET", f"{LOGS}/{row['id']}/request")
        response = peer.api("GET", f"{LOGS}/{row['id']}/response")
        assert request.status_code == response.status_code == payload
        if payload == 200:
            assert request.json() == PROMPT
            assert response.content == answer.content
            assert json.loads(detail["request_head"]) == PROMPT
            assert detail["request_head_complete"] is True


def test_a_stream_is_logged_when_it_ends(peer: Peer, value: str):
    answer = peer.ask(value, body=PROMPT | {"stream": True})
    (row,) = logs(peer)
    assert row["id"] == answer.headers["cf-aig-log-id"]
    assert row["tokens_out"] > 0
    assert peer.api("GET", f"{LOGS}/{row['id']}/response").content == answer.content


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ('{"a": 1, "b": "x", "c": true}', {"a": 1, "b": "x", "c": True}),
        ('{"a": 1, "b": null}', {}),
        ('{"a": {"b": 1}}', {}),
        ("not json", {}),
        ('{"cf.a": 1, "b": 2}', {"b": 2}),
        (json.dumps({f"k{n}": n for n in range(7)}), {f"k{n}": n for n in range(5)}),
    ],
)
@pytest.mark.proves("headers.metadata")
def test_metadata(peer: Peer, value: str, given: str, kept: dict[str, Any]):
    assert peer.ask(value, cf_aig_metadata=given).status_code == 200
    assert logs(peer)[0]["metadata"] == kept


def three(peer: Peer, value: str) -> None:
    peer.ask(value, cf_aig_metadata='{"team": "a"}')
    peer.ask(value, f"workers-ai/{SENTIMENT}", {"text": "good"}, cf_aig_metadata='{"team": "b"}')
    peer.ask(value, "workers-ai/v1/chat/completions", {**CHAT, "model": "nothing"})


@pytest.mark.parametrize(
    ("query", "models"),
    [
        ({"model": SENTIMENT}, [SENTIMENT]),
        ({"success": "false"}, ["nothing"]),
        ({"success": "true"}, [SENTIMENT, LLAMA]),
        ({"cached": "true"}, []),
        ({"provider": "openai"}, []),
        ({"min_tokens_out": "1"}, [LLAMA]),
        ({"max_tokens_out": "0"}, ["nothing", SENTIMENT]),
        ({"min_cost": "0.000001"}, [LLAMA]),
        ({"search": "good"}, [SENTIMENT]),
        ({"start_date": "2001-01-01T00:00:00Z"}, ["nothing", SENTIMENT, LLAMA]),
        ({"end_date": "2001-01-01T00:00:00Z"}, []),
        ({"order_by": "model", "order_by_direction": "asc"}, [SENTIMENT, LLAMA, "nothing"]),
        ({"direction": "asc"}, [LLAMA, SENTIMENT, "nothing"]),
        ({"per_page": "2"}, ["nothing", SENTIMENT]),
        ({"per_page": "2", "page": "2"}, [LLAMA]),
        ({"page": "3"}, []),
    ],
)
def test_a_list_is_chosen_ordered_and_paged(peer: Peer, value: str, query, models: list[str]):
    three(peer, value)
    assert [row["model"] for row in logs(peer, **query)] == models


@pytest.mark.parametrize(
    ("filters", "models"),
    [
        ([("model", "eq", [SENTIMENT])], [SENTIMENT]),
        ([("model", "eq", [SENTIMENT, LLAMA])], [SENTIMENT, LLAMA]),
        ([("model", "neq", [SENTIMENT])], ["nothing", LLAMA]),
        ([("model", "contains", ["llama"])], [LLAMA]),
        ([("tokens", "gt", [0])], [LLAMA]),
        ([("tokens", "lt", ["1"])], ["nothing", SENTIMENT]),
        ([("success", "eq", [False])], ["nothing"]),
        ([("cached", "eq", ["false"])], ["nothing", SENTIMENT, LLAMA]),
        ([("created_at", "gt", ["2001-01-01T00:00:00Z"])], ["nothing", SENTIMENT, LLAMA]),
        ([("metadata.value", "eq", ["b"])], [SENTIMENT]),
        ([("metadata.key", "eq", ["team"]), ("model", "eq", [LLAMA])], [LLAMA]),
        ([("feedback", "eq", [1])], []),
        ([("model", "contains", ["3"])], [LLAMA]),
        ([("model", "contains", ["1_0"])], []),
    ],
)
@pytest.mark.proves("logs.filters")
def test_filters(peer: Peer, value: str, filters, models: list[str]):
    three(peer, value)
    assert [row["model"] for row in filtered(peer, *filters)] == models


@pytest.mark.parametrize("said", ["7", "nan", "007", "1_0", "Infinity"])
def test_a_text_is_found_as_it_was_written(peer: Peer, value: str, said: str):
    for one in ("10", "7", "nan", "007", "1_0", "Infinity"):
        peer.ask(value, cf_aig_metadata=json.dumps({"user": one}))
    for operator in ("eq", "contains"):
        found = filtered(peer, ("metadata.value", operator, [said]))
        users = {row["metadata"]["user"] for row in found}
        assert said in users
        assert len(users) == 1 + (operator == "contains" and said == "7")


def test_a_log_is_found_by_the_time_it_shows(peer: Peer, value: str):
    peer.ask(value)
    (row,) = logs(peer)
    at = row["created_at"]
    assert len(filtered(peer, ("created_at", "eq", [at]))) == 1
    for query in ({"start_date": at, "end_date": at}, {"end_date": at.removesuffix("Z")}):
        assert len(logs(peer, **query)) == 1
    assert logs(peer, start_date="2001-01-01T00:00:00+14:00", end_date=at)


def test_equals_come_newest_first(peer: Peer, value: str):
    for number in range(3):
        peer.ask(value, cf_aig_event_id=str(number), cf_aig_skip_cache="true")
    for query, order in (
        ({"order_by": "model"}, "210"),
        ({"order_by": "model", "direction": "asc"}, "012"),
    ):
        assert "".join(row["event_id"] for row in logs(peer, **query)) == order


@pytest.mark.proves("logs.filters")
def test_the_forms_of_a_filter(peer: Peer, value: str):
    three(peer, value)
    dotted = f"filters.key=model&filters.operator=eq&filters.value={quote(LLAMA)}"
    two = f"{dotted}&filters.key=success&filters.operator=eq&filters.value=false"
    brackets = f"filters[0][key]=model&filters[0][operator]=eq&filters[0][value][]={LLAMA}"
    logs(peer)
    for query, count in ((dotted, 1), (two, 0), (brackets, 3)):
        assert len(peer.result("GET", f"{LOGS}?{query}")) == count, query


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("per_page=51", ["query", "per_page"]),
        ("order_by=cost", ["query", "order_by"]),
        ("filters=[", ["query", "filters"]),
        ("filters={}", ["query", "filters"]),
        (
            'filters=[{"key":"model","operator":"eq","value":"x"}]',
            ["query", "filters", 0, "value"],
        ),
        ('filters=[{"key":"nope","operator":"eq","value":[]}]', ["query", "filters", 0, "key"]),
        ("min_cost=much", ["query", "min_cost"]),
        ("min_cost=1_0", ["query", "min_cost"]),
        ("page=1_0", ["query", "page"]),
        ("start_date=7", ["query", "start_date"]),
    ],
)
def test_what_does_not_exist_is_refused(peer: Peer, value: str, query: str, path: list[Any]):
    answer = peer.api("GET", f"{LOGS}?{query}")
    assert (answer.status_code, codes(answer)) == (400, [7001])
    assert answer.json()["errors"][0]["path"] == path


@pytest.mark.proves("logs.patch")
def test_feedback_score_and_metadata(peer: Peer, value: str):
    peer.ask(value)
    (row,) = logs(peer)
    path = f"{LOGS}/{row['id']}"
    peer.result("PATCH", path, {"feedback": 1, "score": 87.5, "metadata": {"seen": True}})
    changed = peer.result("GET", path)
    assert (changed["feedback"], changed["score"]) == (1, 87.5)
    assert changed["metadata"] == {"seen": True}
    assert peer.result("PATCH", path, {"feedback": None})["score"] == 87.5
    for body, field in (({"feedback": 2}, "feedback"), ({"score": -1}, "score")):
        answer = peer.api("PATCH", path, body)
        assert answer.json()["errors"][0]["path"] == ["body", field]


def test_logs_are_deleted_by_filter_and_all(peer: Peer, value: str):
    three(peer, value)
    logs(peer)
    chosen = json.dumps([{"key": "success", "operator": "eq", "value": [False]}])
    answer = peer.api("DELETE", f"{LOGS}?{urlencode({'filters': chosen})}")
    assert answer.json() == {"success": True}
    assert [row["model"] for row in logs(peer)] == [SENTIMENT, LLAMA]
    peer.api("DELETE", f"{LOGS}?limit=1&order_by=created_at&order_by_direction=asc")
    assert [row["model"] for row in logs(peer)] == [SENTIMENT]
    peer.api("DELETE", LOGS)
    assert logs(peer) == []


def test_a_single_log_cannot_be_deleted(peer: Peer, value: str):
    peer.ask(value)
    (row,) = logs(peer)
    assert peer.api("DELETE", f"{LOGS}/{row['id']}").status_code == 405


def test_logs_are_their_gateways(peer: Peer, value: str):
    peer.gateway("other")
    peer.ask(value)
    (row,) = logs(peer)
    assert peer.api("GET", f"/ai-gateway/gateways/other/logs/{row['id']}").status_code == 404
    missing = peer.api("GET", "/ai-gateway/gateways/nowhere/logs")
    assert (missing.status_code, codes(missing)) == (404, [7002])
    peer.result("DELETE", "/ai-gateway/gateways/edge")
    peer.gateway("edge")
    assert logs(peer) == []


def entry(name: str, size: int = 0) -> LogEntry:
    return LogEntry(
        id=name,
        gateway_id="edge",
        created=0.0,
        provider="",
        model="",
        path="",
        status=200,
        step=0,
        request=b"x" * size,
    )


def test_the_gateways_limit_stops_or_makes_room():
    book = Logbook()
    stops = {"id": "edge", "log_management": 2, "log_management_strategy": "STOP_INSERTING"}
    for name in "abc":
        if book.takes(stops):
            book.add(stops, entry(name))
    assert [one.id for one in book.of("edge")] == ["a", "b"]
    oldest = stops | {"log_management_strategy": "DELETE_OLDEST"}
    assert book.takes(oldest)
    book.add(oldest, entry("c"))
    assert [one.id for one in book.of("edge")] == ["b", "c"]


def test_memory_is_bounded():
    book = Logbook(entries=5, payload=30)
    gateway = {"id": "edge"}
    for number in range(10):
        book.add(gateway, entry(str(number), size=10))
    assert len(book) == 5
    assert [len(one.request or b"") for one in book.of("edge")] == [0, 0, 10, 10, 10]
    assert book.payload == 30
    for one in list(book.of("edge")):
        book.remove(one)
    assert (len(book), book.payload) == (0, 0)


def test_what_callers_write_is_bounded_too():
    book = Logbook(text=100)
    for number in range(10):
        one = entry(str(number))
        one.model = "m" * 40
        book.add({"id": "edge"}, one)
    assert [one.id for one in book.of("edge")] == ["8", "9"]
    book.change(one, {"metadata": {"k" * 19: "v"}})
    assert one.text == 60
    book.add({"id": "edge"}, entry("more"))
    assert len(book) == 3
    book.change(one, {"metadata": {}})
    for left in list(book.of("edge")):
        book.remove(left)
    book.add({"id": "edge"}, one)
    assert len(book) == 1
