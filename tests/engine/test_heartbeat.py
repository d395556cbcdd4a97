import pytest

from gatewright.engine.heartbeat import EVERY, Heartbeat, duration


def test_a_sign_of_life_at_most_every_fifteen_seconds():
    lines, now = [], [100.0]
    heartbeat = Heartbeat("waiting", say=lines.append, clock=lambda: now[0])
    for seconds in (0, 14.9, 15, 16, 29.9, 30.1, 95, 100):
        now[0] = 100.0 + seconds
        heartbeat.beat()

    assert EVERY == 15
    assert heartbeat.elapsed == 100
    assert lines == [
        "still waiting: 15 s",
        "still waiting: 30 s",
        "still waiting: 1 min 35 s",
    ]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (125, "2 min 05 s"), (3600, "60 min 00 s")],
)
def test_durations(seconds, text):
    assert duration(seconds) == text
