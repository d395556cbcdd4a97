"""Dynamic routes: the account API's objects, and calls that go through them."""

import json
from collections import Counter
from typing import Any

import pytest
from emulator.peer import LLAMA, Peer, codes, gateway_code

SMALL = "@cf/meta/llama-3.2-1b-instruct"
ROUTES = "/ai-gateway/gateways/edge/routes"
COMPAT = "compat/chat/completions"
CALL = {"model": "dynamic/way", "messages": [{"role": "user", "content": "hi"}]}


def to(name: str) -> dict[str, str]:
    return {"elementId": name}


def start(name: str) -> dict[str, Any]:
    return {"id": "start", "type": "start", "outputs": {"next": to(name)}}


def model(name: str, fallback: str = "end", *, model: str = LLAMA, retries: int = 0, timeout=5000):
    return {
        "id": name,
        "type": "model",
        "properties": {
            "provider": "workers-ai",
            "model": model,
            "retries": retries,
            "timeout": timeout,
        },
        "outputs": {"success": to("end"), "fallback": to(fallback)},
    }


END = {"id": "end", "type": "end", "outputs": {}}
PLAIN = [start("m"), model("m"), END]
TWO = [start("m"), model("m", "n"), model("n", model=SMALL), END]


def made(peer: Peer, elements: list[dict[str, Any]], name: str = "way") -> dict[str, Any]:
    return peer.result("POST", ROUTES, {"name": name, "elements": elements})


def ask(peer: Peer, value: str, **headers: str):
    return peer.ask(value, COMPAT, CALL, **headers)


@pytest.fixture
def value(peer: Peer) -> str:
    peer.gateway("edge")
    return peer.caller()


@pytest.mark.proves("routes.create")
def test_a_new_route_has_its_first_version_deployed(peer: Peer, value: str):
    route = made(peer, TWO)
    assert route["deployment"]["version_id"] == route["version"]["version_id"]
    assert route["version"]["active"] == "true"
    assert json.loads(route["version"]["data"]) == TWO
    read = peer.result("GET", f"{ROUTES}/{route['id']}")
    assert "elements" not in read
    assert read["version"] == route["version"]
    assert (read["name"], read["gateway_id"]) == ("way", "edge")


@pytest.mark.proves("routes.data")
def test_lists_come_under_data(peer: Peer, value: str):
    route = made(peer, PLAIN)
    one = f"{ROUTES}/{route['id']}"
    for path, name in (
        (ROUTES, "routes"),
        (f"{one}/versions", "versions"),
        (f"{one}/deployments", "deployments"),
    ):
        body = peer.api("GET", path).json()
        assert set(body) == {"success", "data"}
        assert len(body["data"][name]) == 1
        assert peer.api("GET", f"{path}?page=2").json()["data"][name] == []


def test_a_name_is_taken_once_and_can_be_changed(peer: Peer, value: str):
    route = made(peer, PLAIN)
    again = peer.api("POST", ROUTES, {"name": "way", "elements": PLAIN})
    assert (again.status_code, codes(again)) == (400, [7005])
    made(peer, PLAIN, "other")
    path = f"{ROUTES}/{route['id']}"
    assert peer.api("PATCH", path, {"name": "other"}).status_code == 400
    assert peer.api("PATCH", path, {"name": "new", "elements": PLAIN}).status_code == 400
    body = peer.api("PATCH", path, {"name": "new"}).json()
    assert body["route"]["name"] == body["result"]["name"] == "new"
    assert peer.result("DELETE", path)["name"] == "new"
    gone = peer.api("GET", path)
    assert (gone.status_code, codes(gone)) == (404, [7005])


def test_a_version_takes_calls_once_it_is_deployed(peer: Peer, value: str):
    route = made(peer, PLAIN)
    path = f"{ROUTES}/{route['id']}"
    other = [start("m"), model("m", model=SMALL), END]
    version = peer.result("POST", f"{path}/versions", {"elements": other})
    assert version["active"] == "false"
    assert ask(peer, value).headers["cf-aig-model"] == LLAMA
    peer.result("POST", f"{path}/deployments", {"version_id": version["version_id"]})
    assert ask(peer, value).headers["cf-aig-model"] == SMALL
    read = peer.result("GET", f"{path}/versions/{version['version_id']}")
    assert (read["active"], json.loads(read["data"])) == ("true", other)
    listed = peer.api("GET", f"{path}/versions").json()["data"]["versions"]
    assert [one["active"] for one in listed] == ["true", "false"]
    missing = peer.api("POST", f"{path}/deployments", {"version_id": "none"})
    assert (missing.status_code, codes(missing)) == (404, [7005])


def without(element: dict[str, Any], *path: str) -> dict[str, Any]:
    copy = json.loads(json.dumps(element))
    inner = copy
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return copy


def shares(**outputs: str) -> dict[str, Any]:
    return {"id": "p", "type": "percentage", "outputs": {k: to(v) for k, v in outputs.items()}}


def split(outputs: dict[str, str]) -> list[dict[str, Any]]:
    return [start("p"), shares(**outputs), model("m"), model("n", model=SMALL), END]


@pytest.mark.parametrize(
    ("elements", "path"),
    [
        ([], []),
        (
            [start("m"), without(model("m"), "properties", "provider"), END],
            [1, "properties", "provider"],
        ),
        (
            [start("m"), without(model("m"), "properties", "retries"), END],
            [1, "properties", "retries"],
        ),
        (
            [start("m"), without(model("m"), "properties", "timeout"), END],
            [1, "properties", "timeout"],
        ),
        ([start("m"), without(model("m"), "outputs", "fallback"), END], [1, "outputs", "fallback"]),
        ([start("m"), model("m"), without(END, "outputs")], [2, "outputs"]),
        ([start("m"), {"id": "m", "type": "magic", "outputs": {}}], [1, "type"]),
        ([start("nowhere"), END], [0, "outputs", "next", "elementId"]),
        ([start("m"), model("m"), model("m"), END], [2, "id"]),
        ([model("m"), END], []),
        ([start("m"), model("m", "n"), model("n", "m"), END], []),
        (split({"50%": "m", "else": "n"}), [1, "outputs", "else"]),
        (split({"50%": "m", "40%": "n"}), [1, "outputs"]),
    ],
)
@pytest.mark.proves("routes.elements")
def test_elements_are_refused_at_their_place(peer: Peer, value: str, elements, path: list[Any]):
    answer = peer.api("POST", ROUTES, {"name": "way", "elements": elements})
    assert (answer.status_code, codes(answer)) == (400, [7001]), answer.text
    assert answer.json()["errors"][0]["path"] == ["body", "elements", *path]


@pytest.mark.proves("routes.call")
def test_a_call_by_the_routes_name(peer: Peer, value: str):
    made(peer, PLAIN)
    answer = ask(peer, value)
    assert answer.status_code == 200
    assert answer.json()["model"] == LLAMA
    headers = answer.headers
    assert (headers["cf-aig-model"], headers["cf-aig-provider"]) == (LLAMA, "workers-ai")
    assert headers["cf-aig-step"] == "0"


def test_no_such_route_is_2002(peer: Peer, value: str):
    assert gateway_code(ask(peer, value)) == 2002


@pytest.mark.proves("routes.fallback")
def test_the_fallback_answers_when_the_first_model_fails(peer: Peer, value: str):
    made(peer, TWO)
    rule = {"at": "provider", "path": "^workers-ai/", "status": 503}
    peer.control("POST", "faults", [rule])
    answer = ask(peer, value)
    assert (answer.status_code, answer.headers["cf-aig-step"]) == (200, "1")
    assert answer.headers["cf-aig-model"] == SMALL
    peer.control("DELETE", "faults")
    peer.control("POST", "faults", [rule | {"times": 0}])
    assert gateway_code(ask(peer, value)) == 2002


def test_a_model_is_tried_as_often_as_its_element_says(peer: Peer, value: str):
    made(peer, [start("m"), model("m", "n", retries=2), model("n", model=SMALL), END])
    peer.control("POST", "faults", [{"at": "provider", "status": 500, "times": 2}])
    assert ask(peer, value).headers["cf-aig-model"] == LLAMA
    peer.control("DELETE", "faults")
    peer.control("POST", "faults", [{"at": "provider", "status": 500, "times": 3}])
    assert ask(peer, value).headers["cf-aig-model"] == SMALL


@pytest.mark.parametrize(
    ("conditions", "metadata", "expected"),
    [
        ({"metadata.plan": {"$eq": "paid"}}, {"plan": "paid"}, LLAMA),
        ({"metadata.plan": {"$eq": "paid"}}, {"plan": "free"}, SMALL),
        ({"metadata.plan": {"$eq": "paid"}}, {}, SMALL),
        ('{"metadata.plan": {"$ne": "free"}}', {"plan": "paid"}, LLAMA),
        ({"metadata.age": {"$gte": 18, "$lt": 65}}, {"age": 18}, LLAMA),
        ({"metadata.age": {"$gt": 18}}, {"age": "old"}, SMALL),
        ({"$or": [{"metadata.a": 1}, {"metadata.b": {"$in": [2]}}]}, {"b": 2}, LLAMA),
        ({"$and": [{"metadata.a": 1}, {"metadata.b": {"$exists": True}}]}, {"a": 1}, SMALL),
    ],
)
def test_conditions(peer: Peer, value: str, conditions, metadata, expected: str):
    element = {
        "id": "c",
        "type": "conditional",
        "properties": {"conditions": conditions},
        "outputs": {"true": to("m"), "false": to("n")},
    }
    made(peer, [start("c"), element, model("m"), model("n", model=SMALL), END])
    answer = ask(peer, value, cf_aig_metadata=json.dumps(metadata))
    assert answer.headers["cf-aig-model"] == expected


@pytest.mark.proves("routes.shares")
def test_a_percentage_element_has_at_most_five_outputs(peer: Peer, value: str):
    del value
    made(peer, split({f"{share}%": "m" for share in (10, 11, 12, 13, 54)}))
    six = split({f"{share}%": "m" for share in (10, 11, 12, 13, 14, 40)})
    answer = peer.api("POST", ROUTES, {"name": "six", "elements": six})
    assert (answer.status_code, codes(answer)) == (400, [7001])
    assert answer.json()["errors"][0]["path"] == ["body", "elements", 1, "outputs"]


def test_percentages(peer: Peer, value: str):
    made(peer, split({"90%": "m", "10%": "n"}))
    peer.control("POST", "answers", {"seed": "dice"})
    seen = [ask(peer, value).headers["cf-aig-model"] for _ in range(60)]
    counts = Counter(seen)
    assert counts[LLAMA] > counts[SMALL] > 0
    peer.control("POST", "answers", {"seed": "dice"})
    assert [ask(peer, value).headers["cf-aig-model"] for _ in range(5)] == seen[:5]


@pytest.mark.parametrize("kind", ["count", "cost"])
def test_rates(peer: Peer, value: str, kind: str):
    rate = {
        "id": "r",
        "type": "rate",
        "properties": {"key": "metadata.user", "limit": 1, "limitType": kind, "window": 3600},
        "outputs": {"success": to("m"), "fallback": to("n")},
    }
    made(peer, [start("r"), rate, model("m"), model("n", model=SMALL), END])

    def models(user: str) -> list[str]:
        headers = {
            "cf_aig_metadata": json.dumps({"user": user}),
            "cf_aig_custom_cost": '{"total_cost": 1}',
        }
        return [ask(peer, value, **headers).headers["cf-aig-model"] for _ in range(2)]

    assert models("a") == [LLAMA, SMALL]
    assert models("b") == [LLAMA, SMALL]
    peer.advance(3600)
    assert models("a") == [LLAMA, SMALL]


@pytest.mark.parametrize("kind", ["count", "cost"])
def test_a_rate_with_a_window_of_nothing_limits_nothing(peer: Peer, value: str, kind: str):
    rate = {
        "id": "r",
        "type": "rate",
        "properties": {"key": "metadata.user", "limit": 1, "limitType": kind, "window": 0},
        "outputs": {"success": to("m"), "fallback": to("n")},
    }
    made(peer, [start("r"), rate, model("m"), model("n", model=SMALL), END])
    headers = {"cf_aig_custom_cost": '{"total_cost": 1}'}
    seen = [ask(peer, value, **headers).headers["cf-aig-model"] for _ in range(3)]
    assert seen == [LLAMA] * 3


def test_routes_go_with_their_gateway(peer: Peer, value: str):
    made(peer, PLAIN)
    peer.result("DELETE", "/ai-gateway/gateways/edge")
    peer.gateway("edge")
    assert peer.api("GET", ROUTES).json()["data"]["routes"] == []


@pytest.mark.parametrize("provider", ["nobody", "custom-nobody"])
def test_a_name_that_is_no_providers_falls_back(peer: Peer, value: str, provider: str):
    lost = model("m", "n")
    lost["properties"] |= {"provider": provider}
    made(peer, [start("m"), lost, model("n"), END])
    answer = ask(peer, value)
    assert (answer.status_code, answer.headers["cf-aig-step"]) == (200, "1")
    made(peer, [start("m"), lost | {"outputs": model("m")["outputs"]}, END], "alone")
    alone = peer.ask(value, COMPAT, CALL | {"model": "dynamic/alone"})
    assert (alone.status_code, gateway_code(alone)) == (400, 2002)


def deep() -> dict[str, Any]:
    condition: dict[str, Any] = {"metadata.plan": "paid"}
    for _ in range(400):
        condition = {"$and": [condition]}
    return condition


@pytest.mark.parametrize("conditions", [deep(), "[" * 100_000], ids=["object", "text"])
def test_a_condition_too_deep_to_be_understood_is_not_met(peer: Peer, value: str, conditions: Any):
    outputs = {"true": to("end"), "false": to("m")}
    element = {"id": "c", "type": "conditional", "outputs": outputs}
    made(peer, [start("c"), element | {"properties": {"conditions": conditions}}, model("m"), END])
    assert ask(peer, value).status_code == 200


def test_a_list_is_in_the_order_that_it_says(peer: Peer):
    peer.gateway("edge")
    for name in ("first", "second"):
        made(peer, PLAIN, name)
    data = peer.api("GET", ROUTES).json()["data"]
    assert (data["order_by"], data["order_by_direction"]) == ("created_at", "desc")
    assert [one["name"] for one in data["routes"]] == ["second", "first"]
