"""What a fresh deployment or a passing fault explains is repeated, within the deadline."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from smoke.scene import (
    Scene,
    enveloped,
    failed,
    gateway,
    gateway_error,
    provider_error,
    statuses,
)

from gatewright import smoke
from gatewright.errors import ExitCode


def layers(result: smoke.Result) -> dict[str, str]:
    return {
        str(verdict.check.kind): str(verdict.fault.layer)
        for verdict in result.of(smoke.Status.FLAKY)
        if verdict.fault
    }


@pytest.mark.parametrize(
    "refusal",
    [
        gateway_error(401, 2009, "Unauthorized"),
        provider_error(401, 10000, "Authentication error"),
        gateway_error(400, 2001, "Please configure AI Gateway"),
    ],
    ids=["2009", "10000", "2001"],
)
def test_a_deployment_that_is_new_for_five_seconds(refusal: httpx.Response) -> None:
    scene = Scene(gateway())

    def script(request: httpx.Request, _: int) -> httpx.Response | None:
        is_right = request.headers.get("cf-aig-authorization") == f"Bearer {scene.token}"
        return refusal if is_right and scene.clock.now < 1005 else None

    scene.host.script = script
    result = scene.run()
    assert statuses(result)["answer"] == "flaky"
    assert layers(result) == {"answer": "propagation"}
    assert result.exit_code == ExitCode.OK
    attempts = result.verdicts[0].attempts
    assert [attempt.evidence.status for attempt in attempts][-2:] == [refusal.status_code, 200]
    assert 5 <= attempts[-1].started < 8
    assert result.verdicts[0].seconds == attempts[-1].started


def test_authentication_that_is_new_for_five_seconds() -> None:
    scene = Scene(gateway(), is_open=True)

    def script(*_: object) -> None:
        scene.host.is_open = scene.clock.now < 1005

    scene.host.script = script
    result = scene.run(kinds=["authentication-required", "wrong-token-refused"])
    assert layers(result) == {"authentication-required": "propagation"}
    assert statuses(result)["wrong-token-refused"] == "passed"


def test_authentication_switched_off_a_moment_ago() -> None:
    scene = Scene(gateway(authentication=False), is_closed=True)

    def script(*_: object) -> None:
        scene.host.is_closed = scene.clock.now < 1005

    scene.host.script = script
    assert layers(scene.run()) == {"answer": "propagation", "authentication-off": "propagation"}


def test_the_deadline_ends_it_and_is_used_up() -> None:
    scene = Scene(gateway(), script=lambda *_: gateway_error(401, 2009, "Unauthorized"))
    result = scene.run(smoke.Options(deadline=20), kinds=["answer"])
    assert failed(result) == {"answer": "token"}
    assert result.verdicts[0].attempts[-1].started == pytest.approx(20)


def test_no_deadline_no_second_attempt() -> None:
    scene = Scene(gateway(), script=lambda *_: gateway_error(401, 2009, "Unauthorized"))
    assert scene.run(smoke.Options(deadline=0), kinds=["answer"]).requests == 1


@pytest.mark.parametrize("status", [429, 502, 503, 504, 520, 522, 524])
def test_passing_statuses(status: int) -> None:
    scene = Scene(gateway())
    scene.host.script = lambda _, number: httpx.Response(status) if number == 0 else None
    result = scene.run()
    assert statuses(result)["answer"] == "flaky"
    assert "propagation" not in layers(result).values()


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(408),
        httpx.Response(500),
        httpx.Response(403),
        gateway_error(400, 2005, "Failed to get response from provider"),
        gateway_error(402, 2021, "Insufficient credits"),
        gateway_error(429, 2041, "Spend limit exceeded"),
        gateway_error(429, 2045, "Spend limit exceeded"),
        provider_error(429, 3036, "daily free allocation"),
    ],
    ids=str,
)
def test_what_waiting_does_not_mend_is_not_repeated(answer: httpx.Response) -> None:
    scene = Scene(gateway(), script=lambda *_: answer)
    result = scene.run(kinds=["answer"])
    assert result.requests == 1
    assert statuses(result) == {"answer": "failed"}


def test_retry_after_is_honoured() -> None:
    scene = Scene(gateway())
    limited = gateway_error(429, 2003, "Rate limited", **{"retry-after": "17"})
    scene.host.script = lambda _, number: limited if number == 0 else None
    assert statuses(scene.run(kinds=["answer"])) == {"answer": "flaky"}
    assert scene.clock.slept == [17.0]


def test_retry_after_as_a_date_counts_from_the_answers_own() -> None:
    scene = Scene(gateway())
    dates = {
        "date": "Mon, 05 Oct 2026 10:00:00 GMT",
        "retry-after": "Mon, 05 Oct 2026 10:00:09 GMT",
    }
    scene.host.script = lambda _, number: (
        httpx.Response(503, headers=dates) if number == 0 else None
    )
    scene.run(kinds=["answer"])
    assert scene.clock.slept == [9.0]


FAR_AWAY = "Fri, 31 Dec 99999999999 23:59:59 GMT"


@pytest.mark.parametrize(
    "value", ["soon", "", "-1", "²", "Mon, 99 Oct", "1e9", "9" * 400, FAR_AWAY]
)
def test_any_retry_after_ends_in_a_verdict(value: str) -> None:
    headers = {"retry-after": value.encode()}
    scene = Scene(gateway(), script=lambda *_: httpx.Response(503, headers=headers))
    assert statuses(scene.run(kinds=["answer"])) == {"answer": "failed"}


def test_a_retry_after_beyond_the_deadline_is_not_waited_for() -> None:
    headers = {"retry-after": "61"}
    scene = Scene(gateway(), script=lambda *_: httpx.Response(429, headers=headers))
    assert scene.run(kinds=["answer"]).requests == 1
    assert scene.clock.slept == []


def test_dropped_connections_are_tried_again() -> None:
    scene = Scene(gateway())

    def script(_: httpx.Request, number: int) -> None:
        if number % 2 == 0:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.")

    scene.host.script = script
    result = scene.run()
    assert dict(statuses(result), logged="flaky") == dict.fromkeys(statuses(result), "flaky")
    assert set(layers(result).values()) == {"network"}


def test_an_answer_lost_on_its_way_back_may_leave_a_hit() -> None:
    scene = Scene(gateway())

    def script(request: httpx.Request, number: int) -> None:
        if number == 0:
            scene.host._serve(request)
            raise httpx.ReadError("connection reset")

    scene.host.script = script
    result = scene.run(kinds=["answer", "cache-hit"])
    assert failed(result) == {}


def test_a_host_that_is_down_is_given_up_in_seconds() -> None:
    def script(*_: object) -> None:
        raise httpx.ConnectError("All connection attempts failed")

    scene = Scene(gateway(), script=script)
    result = scene.run()
    assert failed(result) == {"answer": "network"}
    assert result.exit_code == ExitCode.COULD_NOT_RUN
    assert result.requests == 6
    assert sum(scene.clock.slept) < 10


def test_a_slow_provider_is_not_asked_twice() -> None:
    def script(*_: object) -> None:
        raise httpx.ReadTimeout("")

    result = Scene(gateway(), script=script).run(kinds=["answer"])
    assert failed(result) == {"answer": "provider"}
    assert result.requests == 1
    assert "within 30 s" in result.verdicts[0].actual


def test_could_not_run_comes_before_failed() -> None:
    def script(request: httpx.Request, _: int) -> httpx.Response | None:
        if "/down/" in request.url.path:
            raise httpx.ConnectError("refused")
        return httpx.Response(500)

    result = Scene(gateway("down"), gateway("up"), script=script).run()
    assert result.counts[smoke.Status.FAILED]
    assert result.exit_code == ExitCode.COULD_NOT_RUN


@given(st.floats(0, 0.999), st.floats(0, 100))
def test_waits_are_jittered_grow_and_stay_within_the_deadline(
    drawn: float, deadline: float
) -> None:
    scene = Scene(gateway(), script=lambda *_: httpx.Response(503))
    scene.run(smoke.Options(deadline=deadline), kinds=["answer"], random=lambda: drawn)
    assert sum(scene.clock.slept) <= deadline + 1e-6
    assert max(scene.clock.slept, default=0) <= 8
    *steady, _ = [*scene.clock.slept, 0.0]
    assert steady[:-1] == sorted(steady[:-1])


def test_new_and_lossy_and_limited_and_missing_at_once() -> None:
    """Refused for 5 s, every seventh connection dropped, a 429 now and then: all is well."""
    scene = Scene(*(gateway(f"g{number}") for number in range(20)), misses=2)

    def script(request: httpx.Request, number: int) -> httpx.Response | None:
        if number % 7 == 0:
            raise httpx.ReadError("reset")
        if number % 11 == 0:
            return httpx.Response(429, headers={"retry-after": "1"})
        if scene.clock.now < 1005 and "cf-aig-authorization" in request.headers:
            return gateway_error(401, 2009, "Unauthorized")
        return None

    scene.host.script = script
    result = scene.run()
    assert failed(result) == {}
    assert result.exit_code == ExitCode.OK


def test_a_good_answer_is_never_repeated() -> None:
    scene = Scene(gateway(), answer=enveloped({"response": "Hello"}))
    assert scene.run(kinds=["answer"]).requests == 1
