"""Earlier runs, and what got slower since."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from smoke.scene import Scene, gateway, uncached

from gatewright import smoke
from gatewright.errors import CouldNotRunError
from gatewright.paint import plain


def run(seconds: float = 0.2, *, hit: float = 0.02, is_good: bool = True) -> smoke.Result:
    """A run in which the model takes ``seconds`` and the cache ``hit``."""
    scene = Scene(gateway())

    def script(request: httpx.Request, number: int) -> httpx.Response:
        del number
        answer = scene.host._serve(request)
        scene.clock.now += hit if answer.headers.get("cf-aig-cache-status") == "HIT" else seconds
        return answer if is_good else httpx.Response(500)

    scene.host.script = script
    return scene.run(smoke.Options(deadline=0))


@pytest.fixture
def history(tmp_path: Path) -> smoke.History:
    return smoke.History(tmp_path / "smoke.sqlite")


def test_before_the_first_run_there_is_nothing(history: smoke.History) -> None:
    assert history.last_good("prod") is None
    assert not history.file.exists()


def test_the_last_good_run_is_kept(history: smoke.History) -> None:
    for result in (run(0.1), run(0.2), run(0.9, is_good=False)):
        history.add(result)
    past = history.last_good("prod")
    assert past is not None
    assert past.medians == pytest.approx(
        {("support", "answer", "HIT"): 0.02, ("support", "answer", "MISS"): 0.2}
    )
    assert (past.started, past.revision) == (run().started, "abc123")


def test_each_stack_has_its_own(history: smoke.History) -> None:
    result = run()
    history.add(result._replace(deployed=result.deployed._replace(stack="staging")))
    assert history.last_good("prod") is None
    assert history.last_good("staging") is not None


@pytest.mark.parametrize(
    ("before", "now", "is_slower"),
    [
        (0.2, 0.2, False),
        (0.2, 0.29, False),
        (0.02, 0.1, False),
        (0.3, 0.46, True),
        (2.0, 2.9, False),
        (2.0, 3.1, True),
    ],
)
def test_what_is_clearly_slower_is_told(
    history: smoke.History, before: float, now: float, *, is_slower: bool
) -> None:
    history.add(run(before))
    past = history.last_good("prod")
    assert past is not None
    found = smoke.slower(run(now), past)
    assert [each.place for each in found] == [("support", "answer", "MISS")] * is_slower
    text = smoke.report.comparison(past, found, plain)
    assert text.startswith("slower than in" if is_slower else "nothing is slower than in")
    assert "the good run of revision abc123 at 2026-03-04 05:06 UTC" in text
    assert ("support/answer MISS  " in text) is is_slower


def test_the_worst_comes_first(history: smoke.History) -> None:
    history.add(run(0.2, hit=0.01))
    past = history.last_good("prod")
    assert past is not None
    found = smoke.slower(run(0.5, hit=2.0), past)
    assert [each.place[2] for each in found] == ["HIT", "MISS"]


def test_what_was_not_there_is_not_compared(history: smoke.History) -> None:
    history.add(Scene(uncached(name="other")).run())
    past = history.last_good("prod")
    assert past is not None
    assert smoke.slower(run(9.0), past) == ()


def test_what_the_last_good_run_left_out_is_compared_with_one_before(
    history: smoke.History,
) -> None:
    """A run of one gateway in between must not hide what another's has become."""
    history.add(run(0.2))
    other = Scene(uncached(name="other")).run()
    history.add(other._replace(started=other.started + timedelta(days=1)))
    past = history.last_good("prod")
    assert past is not None
    found = smoke.slower(run(0.9), past)
    assert [each.place for each in found] == [("support", "answer", "MISS")]
    head, line = smoke.report.comparison(past, found, plain).splitlines()
    assert head.endswith("at 2026-03-05 05:06 UTC")
    assert line.endswith("200 ms → 900 ms  (since the good run at 2026-03-04 05:06 UTC)")
    assert smoke.report.comparison(past, (), plain).endswith("than in those before it")


def test_nothing_to_compare_with_is_a_sentence() -> None:
    assert smoke.report.comparison(None, (), plain).startswith("no good run of this stack")


def test_old_runs_go(history: smoke.History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gatewright.smoke.history._KEPT_RUNS", 2)
    history.add(run(0.1))
    for _ in range(2):
        history.add(run(is_good=False))
    assert history.last_good("prod") is None


def test_a_broken_file_is_a_sentence(history: smoke.History) -> None:
    history.file.write_bytes(b"this is no database" * 100)
    with pytest.raises(CouldNotRunError, match="cannot be used"):
        history.last_good("prod")
