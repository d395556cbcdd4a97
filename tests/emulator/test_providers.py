"""Stored keys, custom providers, other providers' paths, and servers in their place."""

import json
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from emulator.peer import (
    ACCOUNT,
    GROUPS,
    LLAMA,
    Peer,
    codes,
    gateway_code,
    in_process,
    listening,
    on_port,
    policy,
    read_token,
    start,
    stop,
)

from gatewright.emulator import Settings, StartError, create_app
from gatewright.emulator.identity import new_value

CONFIGS = "/ai-gateway/gateways/edge/provider_configs"
CUSTOM = "/ai-gateway/custom-providers"
LOGS = "/ai-gateway/gateways/edge/logs"
CHAT = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "hi"}]}
KEY = "sk-" + "k" * 40


class _Upstream(BaseHTTPRequestHandler):
    """Answers with what it was sent; says ``stream`` in three pieces."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        given = json.loads(body)
        if given.get("stream") == "cut":
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("content-length", "99")
            self.end_headers()
            self.wfile.write(b"data: a\n\n")
            return
        if given.get("stream"):
            content, kind = b"data: a\n\ndata: b\n\ndata: [DONE]\n\n", "text/event-stream"
        else:
            seen = {"path": self.path, "headers": dict(self.headers), "body": given}
            usage = {"prompt_tokens": given.get("counted", 1_000_000), "completion_tokens": 0}
            content, kind = json.dumps(seen | {"usage": usage}).encode(), "application/json"
        self.send_response(given.get("status", 200))
        self.send_header("content-type", kind)
        self.send_header("retry-after", "7")
        self.send_header("cf-aig-step", "9")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def upstream() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Upstream) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/base"
        server.shutdown()
        thread.join()


@pytest.fixture
def proxied(upstream: str) -> Peer:
    value = new_value()
    urls = {"openai": upstream, "custom-mine": upstream, "groq": "http://127.0.0.1:1"}
    return in_process(create_app(Settings(upstreams=urls), deploying_token=value), value)


def config(peer: Peer, **fields: Any) -> Any:
    body = {"alias": "default", "default_config": True, "provider_slug": "openai", "secret": KEY}
    return peer.result("POST", CONFIGS, body | fields)


def through(peer: Peer, rest: str, body: Any = None, **headers: str) -> Any:
    """A call without a credential for the provider."""
    run = peer.token("AI Gateway Run")["value"]
    sent = {"cf-aig-authorization": f"Bearer {run}"} | {
        name.replace("_", "-"): text for name, text in headers.items()
    }
    return peer.call("POST", f"/v1/{ACCOUNT}/edge/{rest}", body=body or CHAT, headers=sent)


@pytest.mark.proves("byok.hidden")
def test_a_stored_key_is_never_shown(peer: Peer):
    peer.gateway("edge")
    made = config(peer)
    assert KEY not in json.dumps(made)
    assert (made["alias"], made["provider_slug"], made["rate_limit_period"]) == (
        "default",
        "openai",
        60,
    )
    assert made["gateway_id"] == "edge"
    assert peer.result("GET", CONFIGS) == [made]
    assert peer.result("GET", f"{CONFIGS}?page=2") == []
    assert KEY not in peer.api("PUT", f"{CONFIGS}/{made['id']}", {"secret": KEY}).text
    assert peer.result("DELETE", f"{CONFIGS}/{made['id']}")["id"] == made["id"]
    gone = peer.api("DELETE", f"{CONFIGS}/{made['id']}")
    assert (gone.status_code, codes(gone)) == (404, [7002])


@pytest.mark.parametrize(
    "fields", [{"alias": None}, {"secret": ""}, {"default_config": "yes"}, {"more": 1}], ids=str
)
def test_a_stored_key_is_checked(peer: Peer, fields: dict[str, Any]):
    peer.gateway("edge")
    body = {"alias": "a", "default_config": True, "provider_slug": "openai", "secret": KEY} | fields
    answer = peer.api("POST", CONFIGS, {k: v for k, v in body.items() if v is not None})
    assert (answer.status_code, codes(answer)) == (400, [7001])


def test_an_alias_is_taken_once_and_a_secret_is_needed(peer: Peer):
    peer.gateway("edge")
    config(peer)
    config(peer, provider_slug="anthropic")
    body = {"alias": "default", "default_config": True, "provider_slug": "openai"}
    for more in ({"secret": KEY}, {"alias": "other"}):
        answer = peer.api("POST", CONFIGS, body | more)
        assert (answer.status_code, codes(answer)) == (400, [7001])


@pytest.mark.proves("byok.secret-id")
def test_a_secret_id_alone_names_a_secret_that_exists(proxied: Peer):
    proxied.gateway("edge")
    body = {"alias": "default", "default_config": True, "provider_slug": "openai"}
    unknown = proxied.api("POST", CONFIGS, body | {"secret_id": "5" * 32})
    assert (unknown.status_code, codes(unknown)) == (400, [7001])
    assert "was not found" in unknown.json()["errors"][0]["message"]
    proxied.control("POST", "secrets", {"id": "5" * 32, "value": KEY})
    first = proxied.result("POST", CONFIGS, body | {"secret_id": "5" * 32})
    assert first["secret_id"] == "5" * 32
    seen = through(proxied, "openai/chat/completions").json()
    assert seen["headers"]["authorization"] == f"Bearer {KEY}"
    other = config(proxied, provider_slug="mistral", secret=KEY[::-1])
    shared = body | {"provider_slug": "groq", "secret_id": other["secret_id"]}
    proxied.result("POST", CONFIGS, shared)


def test_whoever_cannot_know_takes_any_secret_id():
    value = new_value()
    peer = in_process(create_app(Settings(any_secret=True), deploying_token=value), value)
    peer.gateway("edge")
    body = {"alias": "default", "default_config": True, "provider_slug": "openai"}
    assert peer.api("POST", CONFIGS, body).status_code == 400
    assert peer.result("POST", CONFIGS, body | {"secret_id": "5" * 32})["secret_id"] == "5" * 32


def test_a_secret_that_two_share_stays_until_both_are_gone(proxied: Peer):
    proxied.gateway("edge")
    made = config(proxied, provider_slug="mistral")
    body = {"alias": "default", "default_config": True, "provider_slug": "openai"}
    shared = proxied.result("POST", CONFIGS, body | {"secret_id": made["secret_id"]})
    proxied.result("DELETE", f"{CONFIGS}/{made['id']}")
    seen = through(proxied, "openai/chat/completions").json()
    assert seen["headers"]["authorization"] == f"Bearer {KEY}"
    proxied.result("DELETE", f"{CONFIGS}/{shared['id']}")
    again = proxied.api("POST", CONFIGS, body | {"secret_id": made["secret_id"]})
    assert (again.status_code, codes(again)) == (400, [7001])


@pytest.mark.proves("byok.permission")
def test_stored_keys_need_the_secrets_permission(peer: Peer):
    peer.gateway("edge")
    weak = peer.token("AI Gateway Write")["value"]
    assert peer.api("GET", CONFIGS, token=weak).status_code == 200
    assert peer.api("POST", CONFIGS, {}, token=weak).status_code == 403


def test_whose_credential_is_sent(proxied: Peer):
    proxied.gateway("edge", authentication=True)
    sent = "openai/chat/completions?x=1"
    own = through(proxied, sent, Authorization="Bearer own").json()
    assert own["path"] == "/base/chat/completions?x=1"
    assert own["headers"]["authorization"] == "Bearer own"
    assert not [name for name in own["headers"] if name.lower().startswith("cf-")]
    assert "authorization" not in through(proxied, sent).json()["headers"], "Cloudflare pays"
    config(proxied)
    config(proxied, alias="spare", default_config=False, secret=KEY[::-1])
    assert through(proxied, sent).json()["headers"]["authorization"] == f"Bearer {KEY}"
    spare = through(proxied, sent, cf_aig_byok_alias="spare").json()
    assert spare["headers"]["authorization"] == f"Bearer {KEY[::-1]}"
    unknown = through(proxied, sent, cf_aig_byok_alias="none")
    assert (unknown.status_code, gateway_code(unknown)) == (400, 2040)
    proxied.advance(1)
    rows = proxied.result("GET", LOGS)
    flags = [(row["byok"], row["wholesale"]) for row in rows]
    assert flags == [(True, False), (True, False), (False, True), (False, False)]
    assert rows[0]["cost"] == pytest.approx(0.15)


@pytest.mark.parametrize(
    ("fields", "headers", "status"),
    [
        ({}, {}, 401),
        ({"authentication": True}, {}, 200),
        ({"authentication": True}, {"cf_aig_no_wholesale": "true"}, 401),
        ({"authentication": True, "byok_only": True}, {}, 400),
        ({"byok_only": True}, {"Authorization": "Bearer own"}, 200),
    ],
)
@pytest.mark.proves("byok.only")
def test_without_a_stored_key(peer: Peer, fields: dict, headers: dict, status: int):
    peer.gateway("edge", **fields)
    assert through(peer, "openai/chat/completions", **headers).status_code == status


def test_what_a_provider_cannot_read_it_refuses_in_its_own_shape(peer: Peer):
    peer.gateway("edge", authentication=True)
    answer = through(peer, "openai/chat/completions", {"model": "gpt-4o", "messages": []})
    assert answer.status_code == 400
    assert answer.json()["error"] == {
        "type": "invalid_request_error",
        "message": "'messages' must be an array that is not empty",
    }


def test_who_has_no_credential_is_the_providers_to_refuse(proxied: Peer):
    proxied.gateway("edge")
    seen = through(proxied, "openai/chat/completions")
    assert seen.status_code == 200, "the server in its place takes anybody"
    assert "authorization" not in seen.json()["headers"]
    refused = through(proxied, "mistral/chat/completions")
    assert refused.status_code == 401
    assert refused.json().keys() == {"error"}
    proxied.advance(1)
    assert [row["wholesale"] for row in proxied.result("GET", LOGS)] == [False, False]


@pytest.mark.proves("byok.only")
def test_byok_only_leaves_workers_ai_alone(peer: Peer):
    peer.gateway("edge", byok_only=True)
    assert peer.ask(peer.caller()).status_code == 200


@pytest.mark.parametrize(
    ("rest", "body", "path"),
    [
        ("openai/chat/completions", CHAT, "choices.0.message.content"),
        ("openai/responses", {"model": "gpt-5", "input": "hi"}, "output.0.content.0.text"),
        (
            "openai/embeddings",
            {"model": "text-embedding-3-small", "input": "hi"},
            "data.0.embedding",
        ),
        ("anthropic/v1/messages", CHAT | {"model": "claude-haiku-4-5"}, "content.0.text"),
        (
            "google-ai-studio/v1beta/models/gemini-2.5-flash:generateContent",
            {"contents": [{"parts": [{"text": "hi"}]}]},
            "candidates.0.content.parts.0.text",
        ),
        (
            "compat/chat/completions",
            CHAT | {"model": "openai/gpt-4o-mini"},
            "choices.0.message.content",
        ),
    ],
)
def test_canned_answers_have_the_providers_shapes(peer: Peer, rest: str, body: Any, path: str):
    peer.gateway("edge", authentication=True)
    answer = through(peer, rest, body)
    assert answer.status_code == 200, answer.text
    assert "neurons" not in answer.text, "only Workers AI counts in them"
    found = answer.json()
    for step in path.split("."):
        found = found[int(step) if step.isdigit() else step]
    assert found


def test_a_unified_model_reaches_its_provider_without_prefix(proxied: Peer):
    proxied.gateway("edge", authentication=True)
    body = CHAT | {"model": "openai/gpt-4o-mini"}
    seen = through(proxied, "compat/chat/completions", body).json()
    assert seen["path"] == "/base/chat/completions"
    assert seen["body"]["model"] == "gpt-4o-mini"


def test_a_stream_passes_through_and_is_logged(proxied: Peer):
    proxied.gateway("edge", authentication=True)
    answer = through(proxied, "openai/chat/completions", CHAT | {"stream": True})
    assert answer.headers["content-type"] == "text/event-stream"
    assert answer.content == b"data: a\n\ndata: b\n\ndata: [DONE]\n\n"
    proxied.advance(1)
    (row,) = proxied.result("GET", LOGS)
    assert row["id"] == answer.headers["cf-aig-log-id"]


def test_a_stream_that_breaks_off_breaks_off_for_the_client_too(upstream: str, tmp_path: Path):
    token_file = tmp_path / "token"
    more = ("--token-file", str(token_file), "--upstream", f"openai={upstream}")
    process = start(*more, stderr=subprocess.PIPE)
    try:
        port = listening(process)["port"]
        with httpx.Client(trust_env=False) as client:
            peer = on_port(client, port, read_token(token_file))
            peer.gateway("edge", authentication=True)
            with pytest.raises(ConnectionResetError):
                through(peer, "openai/chat/completions", CHAT | {"stream": "cut"})
            peer.advance(1)
            (row,) = peer.result("GET", "/ai-gateway/gateways/edge/logs")
            path = f"/ai-gateway/gateways/edge/logs/{row['id']}/response"
            assert peer.api("GET", path).text == "data: a\n\n"
        process.terminate()
        assert process.stderr is not None
        assert process.stderr.read() == "", "nothing to say about it"
    finally:
        stop(process)


def test_a_stream_that_breaks_off_is_2005_where_all_of_it_is_looked_at(proxied: Peer):
    proxied.gateway("edge", authentication=True, guardrails={"prompt": {}, "response": {}})
    answer = through(proxied, "openai/chat/completions", CHAT | {"stream": "cut"})
    assert (answer.status_code, gateway_code(answer)) == (400, 2005)


def test_a_provider_that_is_not_there_is_2005(proxied: Peer):
    proxied.gateway("edge", authentication=True)
    answer = through(proxied, "groq/chat/completions")
    assert (answer.status_code, gateway_code(answer)) == (400, 2005)
    refused = through(proxied, "openai/chat/completions", CHAT | {"status": 418})
    assert refused.status_code == 418


def test_a_status_that_http_does_not_have_is_2005(proxied: Peer):
    proxied.gateway()
    answer = through(proxied, "openai/chat/completions", CHAT | {"status": 999}, Authorization=KEY)
    assert (answer.status_code, gateway_code(answer)) == (400, 2005)


@pytest.mark.parametrize("endpoint", ["chat/\x01", "a" * 70_000], ids=["control", "long"])
def test_an_endpoint_that_no_url_can_have_is_2005(proxied: Peer, endpoint: str):
    proxied.gateway()
    asked = {"provider": "openai", "headers": {"Authorization": KEY}, "query": CHAT}
    answer = through(proxied, "", [asked | {"endpoint": endpoint}])
    assert (answer.status_code, gateway_code(answer)) == (400, 2005)


@pytest.mark.parametrize("counted", [-1_000_000, int("9" * 400)], ids=["negative", "huge"])
def test_a_count_of_tokens_beyond_reason_counts_for_nothing(proxied: Peer, counted: int):
    proxied.gateway()
    asked = CHAT | {"counted": counted}
    answer = through(proxied, "openai/chat/completions", asked, Authorization=KEY)
    assert answer.status_code == 200
    proxied.advance(5)
    (row,) = proxied.result("GET", LOGS)
    assert (row["tokens_in"], row["cost"]) == (0, 0)


@pytest.mark.parametrize("status", [201, 302])
def test_what_is_not_200_is_not_kept(proxied: Peer, status: int):
    proxied.gateway(cache_ttl=60)
    asked = CHAT | {"status": status}
    for _ in range(2):
        answer = through(proxied, "openai/chat/completions", asked, Authorization=KEY)
        assert answer.status_code == status
        assert "cf-aig-cache-status" not in answer.headers


def test_a_providers_own_headers_are_handed_on(proxied: Peer):
    proxied.gateway("edge", authentication=True)
    for more in ({"status": 429}, {"stream": True}):
        answer = through(proxied, "openai/chat/completions", CHAT | more)
        assert (answer.headers["retry-after"], answer.headers["cf-aig-step"]) == ("7", "0")


@pytest.mark.parametrize("url", ["https://127.0.0.1:1", "http://192.0.2.1", "http://x.test", "no"])
def test_an_upstream_is_on_this_machine(url: str):
    with pytest.raises(StartError, match="loopback"):
        create_app(Settings(upstreams={"openai": url}))


def provider(**fields: Any) -> dict[str, Any]:
    return {"name": "Mine", "slug": "mine", "base_url": "https://models.example"} | fields


def test_custom_providers(peer: Peer):
    made = peer.result("POST", CUSTOM, provider(position=3))
    assert (made["slug"], made["enable"], made["position"]) == ("mine", False, 3)
    path = f"{CUSTOM}/{made['id']}"
    assert peer.result("GET", path) == made
    again = peer.api("POST", CUSTOM, provider())
    assert (again.status_code, codes(again)) == (400, [7001])
    peer.result("POST", CUSTOM, provider(slug="other", name="Other"))
    assert [one["slug"] for one in peer.result("GET", f"{CUSTOM}?search=oth")] == ["other"]
    changed = peer.result("PATCH", path, {"enable": True})
    assert (changed["enable"], changed["name"]) == (True, "Mine")
    assert "position" not in peer.result("PATCH", path, {"position": None})
    assert [one["slug"] for one in peer.result("GET", f"{CUSTOM}?enable=true")] == ["mine"]
    assert peer.api("PATCH", path, {"slug": "other"}).status_code == 400
    peer.result("DELETE", path)
    assert peer.api("GET", path).status_code == 404
    bad = peer.api("POST", CUSTOM, provider(base_url="http://models.example"))
    assert bad.json()["errors"][0]["path"] == ["body", "base_url"]


@pytest.mark.proves("custom.call")
def test_a_custom_provider_is_called_by_its_slug(proxied: Peer):
    proxied.gateway("edge", cache_ttl=300)
    call = ("custom-mine/v1/chat", {"model": "m"})
    assert gateway_code(through(proxied, *call)) == 2008
    made = proxied.result("POST", CUSTOM, provider())
    assert through(proxied, *call).json()["path"] == "/base/v1/chat"
    unified = through(proxied, "compat/chat/completions", CHAT | {"model": "custom-mine/m"})
    assert unified.json()["body"]["model"] == "m"
    assert through(proxied, *call).headers["cf-aig-cache-status"] == "HIT"
    proxied.result("PATCH", f"{CUSTOM}/{made['id']}", {"name": "Changed"})
    assert through(proxied, *call).headers["cf-aig-cache-status"] == "MISS"


def user(peer: Peer, method: str, path: str = "", body: Any = None, token: str = "") -> Any:
    value = token or peer.deploying_token
    return peer.call(method, f"/client/v4/user/tokens{path}", token=value, body=body)


def test_user_tokens_are_a_kind_of_their_own(peer: Peer):
    body = {"name": "mine", "policies": [policy("AI Gateway Run", "Workers AI Read")]}
    made = user(peer, "POST", body=body).json()["result"]
    assert made["value"].startswith("cfut_")
    assert [one["id"] for one in user(peer, "GET").json()["result"]] == [made["id"]]
    assert made["id"] not in [one["id"] for one in peer.result("GET", "/tokens")]
    assert peer.api("GET", f"/tokens/{made['id']}").status_code == 404
    verified = user(peer, "GET", "/verify", token=made["value"]).json()
    assert verified["result"] == {"id": made["id"], "status": "active"}
    assert user(peer, "GET", "/verify").status_code == 401
    assert peer.api("GET", "/tokens/verify", token=made["value"]).status_code == 401
    peer.gateway("edge", authentication=True)
    assert peer.ask(made["value"]).status_code == 200
    rolled = user(peer, "PUT", f"/{made['id']}/value", {}).json()["result"]
    assert rolled.startswith("cfut_")
    assert peer.ask(made["value"]).status_code == 401
    assert user(peer, "DELETE", f"/{made['id']}").status_code == 200
    weak = peer.token("Account API Tokens Write")["value"]
    assert user(peer, "GET", token=weak).status_code == 403
    groups = user(peer, "GET", "/permission_groups").json()["result"]
    assert {GROUPS["AI Gateway Run"]} <= {group["id"] for group in groups}


def test_the_url_of_a_provider(peer: Peer):
    peer.gateway("edge")
    url = peer.result("GET", "/ai-gateway/gateways/edge/url/workers-ai")
    assert url.endswith(f"/v1/{ACCOUNT}/edge/workers-ai")
    path = url.partition(ACCOUNT)[2].removeprefix("/edge/")
    assert peer.ask(peer.caller(), f"{path}/{LLAMA}").status_code == 200
    assert peer.api("GET", "/ai-gateway/gateways/no/url/openai").status_code == 404
