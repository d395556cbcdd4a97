"""What a request may do, and what a stranger's answer may not."""

import asyncio
import json
import secrets
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from smoke.scene import Clock, Scene, deployment, endpoint, failed, gateway, outputs, statuses

from gatewright import smoke
from gatewright.errors import CouldNotRunError
from gatewright.model import (
    Endpoint,
    Expect,
    Gateway,
    JsonExpectation,
    ModelStep,
    PercentageStep,
    RequestOptions,
    Retries,
    Route,
    Worker,
    WorkerEndpoint,
    WorkerGateway,
)
from gatewright.smoke.checks import Check, Kind
from gatewright.smoke.client import MAX_BODY, Client, allowance
from gatewright.smoke.evidence import Evidence, Trouble
from gatewright.smoke.expectation import Expecting
from gatewright.smoke.fault import blame


def answered(response: httpx.Response, *kinds: str) -> smoke.Verdict:
    scene = Scene(gateway(), script=lambda *_: response)
    return scene.run(kinds=kinds or ["answer"]).verdicts[0]


def layer(verdict: smoke.Verdict) -> str:
    assert verdict.fault is not None
    return str(verdict.fault.layer)


@pytest.mark.parametrize("place", ["https://elsewhere.example.com/", "/v2/", "http://[bad"])
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_refused_and_not_followed(status: int, place: str) -> None:
    scene = Scene(gateway(), script=lambda *_: httpx.Response(status, headers={"location": place}))
    result = scene.run(kinds=["answer"])
    assert failed(result) == {"answer": "network"}
    assert result.requests == 1
    assert place in result.verdicts[0].actual


class Endless(httpx.AsyncByteStream):
    def __init__(self) -> None:
        self.sent = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            self.sent += 65536
            yield b" " * 65536


def test_a_body_without_end_is_left() -> None:
    stream = Endless()
    verdict = answered(httpx.Response(200, stream=stream))
    assert layer(verdict) == "provider"
    assert str(MAX_BODY) in verdict.actual
    assert stream.sent <= MAX_BODY + 65536


def test_a_body_that_never_comes_is_left() -> None:
    class Stuck(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b"{"
            await asyncio.Event().wait()

    scene = Scene(gateway(), script=lambda *_: httpx.Response(200, stream=Stuck()))
    result = scene.run(smoke.Options(timeout=0.01), kinds=["answer"])
    assert failed(result) == {"answer": "provider"}
    assert result.requests == 1


def test_an_encoding_that_was_not_asked_for_is_not_unpacked() -> None:
    response = httpx.Response(200, headers={"content-encoding": "gzip"}, stream=Endless())
    assert layer(answered(response)) == "provider"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"null", b"[]", b'"text"', b"[" * 50_000, b"1" * 5000, b"NaN"],
    ids=lambda body: repr(body[:6]),
)
@pytest.mark.parametrize("status", [200, 400, 401, 429])
def test_any_body_ends_in_a_verdict(status: int, body: bytes) -> None:
    scene = Scene(gateway(), script=lambda *_: httpx.Response(status, content=body))
    assert set(statuses(scene.run(smoke.Options(deadline=0))).values()) <= {"failed", "skipped"}


PAGE = b"\n<!DOCTYPE html><h1>Please log in</h1>"


@pytest.mark.parametrize("kind", ["text/html", "text/plain"])
@pytest.mark.parametrize("status", [200, 401, 403, 404, 502, 503])
def test_a_page_of_html_comes_from_something_in_between(status: int, kind: str) -> None:
    """Of the gateway it says nothing: least of all that it is open."""
    page = {"content": PAGE, "headers": {"content-type": kind}}
    scene = Scene(gateway(), logs=False, script=lambda *_: httpx.Response(status, **page))
    result = scene.run(smoke.Options(deadline=0))
    assert failed(result) == {"answer": "network"}
    assert result.exit_code == 8
    assert (statuses(result)["authentication-required"], result.requests) == ("skipped", 1)
    alone = scene.run(smoke.Options(deadline=0), kinds=["authentication-required"])
    assert failed(alone) == {"authentication-required": "network"}


@pytest.mark.parametrize("status", [200, 502])
def test_a_page_that_the_gateway_hands_on_is_the_providers(status: int) -> None:
    headers = {"content-type": "text/html", "cf-aig-step": "0"}
    response = httpx.Response(status, content=PAGE, headers=headers)
    scene = Scene(gateway(), script=lambda *_: response)
    assert failed(scene.run(smoke.Options(deadline=0), kinds=["answer"])) == {"answer": "provider"}


def test_a_redirect_that_is_declared_is_an_answer() -> None:
    own = gateway(endpoints=(endpoint(expect=Expect(status=302)),))
    response = httpx.Response(302, headers={"location": "https://elsewhere.example.com/"})
    scene = Scene(own, script=lambda *_: response)
    assert statuses(scene.run(kinds=["answer"])) == {"answer": "passed"}


@pytest.mark.parametrize("trouble", [Trouble.REDIRECT, Trouble.TIMEOUT, Trouble.OVERSIZED])
def test_what_a_script_answers_is_the_workers(trouble: Trouble) -> None:
    worker = Worker("ask", WorkerGateway("support"), endpoints=(WorkerEndpoint("ask"),))
    check = check_of(gateway(), endpoint())._replace(worker=(worker, worker.endpoints[0]))
    fault = blame(check, Expecting.ACCEPTED, Evidence(trouble=trouble))
    assert fault.layer == "worker"


def test_a_code_is_no_longer_than_codes_are() -> None:
    body = b'{"error": [{"code": ' + b"9" * 4000 + b', "message": "no"}]}'
    assert answered(httpx.Response(400, content=body)).actual == "400"


def test_a_strangers_message_is_one_short_line_without_control_characters() -> None:
    message = "red \x1b[31m\r\n\u202eand " + "long " * 1000
    errors = [{"code": 5004, "message": message}]
    actual = answered(httpx.Response(400, json={"errors": errors})).actual
    assert actual.isprintable()
    assert len(actual) < 300


def test_a_token_that_is_sent_back_is_masked() -> None:
    scene = Scene(gateway())
    scene.token = secrets.token_urlsafe(30)  # of the kind without a prefix

    def script(request: httpx.Request, _: int) -> httpx.Response:
        error = {"code": 5004, "message": f"bad: {request.headers['authorization'].split()[1]}"}
        return httpx.Response(400, json={"error": [error]})

    scene.host.script = script
    result = scene.run()
    assert scene.token not in repr(result)
    assert "[redacted]" in result.verdicts[0].actual


def test_of_a_token_that_is_sent_back_no_part_is_left() -> None:
    """Where a text is cut short, too."""
    wanted = (JsonExpectation(("result", "response"), "result.response", equals="Hello"),)
    scene = Scene(gateway(endpoints=(endpoint(expect=Expect(json=wanted)),)))
    scene.token = scene.host.token = secrets.token_urlsafe(60)
    for before in (40, 180):
        scene.host.answer = {"success": True, "result": {"response": "x" * before + scene.token}}
        shown = repr(scene.run(kinds=["answer", "expected-json"]).verdicts[-1])
        assert "xxxx" in shown
        assert scene.token[:8] not in shown


def test_cookies_are_not_kept() -> None:
    scene = Scene(gateway())

    def script(request: httpx.Request, _: int) -> httpx.Response:
        response = scene.host._serve(request)
        response.headers["set-cookie"] = "session=1; Path=/"
        return response

    scene.host.script = script
    scene.run()
    assert all("cookie" not in request.headers for request in scene.host.requests)


@pytest.mark.parametrize(
    ("cause", "layer_and_requests"),
    [
        (ssl.SSLCertVerificationError("self-signed certificate"), ("network", 1)),
        (OSError("reset"), ("network", 6)),
    ],
    ids=["certificate", "reset"],
)
def test_a_certificate_does_not_mend_itself(
    cause: Exception, layer_and_requests: tuple[str, int]
) -> None:
    def script(*_: object) -> None:
        raise httpx.ConnectError(str(cause)) from cause

    result = Scene(gateway(), script=script).run(kinds=["answer"])
    assert (failed(result)["answer"], result.requests) == layer_and_requests


def test_a_broken_record_of_tls_is_a_lost_connection() -> None:
    """It comes through httpx and httpcore as it is."""

    def script(*_: object) -> None:
        raise ssl.SSLError("[SSL: DECRYPTION_FAILED_OR_BAD_RECORD_MAC]")

    result = Scene(gateway(), script=script).run(kinds=["answer"])
    assert (failed(result)["answer"], result.requests) == ("network", 6)


def test_a_proxy_that_never_answers_is_not_the_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    declared = deployment(gateway())
    checks = [check for check in smoke.compile_checks(declared) if check.kind == "answer"]
    targets = smoke.Targets.from_outputs(outputs(declared, "a-token"), declared, token=None)

    async def held_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async def session() -> smoke.Result:
        async with await asyncio.start_server(held_up, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
            return await smoke.run(checks, targets, smoke.Options(deadline=0, timeout=0.2))

    result = asyncio.run(session())
    assert failed(result) == {"answer": "network"}
    assert "through the proxy" in result.verdicts[0].actual


def test_a_proxys_refusal_is_told_as_such() -> None:
    def script(*_: object) -> None:
        raise httpx.ProxyError("407 Proxy Authentication Required")

    verdict = Scene(gateway(), script=script).run(kinds=["answer"]).verdicts[0]
    assert verdict.fault is not None
    assert "proxy" in verdict.fault.sentence


@pytest.mark.parametrize(("scheme", "port"), [("ftp", "1"), ("http", "none")])
def test_proxy_settings_that_cannot_be_used(
    monkeypatch: pytest.MonkeyPatch, scheme: str, port: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", f"{scheme}://me:" + "hidden" * 4 + f"@127.0.0.1:{port}")
    scene = Scene(gateway())
    with pytest.raises(CouldNotRunError) as raised:
        asyncio.run(smoke.run((), scene.targets()))
    assert "hidden" not in raised.value.message


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_certificates_that_cannot_be_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "certificates.pem"
    if content:
        file.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with pytest.raises(CouldNotRunError, match="SSL_CERT_FILE"):
        asyncio.run(smoke.run((), Scene(gateway()).targets()))


def test_the_logs_have_a_bound_too() -> None:
    stream = Endless()
    account = smoke.AccountAccess.of("https://api.example.com/client/v4", "a", "a-token")
    targets = Scene(gateway()).targets()._replace(account=account)

    async def read() -> tuple[int | None, object]:
        transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=stream))
        client = Client(targets, smoke.Options(), transport=transport, clock=Clock())
        async with client:
            return await client.read("logs")

    assert asyncio.run(read()) == (200, None)


def test_loopback_never_goes_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    declared = deployment(gateway(authentication=False, endpoints=(endpoint(),)))
    checks = [check for check in smoke.compile_checks(declared) if check.kind == "answer"]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = json.dumps({"success": True, "result": {"response": "Hello"}}).encode()
        head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async def session() -> smoke.Result:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            found = outputs(declared, "a-token", f"http://127.0.0.1:{port}/v1/account")
            targets = smoke.Targets.from_outputs(found, declared, token=None)
            return await smoke.run(checks, targets, smoke.Options(deadline=0))

    assert statuses(asyncio.run(session())) == {"answer": "passed"}


@pytest.mark.parametrize("concurrency", [1, 20])
def test_no_more_in_flight_than_allowed(concurrency: int) -> None:
    in_flight = highest = 0
    scene = Scene(gateway(endpoints=tuple(endpoint(f"e{number}") for number in range(100))))

    async def handler(request: httpx.Request) -> httpx.Response:
        nonlocal in_flight, highest
        in_flight += 1
        highest = max(highest, in_flight)
        await asyncio.sleep(0)
        in_flight -= 1
        return scene.host(request)

    result = scene.run(
        smoke.Options(concurrency=concurrency), transport=httpx.MockTransport(handler)
    )
    assert highest == concurrency
    assert result.counts[smoke.Status.PASSED] == len(result.verdicts) == 500


def test_waiting_takes_no_place_in_flight() -> None:
    """One endpoint that must wait does not hold up the others."""
    scene = Scene(gateway("new"), gateway("old"))

    def script(request: httpx.Request, _: int) -> httpx.Response | None:
        is_new = "/new/" in request.url.path and scene.clock.now < 1030
        return httpx.Response(503) if is_new else None

    scene.host.script = script
    scene.run(smoke.Options(concurrency=1), kinds=["answer"])
    assert scene.verdicts[0].check.gateway.id == "old"


@pytest.mark.parametrize(
    ("retries", "seconds"),
    [
        (None, 30),
        (Retries(1, delay=500), 30),
        (Retries(3, delay=500), 91),
        (Retries(3, delay=500, backoff="linear"), 91.5),
        (Retries(4, delay=500, backoff="exponential"), 123.5),
        (Retries(3), 90),
    ],
)
def test_the_gateways_own_retries_have_their_time(retries: Retries, seconds: float) -> None:
    assert allowance(check_of(gateway(retries=retries), endpoint()), 30) == seconds


def check_of(own: Gateway, called: Endpoint) -> Check:
    return Check(Kind.ANSWER, own, called)


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        (RequestOptions(max_attempts=1), 30),
        (RequestOptions(max_attempts=2, retry_delay=1_000), 61),
        (RequestOptions(timeout=40_000), 121),
        (RequestOptions(timeout=10_000, backoff="exponential"), 91.5),
    ],
)
def test_a_requests_options_come_before_the_gateways(asked: RequestOptions, seconds: float) -> None:
    own = gateway(retries=Retries(3, delay=500))
    assert allowance(check_of(own, endpoint(request=asked)), 30) == seconds


def test_a_route_has_the_time_of_its_slowest_way() -> None:
    def model(name: str, timeout: int, **targets: str) -> ModelStep:
        return ModelStep(name, "workers-ai", "@cf/a/b", timeout=timeout, retries=1, **targets)

    steps = (
        PercentageStep("split", {"large": 50, "small": 50}),
        model("large", 20_000, fallback="small"),
        model("small", 10_000),
    )
    own = gateway(routes=(Route("a", "split", steps),))
    assert own.routes[0].slowest == 60_000
    assert allowance(check_of(own, endpoint(route="a")), 30) == 90
