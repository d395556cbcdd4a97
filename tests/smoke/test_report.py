"""What people read."""

import shlex
import subprocess

import httpx
import pytest
from smoke.scene import Scene, endpoint, gateway, gateway_error, uncached

from gatewright import smoke
from gatewright.model import Api, EndpointCache
from gatewright.paint import Style, ansi, plain
from gatewright.smoke.call import Call
from gatewright.smoke.report import curl


def test_a_green_run() -> None:
    scene = Scene(gateway(), uncached(name="sales", endpoints=(endpoint("ask"),)))
    lines = smoke.report.table(scene.run(), plain, 80).splitlines()
    assert [" ".join(line.split()) for line in lines] == [
        "gateway endpoint check verdict time",
        "support answer answer passed 0 ms",
        "logged passed 0 ms",
        "cache-hit passed 0 ms",
        "authentication-required passed 0 ms",
        "wrong-token-refused passed 0 ms",
        "",
        "sales ask answer passed 0 ms",
        "logged passed 0 ms",
        "cache-off passed 0 ms",
        "authentication-required passed 0 ms",
        "wrong-token-refused passed 0 ms",
        "",
        "10 checks: 10 passed; 8 requests (8 to 9 planned) in 0 ms",
    ]


def refused() -> smoke.Result:
    scene = Scene(gateway(), script=lambda *_: gateway_error(401, 2009, "Unauthorized"))
    return scene.run(smoke.Options(deadline=1))


def test_a_failure_tells_all_there_is_to_know() -> None:
    text = smoke.report.table(refused(), plain, 80)
    for part in (
        "failed support/answer/answer",
        "expected",
        "401, code 2009 from the gateway: Unauthorized",
        "token: the gateway refused the token",
        "`AI Gateway Run`",
        "401/2009 at 0.00 s (0 ms), 401/2009 at 0.19 s",
        "$GATEWRIGHT_TOKEN",
        "skipped     token: it needs `answer`, which did not pass",
    ):
        assert part in text


def awkward(name_length: int) -> smoke.Result:
    long = "x" * name_length
    scene = Scene(
        gateway(long, endpoints=(endpoint(long), endpoint("a"))),
        gateway("b", authentication=False),
        script=lambda request, _: httpx.Response(500) if "/b/" in request.url.path else None,
    )
    return scene.run(smoke.Options(deadline=0))


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name_length", [1, 20, 64])
def test_no_line_is_too_wide_but_what_is_to_be_copied(name_length: int, width: int) -> None:
    for line in smoke.report.table(awkward(name_length), plain, width).splitlines():
        assert len(line) <= width or "curl" in line or line.startswith("    --") or "`" in line


def test_the_columns_are_straight_with_and_without_colour() -> None:
    result = awkward(20)
    painted = smoke.report.table(result, ansi, 80)
    bare = smoke.report.table(result, plain, 80)
    assert "\x1b[" in painted
    for style in Style:
        start, end = ansi("|", style).split("|")
        painted = painted.replace(start, "").replace(end, "")
    assert painted == bare


def test_the_same_reason_is_told_once() -> None:
    scene = Scene(*(gateway(f"g{number}") for number in range(9)))
    scene.host.script = lambda _, number: (
        gateway_error(401, 2009, "Unauthorized") if number < 9 else None
    )
    text = smoke.report.table(scene.run(kinds=["answer"]), plain, 80)
    assert text.count("propagation:") == 1
    assert "and 6 more" in text


def test_nothing_declared_nothing_checked() -> None:
    assert smoke.report.table(Scene().run(), plain, 80).startswith("no checks")


def test_the_command_is_one_that_a_shell_runs() -> None:
    body = {"messages": [{"role": "user", "content": 'It\'s "$HOME" `id` \\ ü'}]}
    cache = EndpointCache(ttl=60, key="it's $HOME")
    scene = Scene(gateway(endpoints=(endpoint(api=Api.CHAT_COMPLETIONS, body=body, cache=cache),)))
    scene.host.answer = {}
    verdict = scene.run(kinds=["answer"]).verdicts[0]
    assert verdict.call is not None
    command = "\n".join(curl(verdict.call))
    assert scene.token not in command

    printed = subprocess.run(
        ["sh", "-c", command.replace("curl ", "printf '%s\\0' ", 1)],
        env={"GATEWRIGHT_TOKEN": scene.token},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    sent = scene.host.requests[0]
    assert str(sent.url) in printed
    headers = dict(argument.split(": ", 1) for argument in printed if ": " in argument[:40])
    for name, value in headers.items():
        if name[0] != "{":
            assert sent.headers[name] == value
    assert f"cf-aig-authorization: Bearer {scene.token}" in printed
    assert httpx.Response(200, text=printed[printed.index("--data") + 1]).json() == (
        httpx.Response(200, content=sent.content).json()
    )


def test_curl_takes_an_address_for_what_it_is() -> None:
    """It has patterns of its own."""
    call = Call("https://ask.example.com/?ids[]=1&of={a,b}", {}, {}, {}, False, method="GET")
    assert shlex.split(curl(call)[0].rstrip("\\"))[:3] == ["curl", "--include", "--globoff"]


def test_the_command_for_a_wrong_token() -> None:
    verdict = Scene(gateway(), takes_any_token=True).run(smoke.Options(deadline=0)).verdicts[-1]
    assert verdict.call is not None
    arguments = shlex.split(" ".join(line.rstrip("\\") for line in curl(verdict.call)))
    bearers = [one for one in arguments if "Bearer" in one]
    assert bearers == [
        "Authorization: Bearer $GATEWRIGHT_TOKEN",
        "cf-aig-authorization: Bearer deliberately-wrong-token-from-gatewright",
    ]


def test_no_secret_in_any_report() -> None:
    scene = Scene(gateway())

    def script(request: httpx.Request, number: int) -> httpx.Response:
        token = request.headers["authorization"]
        if number % 3 == 0:
            raise httpx.ReadError(f"{token} {request.headers}")
        headers = {"cf-aig-cache-status": token, "location": f"https://x.example.com/?t={token}"}
        status = [200, 302, 400][number % 3]
        return httpx.Response(
            status,
            headers=headers,
            json={
                "errors": [{"code": 1, "message": token}],
                "success": True,
                "result": {"response": token},
            },
        )

    scene.host.script = script
    for result in (scene.run(), scene.run(smoke.Options(deadline=0))):
        assert scene.token not in repr(result) + smoke.report.table(result, plain, 80)
