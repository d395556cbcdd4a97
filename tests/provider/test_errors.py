"""Retries, refusals and what people read when something fails."""

import socket
from typing import Any

import grpc
import pytest
from provider.account import ACCOUNT, API_TOKEN, Account, ok, refused
from provider.engine import Plugin
from pulumi.runtime.proto import provider_pb2 as pb

from gatewright.plugin.values import Secret

URN = "urn:pulumi:dev::test::pkg:mod:Parent$cloudflare:index/aiGateway:AiGateway::support"
PATH = f"/accounts/{ACCOUNT}/ai-gateway/gateways"
INPUTS: dict[str, Any] = {"accountId": ACCOUNT, "aiGatewayId": "support", "cacheTtl": 0}


def failure(plugin: Plugin, inputs: dict[str, Any] = INPUTS) -> str:
    with pytest.raises(grpc.RpcError) as raised:
        plugin.create(URN, inputs)
    return raised.value.details()


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_passing_fault_is_sent_again(account: Account, plugin: Plugin, status: int) -> None:
    account.faults = {"support": [(status, {}), (status, {})]}
    assert plugin.create(URN, INPUTS)[0] == "support"
    assert len(account.taken()) == 3
    assert plugin.waits == [0.25, 0.5]


def test_two_retries_at_most(account: Account, plugin: Plugin) -> None:
    account.faults = {"support": [refused(503, 1, "Unavailable")] * 4}
    assert failure(plugin) == (
        "Cloudflare refused while creating gateway `support`: Unavailable "
        f"(code 1, HTTP 503, POST {PATH})"
    )
    assert len(account.taken()) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 409, 422])
def test_a_refusal_is_not_sent_again(account: Account, plugin: Plugin, status: int) -> None:
    account.faults = {"support": [refused(status, 1, "No")]}
    assert f"HTTP {status}" in failure(plugin)
    assert len(account.taken()) == 1


def test_every_error_is_a_sentence(account: Account, plugin: Plugin) -> None:
    errors = [
        {"code": 7001, "message": "Required", "path": ["body", "cache_ttl"]},
        {"code": 7001, "message": "Expected number", "path": ["body", "elements", 1]},
        {"message": "And one without a code"},
    ]
    account.faults = {"support": [(400, {"success": False, "errors": errors})]}
    assert failure(plugin).splitlines() == [
        "Cloudflare refused while creating gateway `support`:",
        f"  `body.cache_ttl`: Required (code 7001, HTTP 400, POST {PATH})",
        f"  `body.elements.1`: Expected number (code 7001, HTTP 400, POST {PATH})",
        f"  And one without a code (HTTP 400, POST {PATH})",
    ]


@pytest.mark.parametrize("answer", ["<html>", [], {"errors": "?"}, {"success": True}])
def test_an_unreadable_refusal(account: Account, plugin: Plugin, answer: Any) -> None:
    account.faults = {"support": [(400, answer)]}
    assert failure(plugin).endswith(f"no error was named (HTTP 400, POST {PATH})")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((200, "<html>"), "no error was named (HTTP 200, POST"),
        ((302, {}), "no error was named (HTTP 302, POST"),
        (ok({}), "Cloudflare answered without an id while creating gateway `support`"),
    ],
)
def test_half_an_answer_makes_no_resource(
    account: Account, plugin: Plugin, answer: Any, says: str
) -> None:
    account.faults = {"support": [answer]}
    assert says in failure(plugin)


def test_success_false_is_no_success(account: Account, plugin: Plugin) -> None:
    account.faults = {"support": [refused(200, 5, "Not really")]}
    assert "Not really" in failure(plugin)


def test_nobody_listens(unconfigured: Plugin) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    base_url = f"http://127.0.0.1:{port}/client/v4"
    unconfigured.configure(base_url)
    assert failure(unconfigured) == (
        f"the Cloudflare API at {base_url} did not answer (connection refused) "
        "while creating gateway `support`"
    )


def test_secrets_echoed_by_the_api_are_not_shown(account: Account, plugin: Plugin) -> None:
    stripe = {"authorization": Secret("hush-hush"), "usageEvents": []}
    account.faults = {"support": [refused(400, 1, f"bad `hush-hush` or {API_TOKEN}")]}
    message = failure(plugin, INPUTS | {"stripe": stripe})
    assert "bad `[secret]` or [secret] (code 1" in message


def test_an_unforeseen_error_has_neither_traceback_nor_values(
    account: Account, plugin: Plugin
) -> None:
    message = failure(plugin, INPUTS | {"otels": "hush-hush"})
    assert message.startswith("unexpected error in the gatewright stand-in provider: ")
    assert "hush" not in message
    assert "Traceback" not in message
    assert account.taken() == []


def test_policies_that_are_no_json(plugin: Plugin) -> None:
    policy = {"effect": "allow", "permissionGroups": [], "resources": "{"}
    urn = "urn:pulumi:dev::test::cloudflare:index/accountToken:AccountToken::t"
    with pytest.raises(grpc.RpcError) as raised:
        plugin.create(urn, {"accountId": ACCOUNT, "name": "t", "policies": [policy]})
    assert raised.value.details().startswith("a value that must be JSON is not: ")


@pytest.mark.parametrize(
    "base_url",
    [
        "https://api.cloudflare.com/client/v4",
        "http://127.0.0.1.example.com/",
        "http://localhost@example.com/",
        "http://192.168.0.1/",
        "http://0.0.0.0/",
        "ftp://127.0.0.1/",
        "//127.0.0.1/",
        "localhost:8080",
        "http://",
        "http://[::1",
        "http://127.0.0.1:port/",
    ],
)
def test_other_hosts_are_refused(unconfigured: Plugin, base_url: str) -> None:
    with pytest.raises(grpc.RpcError) as raised:
        unconfigured.configure(base_url)
    assert "refuses the host" in raised.value.details() or "not a URL" in raised.value.details()
    assert "not configured" in failure(unconfigured)


@pytest.mark.parametrize("host", ["127.0.0.1:1", "127.9.9.9", "[::1]:1", "localhost", "LOCALHOST"])
def test_loopback_is_accepted(unconfigured: Plugin, host: str) -> None:
    answer = unconfigured.configure(f"http://{host}/client/v4/")
    assert answer.acceptSecrets
    assert answer.supportsPreview


def test_the_environment_counts_where_the_program_is_silent(
    unconfigured: Plugin, base_url: str, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CLOUDFLARE_BASE_URL", "CLOUDFLARE_API_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(grpc.RpcError) as raised:
        unconfigured.stub.Configure(pb.ConfigureRequest())
    assert "the real Cloudflare would be meant" in raised.value.details()
    monkeypatch.setenv("CLOUDFLARE_BASE_URL", base_url)
    with pytest.raises(grpc.RpcError) as raised:
        unconfigured.stub.Configure(pb.ConfigureRequest())
    assert "needs an API token" in raised.value.details()
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", "e" * 40)
    unconfigured.stub.Configure(pb.ConfigureRequest())
    unconfigured.create(URN, INPUTS)
    assert account.authorizations == {f"Bearer {'e' * 40}"}


@pytest.mark.parametrize(
    ("call", "request_"),
    [
        ("Check", pb.CheckRequest(urn=URN.replace("aiGateway:AiGateway", "zone:Zone"))),
        ("Invoke", pb.InvokeRequest(tok="cloudflare:index/getZone:getZone")),
    ],
)
def test_what_it_does_not_have_is_said(plugin: Plugin, call: str, request_: Any) -> None:
    with pytest.raises(grpc.RpcError) as raised:
        getattr(plugin.stub, call)(request_)
    assert "stand-in provider does not have the" in raised.value.details()
