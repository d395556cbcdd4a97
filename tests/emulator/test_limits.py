"""Rate limits, by a clock that starts on a boundary."""

import pytest
from emulator.peer import Peer, gateway_code, in_process

from gatewright.emulator import Clock, create_app
from gatewright.emulator.identity import new_value

MIDNIGHT = 1_800_000_000.0 - 1_800_000_000.0 % 86_400


@pytest.fixture
def still() -> Peer:
    """An emulator whose time moves only when told."""
    value = new_value()
    app = create_app(deploying_token=value, clock=Clock(lambda: MIDNIGHT))
    return in_process(app, value)


def limited(peer: Peer, technique: str | None, **fields: int) -> str:
    settings = {"rate_limiting_limit": 2, "rate_limiting_interval": 60} | fields
    peer.gateway(rate_limiting_technique=technique, **settings)
    return peer.caller()


def statuses(peer: Peer, value: str, times: int) -> list[int]:
    return [peer.ask(value).status_code for _ in range(times)]


@pytest.mark.parametrize("technique", ["fixed", "sliding", None])
@pytest.mark.proves("limits.rate")
def test_one_more_than_the_limit_is_refused(still: Peer, technique: str | None):
    value = limited(still, technique)
    assert statuses(still, value, 4) == [200, 200, 429, 429]
    refused = still.ask(value)
    assert gateway_code(refused) == 2003
    assert refused.json()["message"] == "Rate limited"
    assert "retry-after" not in refused.headers
    assert not [name for name in refused.headers if name.startswith("cf-aig")]


@pytest.mark.proves("limits.fixed")
def test_a_fixed_window_ends_on_the_clocks_boundary(still: Peer):
    value = limited(still, "fixed")
    still.advance(50)
    assert statuses(still, value, 3) == [200, 200, 429]
    still.advance(9.5)
    assert statuses(still, value, 1) == [429]
    still.advance(0.5)
    assert statuses(still, value, 3) == [200, 200, 429]


@pytest.mark.proves("limits.sliding")
def test_a_sliding_window_ends_an_interval_after_each_request(still: Peer):
    value = limited(still, "sliding")
    assert statuses(still, value, 1) == [200]
    still.advance(50)
    assert statuses(still, value, 2) == [200, 429]
    still.advance(10)
    assert statuses(still, value, 2) == [200, 429]
    still.advance(49)
    assert statuses(still, value, 1) == [429]
    still.advance(1)
    assert statuses(still, value, 2) == [200, 429]


@pytest.mark.parametrize(
    "fields", [{"rate_limiting_limit": 0}, {"rate_limiting_interval": 0}], ids=str
)
def test_half_a_limit_is_none(still: Peer, fields: dict[str, int]):
    value = limited(still, "fixed", **fields)
    assert statuses(still, value, 5) == [200] * 5


@pytest.mark.proves("limits.cached")
def test_answers_from_the_cache_count(still: Peer):
    value = limited(still, "sliding", cache_ttl=300)
    answers = [still.ask(value) for _ in range(3)]
    assert [answer.headers.get("cf-aig-cache-status") for answer in answers] == [
        "MISS",
        "HIT",
        None,
    ]
    assert answers[-1].status_code == 429


def test_limits_are_each_gateways_own(still: Peer):
    value = limited(still, "fixed")
    still.gateway("other", rate_limiting_limit=2, rate_limiting_interval=60)
    assert statuses(still, value, 3)[-1] == 429
    assert still.ask(value, gateway_id="other").status_code == 200


def test_who_is_not_let_in_does_not_count(still: Peer):
    still.gateway(authentication=True, rate_limiting_limit=1, rate_limiting_interval=60)
    assert still.ask("wrong").status_code == 401
    value = still.caller()
    assert statuses(still, value, 2) == [200, 429]
    assert still.ask("wrong").status_code == 401


def test_over_a_port_too(peer: Peer):
    value = limited(peer, "sliding", rate_limiting_interval=3600)
    assert statuses(peer, value, 3) == [200, 200, 429]
    peer.advance(3600)
    assert statuses(peer, value, 1) == [200]


def test_a_gateway_made_again_counts_anew(still: Peer):
    value = limited(still, "sliding")
    statuses(still, value, 2)
    still.result("DELETE", "/ai-gateway/gateways/edge")
    still.gateway(
        rate_limiting_limit=2, rate_limiting_interval=60, rate_limiting_technique="sliding"
    )
    assert statuses(still, value, 1) == [200]
