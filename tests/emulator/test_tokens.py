from datetime import UTC, datetime, timedelta

import pytest
from emulator.peer import ACCOUNT, GROUPS, Peer, codes, policy, token

ALL = "/tokens"


def later(seconds: int) -> str:
    moment = datetime.now(UTC) + timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.proves("tokens.once")
def test_the_value_is_shown_once(peer: Peer):
    made = peer.token("AI Gateway Run", "Workers AI Read", name="smoke")
    value = made.pop("value")
    assert value.startswith("cfat_")
    assert len(value) >= 45
    assert peer.result("GET", f"{ALL}/{made['id']}") == made
    answers = [
        peer.api("GET", ALL).text,
        peer.api("GET", f"{ALL}/{made['id']}").text,
        peer.api("PUT", f"{ALL}/{made['id']}", token("AI Gateway Run")).text,
        peer.call("GET", "/_emulator/requests").text,
    ]
    assert not any(value in answer or '"value"' in answer for answer in answers)


def test_a_token_is_answered_with_names_and_ids(peer: Peer):
    made = peer.token("Workers AI Read", name="smoke")
    (kept,) = made["policies"]
    assert kept.pop("id")
    assert kept == policy("Workers AI Read") | {
        "permission_groups": [{"id": GROUPS["Workers AI Read"], "name": "Workers AI Read"}]
    }
    assert (made["name"], made["status"]) == ("smoke", "active")
    assert made["issued_on"] == made["modified_on"]
    assert datetime.fromisoformat(made["issued_on"]).microsecond == 0


def test_the_deploying_token_is_listed_like_any_other(peer: Peer):
    (only,) = peer.result("GET", ALL)
    names = {group["name"] for group in only["policies"][0]["permission_groups"]}
    assert {"AI Gateway Write", "Account API Tokens Write", "Workers Scripts Write"} <= names
    assert "AI Gateway Run" not in names
    assert peer.deploying_token not in peer.api("GET", ALL).text


def test_a_list_is_paged_until_a_page_is_empty(peer: Peer):
    for number in range(3):
        peer.token("AI Gateway Run", name=f"t{number}")
    pages = [peer.result("GET", f"{ALL}?page={page}.0&per_page=2") for page in (1, 2, 3)]
    assert [[one["name"] for one in page] for page in pages] == [
        ["deploying token", "t0"],
        ["t1", "t2"],
        [],
    ]
    assert peer.result("GET", f"{ALL}?direction=desc&per_page=1")[0]["name"] == "t2"


def test_put_replaces_all_but_the_value(peer: Peer):
    made = peer.token("AI Gateway Read", condition={"request_ip": {"in": ["127.0.0.1"]}})
    peer.advance(60)
    body = token("AI Gateway Run", name="renamed")
    replaced = peer.result("PUT", f"{ALL}/{made['id']}", body)
    assert replaced["name"] == "renamed"
    assert "condition" not in replaced
    assert replaced["policies"][0]["permission_groups"][0]["name"] == "AI Gateway Run"
    assert replaced["issued_on"] == made["issued_on"]
    assert replaced["modified_on"] > made["modified_on"]
    answer = peer.api("GET", "/ai-gateway/gateways", token=made["value"])
    assert answer.status_code == 403, "the same value, another permission"


def test_put_takes_back_what_get_gave(peer: Peer):
    made = peer.token("AI Gateway Read", expires_on=later(3600))
    del made["value"]
    replaced = peer.result("PUT", f"{ALL}/{made['id']}", made)
    assert (
        replaced["policies"][0]["permission_groups"] == (made["policies"][0]["permission_groups"])
    )
    assert replaced["expires_on"] == made["expires_on"]


def test_a_disabled_token_opens_nothing_until_it_is_active_again(peer: Peer):
    made = peer.token("AI Gateway Read")
    for status, expected in (("disabled", 401), ("active", 200)):
        body = token("AI Gateway Read", status=status)
        assert peer.result("PUT", f"{ALL}/{made['id']}", body)["status"] == status
        answer = peer.api("GET", "/ai-gateway/gateways", token=made["value"])
        assert answer.status_code == expected


@pytest.mark.parametrize(("body", "content"), [({}, None), (None, None), (None, b"")])
@pytest.mark.proves("tokens.roll")
def test_a_roll_ends_the_old_value(peer: Peer, body: dict | None, content: bytes | None):
    made = peer.token("AI Gateway Read")
    answer = peer.api("PUT", f"{ALL}/{made['id']}/value", body, content=content)
    rolled = answer.json()["result"]
    assert isinstance(rolled, str)
    assert rolled != made["value"]
    statuses = [
        peer.api("GET", "/ai-gateway/gateways", token=value).status_code
        for value in (made["value"], rolled)
    ]
    assert statuses == [401, 200]


def test_a_deleted_token_opens_nothing(peer: Peer):
    made = peer.token("AI Gateway Read")
    assert peer.result("DELETE", f"{ALL}/{made['id']}") == {"id": made["id"]}
    assert peer.api("GET", "/ai-gateway/gateways", token=made["value"]).status_code == 401
    assert peer.api("GET", f"{ALL}/{made['id']}").status_code == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.proves("tokens.missing")
def test_a_token_that_does_not_exist_is_not_found(peer: Peer, method: str):
    answer = peer.api(method, f"{ALL}/{'0' * 32}", token("AI Gateway Run"))
    assert (answer.status_code, codes(answer)) == (404, [1003])


def test_time_ends_a_token(peer: Peer):
    made = peer.token("AI Gateway Read", expires_on=later(3600))
    verify = f"{ALL}/verify"
    assert peer.api("GET", verify, token=made["value"]).json()["result"] == {
        "id": made["id"],
        "status": "active",
        "expires_on": made["expires_on"],
    }
    peer.advance(3601)
    assert peer.api("GET", "/ai-gateway/gateways", token=made["value"]).status_code == 401
    assert peer.result("GET", f"{ALL}/{made['id']}")["status"] == "expired"
    assert peer.api("GET", verify, token=made["value"]).json()["result"]["status"] == "expired"


def test_a_token_is_not_valid_before_its_time(peer: Peer):
    made = peer.token("AI Gateway Read", not_before=later(3600))
    said = peer.api("GET", f"{ALL}/verify", token=made["value"]).json()
    assert (said["result"]["not_before"], said["messages"]) == (made["not_before"], [])
    assert peer.api("GET", "/ai-gateway/gateways", token=made["value"]).status_code == 401
    peer.advance(3601)
    assert peer.api("GET", "/ai-gateway/gateways", token=made["value"]).status_code == 200


def test_a_token_verifies_itself_without_any_permission_for_it(peer: Peer):
    made = peer.token("Workers AI Read")
    answer = peer.api("GET", f"{ALL}/verify", token=made["value"]).json()
    assert answer["result"] == {"id": made["id"], "status": "active"}
    assert answer["messages"][0]["message"] == "This API Token is valid and active"
    wrong = peer.api("GET", f"{ALL}/verify", token="wrong")
    assert (wrong.status_code, codes(wrong)) == (401, [10000])


@pytest.mark.proves("tokens.verify")
def test_the_path_for_user_tokens_refuses_with_a_code(peer: Peer):
    for value in (peer.deploying_token, "wrong"):
        answer = peer.call("GET", "/client/v4/user/tokens/verify", token=value)
        assert answer.status_code == 401
        assert codes(answer)[0] in {1000, 10000}


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"name": ""}, ["body", "name"]),
        ({"name": "n" * 121}, ["body", "name"]),
        ({"name": None}, ["body", "name"]),
        ({"policies": []}, ["body", "policies"]),
        ({"policies": "all"}, ["body", "policies"]),
        ({"expires_on": "2005-12-30T01:02:03Z"}, ["body", "expires_on"]),
        ({"expires_on": "2999-01-01"}, ["body", "expires_on"]),
        ({"expires_on": "2999-01-01T00:00:00.5Z"}, ["body", "expires_on"]),
        ({"expires_on": "2999-13-01T00:00:00Z"}, ["body", "expires_on"]),
        ({"not_before": 7}, ["body", "not_before"]),
        (
            {"not_before": "2999-01-02T00:00:00Z", "expires_on": "2999-01-01T00:00:00Z"},
            ["body", "expires_on"],
        ),
        (
            {"condition": {"request_ip": {"in": ["no"]}}},
            ["body", "condition", "request_ip", "in", 0],
        ),
        ({"condition": {"request_ip": {"in": [7]}}}, ["body", "condition", "request_ip", "in", 0]),
        ({"permissions": []}, ["body"]),
        ({"status": "active"}, ["body"]),
    ],
)
def test_a_wrong_token_is_refused_at_its_field(peer: Peer, fields: dict, path: list):
    answer = peer.api("POST", ALL, token("AI Gateway Run", **fields))
    assert (answer.status_code, codes(answer)) == (400, [1001])
    assert answer.json()["errors"][0]["path"] == path
    assert len(peer.result("GET", ALL)) == 1


@pytest.mark.parametrize(
    "resources",
    [
        {"account": "*"},
        {f"com.cloudflare.api.account.{ACCOUNT}": "read"},
        {"com.cloudflare.api.account.mine": "*"},
        {f"com.cloudflare.api.account.{ACCOUNT}": {"zones": "*"}},
    ],
)
def test_a_policy_is_about_what_exists(peer: Peer, resources: dict):
    answer = peer.api(
        "POST", ALL, token(policies=[policy("AI Gateway Run") | {"resources": resources}])
    )
    assert (answer.status_code, codes(answer)) == (400, [1001])
    assert answer.json()["errors"][0]["path"][:4] == ["body", "policies", 0, "resources"]


def test_a_permission_group_must_exist(peer: Peer):
    wrong = policy() | {"permission_groups": [{"id": "0" * 32}]}
    answer = peer.api("POST", ALL, token(policies=[wrong]))
    assert (answer.status_code, codes(answer)) == (400, [1001])
    path = ["body", "policies", 0, "permission_groups", 0, "id"]
    assert answer.json()["errors"][0]["path"] == path


def test_names_are_not_unique(peer: Peer):
    first, second = peer.token("AI Gateway Run"), peer.token("AI Gateway Run")
    assert first["name"] == second["name"]
    assert first["id"] != second["id"]


@pytest.mark.proves("tokens.groups")
def test_the_facts_ids_are_the_permission_groups(peer: Peer):
    groups = {one["name"]: one["id"] for one in peer.result("GET", f"{ALL}/permission_groups")}
    assert groups | GROUPS == groups
    assert {"AI Gateway Metadata Read", "Workers AI Metadata Read"} <= set(groups)
    assert len(set(groups.values())) == len(groups)


@pytest.mark.parametrize(
    "name", ["AI+Gateway+Run", "AI%20Gateway%20Run", "AI%2520Gateway%2520Run", "ai%20gateway%20RUN"]
)
def test_a_filter_by_name_finds_more_than_the_name(peer: Peer, name: str):
    found = peer.result("GET", f"{ALL}/permission_groups?name={name}")
    assert [one["name"] for one in found] == ["AI Gateway Run Logs Read", "AI Gateway Run"]


def test_a_filter_by_scope(peer: Peer):
    zone = "com.cloudflare.api.account.zone"
    found = peer.result("GET", f"{ALL}/permission_groups?scope={zone}")
    assert found
    assert all(one["scopes"] == [zone] for one in found)


def test_zones_of_an_account_are_resources_too(peer: Peer):
    account = f"com.cloudflare.api.account.{ACCOUNT}"
    nested = {account: {"com.cloudflare.api.account.zone.*": "*"}}
    made = peer.token(policies=[policy("AI Gateway Read") | {"resources": nested}])
    assert made["policies"][0]["resources"] == nested
    answer = peer.api("GET", "/ai-gateway/gateways", token=made["value"])
    assert answer.status_code == 403, "zones are not the account"
