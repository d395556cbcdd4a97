"""What moves on a terminal while the checks run."""

import io

import httpx
import pytest
from smoke.scene import Clock, Scene, gateway, gateway_error

from gatewright import smoke
from gatewright.paint import plain


def shown(scene: Scene, *, width: int = 80, seconds: float = 1.0) -> tuple[str, smoke.Result]:
    """All that was written for a run; between two events ``seconds`` pass."""
    stream, clock = io.StringIO(), Clock()
    result = scene.run(smoke.Options(deadline=0))
    progress = smoke.report.Progress(
        stream, plain, total=len(result.verdicts), width=width, clock=clock
    )
    for check, attempt in scene.attempts:
        progress.attempted(check, attempt)
        clock.now += seconds
    for verdict in scene.verdicts:
        progress.judged(verdict)
        clock.now += seconds
    progress.done()
    return stream.getvalue(), result


def broken() -> Scene:
    def script(request: httpx.Request, number: int) -> httpx.Response | None:
        del number
        return gateway_error(401, 2009, "no") if "/b/" in request.url.path else None

    return Scene(gateway("a"), gateway("b"), script=script)


def test_it_counts_to_the_end() -> None:
    text, result = shown(Scene(gateway()))
    drawn = text.split("\r\x1b[K")[1:-1]
    assert drawn[0] == "0/5 checks, 1 requests  support/answer: 200"
    assert drawn[-1] == f"5/5 checks, {result.requests} requests  {result.verdicts[-1].check.id}"
    assert len(drawn) == len(result.verdicts) + result.requests


def test_a_failure_stays_on_the_screen() -> None:
    text, _ = shown(broken())
    lines = [line.rpartition("\r\x1b[K")[2] for line in text.split("\n")]
    assert lines[0] == "failed b/answer/answer  token: the gateway refused the token"
    assert len(lines) == 2
    assert "1 not good" in text


def test_the_end_leaves_an_empty_line() -> None:
    assert shown(Scene(gateway()))[0].endswith("\r\x1b[K")


@pytest.mark.parametrize("width", [1, 20, 80])
def test_the_moving_line_never_breaks(width: int) -> None:
    text, _ = shown(broken(), width=width)
    drawn = [part for part in text.split("\r\x1b[K") if not part.endswith("\n")]
    assert max(map(len, drawn)) <= max(width - 1, 1)


def test_it_draws_no_faster_than_the_eye() -> None:
    text, _ = shown(Scene(gateway()), seconds=0.001)
    assert text.count("\r\x1b[K") == 2


def test_each_answer_and_each_verdict_is_told_once() -> None:
    scene = broken()
    result = scene.run(smoke.Options(deadline=0))
    assert len(scene.attempts) == result.requests
    assert sorted(verdict.check.id for verdict in scene.verdicts) == sorted(
        verdict.check.id for verdict in result.verdicts
    )
