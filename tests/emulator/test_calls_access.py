"""Who may call through a gateway: the gateway's token and the provider's, and whose error it is."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from emulator.peer import ACCOUNT, LLAMA, PROMPT, Peer, codes, gateway_code

RUN, INVOKE = "AI Gateway Run", "Workers AI Read"
GATEWAY, PROVIDER = "cf-aig-authorization", "Authorization"

PATHS = {
    f"workers-ai/{LLAMA}": PROMPT,
    f"workers-ai/run/{LLAMA}": PROMPT,
    "workers-ai/v1/chat/completions": {
        "model": LLAMA,
        "messages": [{"role": "user", "content": "hi"}],
    },
    "workers-ai/v1/embeddings": {"model": "@cf/baai/bge-m3", "input": "hi"},
    "compat/chat/completions": {
        "model": f"workers-ai/{LLAMA}",
        "messages": [{"role": "user", "content": "hi"}],
    },
    "compat/embeddings": {"model": "workers-ai/@cf/baai/bge-m3", "input": "hi"},
}

# gateway authentication, permission in each header (None: no header) → who answers
MATRIX = [
    (False, None, None, 10000),
    (False, RUN, None, 10000),
    (False, None, INVOKE, 200),
    (False, RUN, INVOKE, 200),
    (False, "wrong", INVOKE, 200),
    (False, None, RUN, 10000),
    (False, None, "wrong", 10000),
    (False, None, "AI Gateway Write", 10000),
    (False, None, "Workers AI Write", 200),
    (True, None, None, 2009),
    (True, None, INVOKE, 2009),
    (True, "wrong", INVOKE, 2009),
    (True, INVOKE, INVOKE, 2009),
    (True, "AI Gateway Read", INVOKE, 2009),
    (True, "AI Gateway Write", INVOKE, 2009),
    (True, RUN, None, 10000),
    (True, RUN, "wrong", 10000),
    (True, RUN, RUN, 10000),
    (True, RUN, INVOKE, 200),
]


def call(
    peer: Peer, headers: dict[str, str], rest: str, body: object, **more: bytes
) -> httpx.Response:
    path = f"/v1/{ACCOUNT}/edge/{rest}"
    return peer.call("POST", path, body=body, headers=headers, **more)


def verdict(answer: httpx.Response) -> int:
    if answer.status_code == 200:
        return 200
    assert answer.status_code == 401
    if "error" in answer.json():
        return gateway_code(answer)
    assert answer.json()["errors"] == [{"code": 10000, "message": "Authentication error"}]
    (code,) = codes(answer)
    return code


@pytest.mark.parametrize(("authentication", "gateway_token", "provider_token", "expected"), MATRIX)
@pytest.mark.proves("calls.matrix")
def test_the_matrix(
    peer: Peer,
    authentication: bool,  # noqa: FBT001  # a column of the table
    gateway_token: str | None,
    provider_token: str | None,
    expected: int,
):
    peer.gateway("edge", authentication=authentication)
    headers = {
        header: f"Bearer {name if name == 'wrong' else peer.token(name)['value']}"
        for header, name in ((GATEWAY, gateway_token), (PROVIDER, provider_token))
        if name
    }
    verdicts = {rest: verdict(call(peer, headers, rest, body)) for rest, body in PATHS.items()}
    assert verdicts == dict.fromkeys(PATHS, expected)


def both(value: str) -> dict[str, str]:
    return {GATEWAY: f"Bearer {value}", PROVIDER: f"Bearer {value}"}


@pytest.mark.proves("calls.order")
def test_wrong_tokens_are_refused_before_the_body_is_read(peer: Peer):
    peer.gateway("edge", authentication=True)
    run = peer.token(RUN)["value"]
    for headers, expected in (({}, 2009), ({GATEWAY: f"Bearer {run}"}, 10000)):
        answer = call(peer, headers, f"workers-ai/{LLAMA}", None, content=b"{")
        assert verdict(answer) == expected


@pytest.mark.parametrize("account", [ACCOUNT, "0" * 32])
@pytest.mark.proves("calls.unknown")
def test_an_unknown_gateway_is_2001_whoever_asks_whatever(peer: Peer, account: str):
    if account != ACCOUNT:
        peer.gateway("nowhere")
    for path in (f"nowhere/workers-ai/{LLAMA}", "nowhere/elsewhere", "nowhere"):
        answer = peer.call("POST", f"/v1/{account}/{path}", content=b"{")
        if account == ACCOUNT or path != "nowhere":
            assert (answer.status_code, gateway_code(answer)) == (400, 2001)
            assert answer.json()["message"] == (
                "Please configure AI Gateway in the Cloudflare dashboard"
            )


@pytest.mark.parametrize("condition", [{"in": ["192.0.2.0/24"]}, {"not_in": ["127.0.0.1"]}])
def test_conditions_on_addresses_hold_here_too(peer: Peer, condition: dict):
    peer.gateway("edge", authentication=True)
    bound = peer.token(RUN, INVOKE, condition={"request_ip": condition})["value"]
    free = peer.caller()
    headers = both(bound)
    assert verdict(call(peer, headers, f"workers-ai/{LLAMA}", PROMPT)) == 2009
    headers[GATEWAY] = f"Bearer {free}"
    assert verdict(call(peer, headers, f"workers-ai/{LLAMA}", PROMPT)) == 10000


def test_expired_disabled_rolled_and_deleted_tokens_are_refused(peer: Peer):
    peer.gateway("edge", authentication=True)
    soon = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    disabled, rolled, deleted = (peer.token(RUN, INVOKE) for _ in range(3))
    expired = peer.token(RUN, INVOKE, expires_on=soon)
    made = (disabled, rolled, deleted, expired)

    def verdicts() -> list[int]:
        return [
            verdict(call(peer, both(one["value"]), f"workers-ai/{LLAMA}", PROMPT)) for one in made
        ]

    assert verdicts() == [200] * 4
    body = {name: disabled[name] for name in ("name", "policies")}
    peer.result("PUT", f"/tokens/{disabled['id']}", body | {"status": "disabled"})
    peer.result("PUT", f"/tokens/{rolled['id']}/value", {})
    peer.result("DELETE", f"/tokens/{deleted['id']}")
    peer.advance(3601)
    assert verdicts() == [2009] * 4


def test_a_gateway_that_starts_to_authenticate_does_so_at_once(peer: Peer):
    made = peer.gateway("edge")
    value = peer.token(INVOKE)["value"]
    headers = {PROVIDER: f"Bearer {value}"}
    assert verdict(call(peer, headers, f"workers-ai/{LLAMA}", PROMPT)) == 200
    peer.result("PUT", "/ai-gateway/gateways/edge", made | {"authentication": True})
    assert verdict(call(peer, headers, f"workers-ai/{LLAMA}", PROMPT)) == 2009
