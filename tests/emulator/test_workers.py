"""The account API for Workers, as its clients use it."""

import json
from typing import Any

import httpx
import pytest
from emulator.peer import GROUPS, Peer, codes
from emulator.uploads import (
    AI,
    HELLO,
    MODULE,
    form,
    metadata,
    provider,
    put,
    python_sdk,
    send,
    wrangler,
)

ASK = "/workers/scripts/ask"
READ, WRITE = "Workers Scripts Read", "Workers Scripts Write"


@pytest.mark.parametrize("client", [wrangler, python_sdk, provider])
@pytest.mark.proves("workers.upload")
def test_an_upload_in_each_clients_form(peer: Peer, client: Any):
    answer = send(peer, client(), f"{ASK}?excludeScript=true&bindings_inherit=strict")
    result = answer.json()["result"]
    assert answer.json()["success"] is True
    assert result["id"] == "ask"
    assert result["handlers"] == ["fetch"]
    assert result["has_modules"] is True
    assert result["compatibility_date"] == "2026-02-01"
    assert set(result) >= {"etag", "tag", "startup_time_ms", "created_on", "modified_on"}
    assert [one["id"] for one in peer.result("GET", "/workers/scripts")] == ["ask"]
    versions = peer.result("GET", f"{ASK}/versions")["items"]
    assert result["deployment_id"] == versions[0]["id"]


def test_what_wrangler_asks_before_its_first_deploy(peer: Peer):
    answers = {
        "/workers/services/ask": 10090,
        f"{ASK}/deployments": 10007,
        f"{ASK}/settings": 10007,
        f"{ASK}/subdomain": 10007,
    }
    for path, code in answers.items():
        answer = peer.api("GET", path)
        assert (answer.status_code, codes(answer)) == (404, [code]), path
    assert peer.result("GET", "/workers/subdomain") == {"subdomain": "gatewright"}


def test_what_wrangler_asks_later(peer: Peer):
    put(peer)
    service = peer.result("GET", "/workers/services/ask")["default_environment"]
    assert service["environment"] == "production"
    assert service["script"]["tag"]
    made = send(peer, wrangler("export default {fetch(){}}"), f"{ASK}/versions", "POST").json()
    version = made["result"]
    assert version["number"] == 2
    assert version["resources"]["bindings"] == [AI]
    assert set(version["resources"]["script"]) >= {"etag", "handlers"}
    assert "startup_time_ms" in version
    shares = [{"version_id": version["id"], "percentage": 100}]
    body = {"strategy": "percentage", "versions": shares, "annotations": {"workers/message": "x"}}
    deployment = peer.result("POST", f"{ASK}/deployments", body)
    assert peer.result("GET", f"{ASK}/deployments")["deployments"][0] == deployment
    assert peer.result("GET", f"{ASK}/deployments/{deployment['id']}") == deployment
    changed = peer.result("PATCH", f"{ASK}/script-settings", {"logpush": True})
    assert changed["logpush"] is True
    assert peer.result("GET", f"{ASK}/settings")["logpush"] is True


def test_a_new_version_answers_nothing_until_it_is_deployed(peer: Peer):
    first = put(peer).json()["result"]
    send(peer, wrangler("export default {}"), f"{ASK}/versions", "POST")
    assert b"hello" in peer.api("GET", f"{ASK}/content/v2").content
    assert peer.result("GET", "/workers/scripts")[0]["etag"] == first["etag"]


def test_shares_of_a_deployment_are_a_whole_of_known_versions(peer: Peer):
    version = put(peer).json()["result"]["deployment_id"]
    for shares, status in (
        ([{"version_id": version, "percentage": 90}], 400),
        ([{"version_id": "nope", "percentage": 100}], 404),
        ([], 400),
    ):
        body = {"strategy": "percentage", "versions": shares}
        assert peer.api("POST", f"{ASK}/deployments", body).status_code == status


@pytest.mark.proves("workers.placement")
def test_settings_have_an_empty_placement_which_the_provider_needs(peer: Peer):
    put(peer)
    settings = peer.result("GET", f"{ASK}/settings")
    assert settings["placement"] == {}
    assert settings["bindings"] == [AI]
    assert settings["compatibility_date"] == "2026-02-01"


def test_settings_change_and_the_code_stays(peer: Peer):
    put(peer)
    secret = {"name": "KEY", "type": "secret_text", "text": "hush"}
    change = form([("settings", (None, json.dumps({"bindings": [secret]}), "application/json"))])
    answer = send(peer, change, f"{ASK}/settings", "PATCH")
    assert answer.json()["result"]["bindings"] == [{"name": "KEY", "type": "secret_text"}]
    assert b"hello" in peer.api("GET", ASK).content
    assert "hush" not in answer.text + peer.api("GET", f"{ASK}/secrets").text


def test_secrets_by_name(peer: Peer):
    put(peer)
    secret = {"name": "KEY", "type": "secret_text", "text": "hush"}
    assert peer.result("PUT", f"{ASK}/secrets", secret) == {"name": "KEY", "type": "secret_text"}
    assert [one["name"] for one in peer.result("GET", f"{ASK}/settings")["bindings"]] == [
        "AI",
        "KEY",
    ]
    peer.result("DELETE", f"{ASK}/secrets/KEY")
    assert peer.result("GET", f"{ASK}/secrets") == []
    assert codes(peer.api("DELETE", f"{ASK}/secrets/KEY")) == [10056]


def test_bindings_can_be_inherited_and_kept(peer: Peer):
    put(peer, bindings=[AI, {"name": "KEY", "type": "secret_text", "text": "hush"}])
    put(peer, bindings=[{"name": "AI", "type": "inherit"}], keep_bindings=["secret_text"])
    found = peer.result("GET", f"{ASK}/settings")["bindings"]
    assert found == [AI, {"name": "KEY", "type": "secret_text"}]
    nothing = wrangler(bindings=[{"name": "NEW", "type": "inherit"}])
    assert codes(send(peer, nothing, f"{ASK}?bindings_inherit=strict")) == [10021]


def test_content_comes_back_as_it_was_sent(peer: Peer):
    wasm = bytes(range(256)) * 3 + b"\r\n--7c0a5\r\n"
    parts = [
        ("metadata", (None, json.dumps(metadata()), None)),
        ("lib.wasm", ("lib.wasm", wasm, "application/wasm")),
        ("worker.js", ("worker.js", HELLO, MODULE)),
    ]
    send(peer, form(parts), ASK)
    for path in (ASK, f"{ASK}/content", f"{ASK}/content/v2"):
        answer = peer.api("GET", path)
        assert answer.headers["cf-entrypoint"] == "worker.js"
        boundary = answer.headers["content-type"].partition("boundary=")[2].encode()
        first, second = answer.content.split(b"--" + boundary)[1:-1]
        assert first.partition(b"\r\n\r\n")[2] == HELLO.encode() + b"\r\n"
        assert second.partition(b"\r\n\r\n")[2] == wasm + b"\r\n"


def test_a_service_worker_comes_back_plain(peer: Peer):
    code = "addEventListener('fetch', (event) => event.respondWith(new Response('old')));"
    parts = [
        ("script", ("script", code, "application/javascript")),
        ("metadata", (None, json.dumps({"body_part": "script"}), "application/json")),
    ]
    result = send(peer, form(parts), ASK).json()["result"]
    assert result["has_modules"] is False
    assert result["compatibility_date"] == "2021-11-02"
    assert peer.api("GET", f"{ASK}/content/v2").text == code


def test_addresses_are_off_until_they_are_turned_on(peer: Peer):
    put(peer)
    path = f"{ASK}/subdomain"
    assert peer.result("GET", path) == {"enabled": False, "previews_enabled": False}
    assert peer.result("POST", path, {"enabled": True})["enabled"] is True
    assert peer.result("GET", path)["enabled"] is True
    assert peer.result("DELETE", path)["enabled"] is False
    assert peer.api("POST", path, {}).status_code == 400


@pytest.mark.proves("workers.missing")
def test_a_deleted_worker_is_gone(peer: Peer):
    put(peer)
    assert peer.api("DELETE", f"{ASK}?force=true").json()["success"] is True
    for path in (ASK, f"{ASK}/settings", f"{ASK}/content/v2"):
        answer = peer.api("GET", path)
        assert (answer.status_code, codes(answer)) == (404, [10007])
    assert peer.result("GET", "/workers/scripts") == []


MISTAKES = {
    "no metadata": (form([("worker.js", ("worker.js", HELLO, MODULE))]), 10001),
    "metadata that is no JSON": (form([("metadata", (None, "{", None))]), 10001),
    "no main module": (wrangler(main_module=None), 10021),
    "another main module": (wrangler(main_module="other.js"), 10021),
    "an unknown field": (wrangler(compatability_date="2026-01-01"), 10021),
    "a date that is none": (wrangler(compatibility_date="2026-02-30"), 10021),
    "a date to come": (wrangler(compatibility_date="2999-01-01"), 10021),
    "a binding without a name": (wrangler(bindings=[{"type": "ai"}]), 10021),
    "a binding of no known type": (wrangler(bindings=[{"type": "aii", "name": "AI"}]), 10021),
    "a binding without its value": (wrangler(bindings=[{"type": "json", "name": "A"}]), 10021),
    "a binding that is no name": (wrangler(bindings=[{"type": "ai", "name": "a-b"}]), 10021),
    "two bindings of one name": (wrangler(bindings=[AI, AI]), 10021),
    "a module of another kind": (
        form(
            [
                ("metadata", (None, json.dumps(metadata()), None)),
                ("worker.js", ("worker.js", HELLO, "text/html")),
            ]
        ),
        10021,
    ),
    "two modules of one name": (
        form(
            [
                ("metadata", (None, json.dumps(metadata()), None)),
                ("a", ("worker.js", HELLO, MODULE)),
                ("b", ("worker.js", HELLO, MODULE)),
            ]
        ),
        10021,
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_in_an_upload(peer: Peer, mistake: str):
    request, code = MISTAKES[mistake]
    answer = send(peer, request, ASK)
    assert (answer.status_code, codes(answer)) == (400, [code]), answer.text
    assert peer.result("GET", "/workers/scripts") == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", b"--x--"),
        ("multipart/form-data; boundary=x", b"--x\r\nno end"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b""),
    ],
)
def test_bodies_that_are_no_form(peer: Peer, kind: str, body: bytes):
    request = httpx.Request(
        "PUT", "http://127.0.0.1/", headers={"Content-Type": kind}, content=body
    )
    assert codes(send(peer, request, ASK)) == [10001]


@pytest.mark.parametrize("name", ["Ask", "a b", "-ask", "a" * 64])
def test_names_that_no_address_can_have(peer: Peer, name: str):
    assert codes(put(peer, name.replace(" ", "%20"))) == [10016]


CALLS = [
    ("GET", "/workers/scripts", READ),
    ("GET", ASK, READ),
    ("GET", f"{ASK}/settings", READ),
    ("GET", f"{ASK}/versions", READ),
    ("GET", f"{ASK}/subdomain", READ),
    ("GET", "/workers/services/ask", READ),
    ("GET", "/workers/subdomain", READ),
    ("PUT", ASK, WRITE),
    ("DELETE", ASK, WRITE),
    ("PATCH", f"{ASK}/settings", WRITE),
    ("POST", f"{ASK}/versions", WRITE),
    ("POST", f"{ASK}/deployments", WRITE),
    ("POST", f"{ASK}/subdomain", WRITE),
    ("PUT", "/workers/subdomain", WRITE),
]


@pytest.mark.parametrize(("method", "path", "permission"), CALLS)
def test_what_each_call_needs(peer: Peer, method: str, path: str, permission: str):
    listed = peer.result("GET", "/tokens/permission_groups")
    ids = {one["name"]: one["id"] for one in listed}
    put(peer)

    def status(*names: str) -> int:
        groups = [{"id": (ids | GROUPS)[name]} for name in names]
        resources = {"com.cloudflare.api.account.*": "*"}
        policy = {"effect": "allow", "permission_groups": groups, "resources": resources}
        value = peer.result("POST", "/tokens", {"name": "t", "policies": [policy]})["value"]
        return peer.api(method, path, token=value).status_code

    assert status("AI Gateway Write", "Workers AI Write") == 403
    assert status(WRITE) != 403
    assert (status(READ) == 403) is (permission == WRITE)


def test_without_workerd_a_call_says_that_nothing_runs(peer: Peer):
    put(peer)
    assert peer.call("GET", "/workers.dev/ask/").status_code == 404
    peer.result("POST", f"{ASK}/subdomain", {"enabled": True})
    answer = peer.call("GET", "/workers.dev/ask/")
    assert answer.status_code == 501
    assert "workerd" in answer.text
