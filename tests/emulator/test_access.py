"""The account API's decisions before a handler: path, account, method, token, permission."""

import httpx
import pytest
from emulator.peer import ACCOUNT, Peer, codes, gateway, policy, token

GATEWAYS = "/ai-gateway/gateways"


@pytest.mark.parametrize(
    "path",
    [
        "/client/v4/nowhere",
        f"/client/v4/accounts/{ACCOUNT}/ai-gateway",
        f"/client/v4/accounts/{ACCOUNT}/ai-gateway/gateways/",
        f"/client/v4/accounts/{ACCOUNT}/ai-gateway%2Fgateways",
        f"/client/v4/accounts/{ACCOUNT}/ai/run/@cf%2Fmeta%2Fllama",
        "/elsewhere",
    ],
)
@pytest.mark.proves("api.no-route")
def test_a_path_that_leads_nowhere_is_7000(peer: Peer, path: str):
    answer = peer.call("GET", path, token=peer.deploying_token)
    assert (answer.status_code, codes(answer)) == (400, [7000])


def test_an_encoded_slash_in_an_id_is_part_of_the_id(peer: Peer):
    answer = peer.api("GET", f"{GATEWAYS}/a%2Fb")
    assert (answer.status_code, codes(answer)) == (404, [7002])


@pytest.mark.proves("api.no-account")
def test_an_unknown_account_is_7003(peer: Peer):
    answer = peer.call(
        "GET", "/client/v4/accounts/somebody-else/tokens", token=peer.deploying_token
    )
    assert (answer.status_code, codes(answer)) == (404, [7003])


def test_gateways_have_no_patch(peer: Peer):
    peer.gateway("edge")
    answer = peer.api("PATCH", f"{GATEWAYS}/edge", {})
    assert (answer.status_code, codes(answer)) == (405, [7001])


@pytest.mark.parametrize("value", [None, "cfat_nobody-has-this-token", "wrong"])
@pytest.mark.parametrize("path", [GATEWAYS, "/tokens", "/tokens/permission_groups"])
@pytest.mark.proves("api.token")
def test_no_or_a_wrong_token_is_401(peer: Peer, path: str, value: str | None):
    headers = {"Authorization": f"Bearer {value}".encode("latin-1")} if value else {}
    answer = peer.api("GET", path, token=None, headers=headers)
    assert (answer.status_code, codes(answer)) == (401, [10000])


@pytest.mark.parametrize(
    "given", [b"Basic dG9rZW4=", b"Bearer", b"Bearer I love this", b"Bearer \xbf", b""]
)
@pytest.mark.proves("api.malformed-token")
def test_a_header_that_can_be_no_tokens_is_6003(peer: Peer, given: bytes):
    answer = peer.api("GET", "/tokens", token=None, headers={"Authorization": given})
    assert (answer.status_code, codes(answer)) == (400, [6003])
    (behind,) = answer.json()["errors"][0]["error_chain"]
    assert behind == {"code": 6111, "message": "Invalid format for Authorization header"}


def test_two_tokens_are_none(peer: Peer):
    """Repeated headers are one with a comma in it."""
    value = f"Bearer {peer.deploying_token}"
    path = f"/client/v4/accounts/{ACCOUNT}/tokens"
    headers = httpx.Headers([("Authorization", value), ("Authorization", value)])
    assert codes(peer.call("GET", path, headers=headers)) == [6003]


def test_a_wrong_token_is_refused_before_the_body_is_read(peer: Peer):
    assert peer.api("POST", GATEWAYS, token="wrong", content=b"{").status_code == 401


ONE = f"{GATEWAYS}/edge"
AI_READ, AI_WRITE, AI_RUN = "AI Gateway Read", "AI Gateway Write", "AI Gateway Run"
TOKENS_READ, TOKENS_WRITE = "Account API Tokens Read", "Account API Tokens Write"


@pytest.mark.parametrize(
    ("method", "path", "enough", "weak"),
    [
        ("GET", GATEWAYS, [AI_READ, AI_WRITE], [AI_RUN, "Workers AI Write", TOKENS_WRITE]),
        ("GET", ONE, [AI_READ, AI_WRITE], [AI_RUN, "Workers AI Read"]),
        ("POST", GATEWAYS, [AI_WRITE], [AI_READ, AI_RUN]),
        ("PUT", ONE, [AI_WRITE], [AI_READ, AI_RUN]),
        ("DELETE", ONE, [AI_WRITE], [AI_READ, AI_RUN]),
        ("GET", "/tokens", [TOKENS_READ, TOKENS_WRITE], [AI_WRITE]),
        ("GET", "/tokens/permission_groups", [TOKENS_READ, TOKENS_WRITE], [AI_WRITE]),
        ("POST", "/tokens", [TOKENS_WRITE], [TOKENS_READ, AI_WRITE]),
    ],
)
@pytest.mark.proves("api.permission")
def test_each_method_needs_its_permission(
    peer: Peer, method: str, path: str, enough: list[str], weak: list[str]
):
    peer.gateway("edge")
    body = token(AI_RUN) if path == "/tokens" else gateway("edge")
    for name in weak:
        answer = peer.api(method, path, body, token=peer.token(name)["value"])
        assert (answer.status_code, codes(answer)) == (403, [10000]), name
    for name in enough:
        answer = peer.api(method, path, body, token=peer.token(name)["value"])
        assert answer.status_code not in {401, 403}, name


def test_a_permission_on_another_account_opens_nothing(peer: Peer):
    foreign = peer.token(policies=[policy(AI_READ, account="0" * 32)])["value"]
    assert peer.api("GET", GATEWAYS, token=foreign).status_code == 403
    everywhere = peer.token(policies=[policy(AI_READ, account="*")])["value"]
    assert peer.api("GET", GATEWAYS, token=everywhere).status_code == 200


def test_deny_goes_before_allow(peer: Peer):
    policies = [policy(AI_READ, AI_WRITE), policy(AI_WRITE, effect="deny")]
    value = peer.token(policies=policies)["value"]
    assert peer.api("GET", GATEWAYS, token=value).status_code == 200
    assert peer.api("POST", GATEWAYS, gateway(), token=value).status_code == 403


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({"in": ["127.0.0.0/8"]}, 200),
        ({"in": ["127.0.0.1"]}, 200),
        ({"in": ["192.0.2.0/24", "2001:db8::/32"]}, 403),
        ({"not_in": ["127.0.0.1/32"]}, 403),
        ({"in": ["127.0.0.0/8"], "not_in": ["127.0.0.1"]}, 403),
        ({}, 200),
    ],
)
@pytest.mark.proves("tokens.condition")
def test_a_token_is_good_from_some_addresses_only(peer: Peer, condition: dict, status: int):
    value = peer.token(AI_READ, condition={"request_ip": condition})["value"]
    answer = peer.api("GET", GATEWAYS, token=value)
    assert answer.status_code == status
    assert status == 200 or codes(answer) == [9109]


def test_a_body_over_the_limit_is_413(local: Peer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("gatewright.emulator.web.MAX_BODY", 10)
    answer = local.api("POST", GATEWAYS, gateway())
    assert (answer.status_code, codes(answer)) == (413, [413])
    local_call = local.call("POST", "/_emulator/clock", body={"advance": 1_000_000})
    assert local_call.status_code == 413
