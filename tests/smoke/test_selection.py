"""Choosing checks, and what a run may take before its first request."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smoke.scene import LLAMA, SENTIMENT, Scene, deployment, endpoint, gateway, uncached

from gatewright import smoke
from gatewright.errors import RefusedError, UsageError
from gatewright.model import Api, ModelStep, Route
from gatewright.paint import plain
from gatewright.smoke.budget import dollars
from gatewright.smoke.prices import PRICES

DECLARED = deployment(
    gateway(endpoints=(endpoint("answer"), endpoint("chat", api=Api.CHAT_COMPLETIONS))),
    uncached(name="sales", endpoints=(endpoint("ask"),)),
)
CHECKS = smoke.compile_checks(DECLARED)
IDS = [check.id for check in CHECKS]


def ids(**globs: list[str]) -> list[str]:
    return [check.id for check in smoke.select(CHECKS, **globs)]


def test_without_globs_all_are_chosen() -> None:
    assert ids() == IDS


def test_a_star_matches_slashes_too() -> None:
    assert ids(only=["sales/*"]) == [one for one in IDS if one.startswith("sales/")]
    assert ids(only=["*/cache-hit"]) == ["support/answer/cache-hit", "support/chat/cache-hit"]


def test_what_is_skipped_is_left_out_of_what_is_chosen() -> None:
    chosen = ids(only=["support/answer/*", "sales/*"], skip=["*/authentication-*", "*token*"])
    assert chosen == [
        "support/answer/answer",
        "support/answer/logged",
        "support/answer/cache-hit",
        "sales/ask/answer",
        "sales/ask/logged",
        "sales/ask/cache-off",
    ]


@pytest.mark.parametrize("option", ["only", "skip"])
def test_a_glob_that_matches_nothing_is_a_mistake(option: str) -> None:
    with pytest.raises(UsageError, match="`suport/\\*`") as caught:
        ids(**{option: ["sales/*", "suport/*"]})
    assert "--list" in str(caught.value.hint)


def test_a_run_of_nothing_is_not_green() -> None:
    with pytest.raises(UsageError, match="leaves no check"):
        ids(skip=["*"])


def test_nothing_declared_is_no_mistake() -> None:
    assert smoke.select(()) == ()


@given(only=st.lists(st.sampled_from(IDS)), skip=st.lists(st.sampled_from(IDS)))
def test_a_whole_id_chooses_itself(only: list[str], skip: list[str]) -> None:
    wanted = [one for one in IDS if (not only or one in only) and one not in skip]
    if wanted:
        assert ids(only=only, skip=skip) == wanted


@given(st.sets(st.sampled_from(IDS), min_size=1))
def test_the_requests_of_any_choice_are_within_its_budget(chosen: set[str]) -> None:
    scene = Scene(*DECLARED.gateways)
    wanted = [check for check in CHECKS if check.id in chosen]
    result = scene.run(checks=wanted)
    assert result.counts[smoke.Status.PASSED] == len(wanted)
    assert result.requests == result.budget.planned <= result.budget.at_most


def test_the_estimate_of_one_call() -> None:
    body = {"prompt": "x" * 300, "max_tokens": 1000}
    check = smoke.compile_checks(deployment(uncached(endpoints=(endpoint(body=body),))))[0]
    estimate = smoke.budget([check])
    assert estimate.at_most == 1
    assert 1100 < estimate.tokens < 1200
    assert estimate.cost == pytest.approx(0.000827 + 0.000282 * 0.12, rel=0.2)


def test_what_is_not_asked_for_is_estimated_at_the_models_own_bound() -> None:
    def tokens(**changes: object) -> int:
        one = uncached(endpoints=(endpoint(body={"prompt": "x"}, **changes),))
        return smoke.budget(smoke.compile_checks(deployment(one))[:1]).tokens

    assert tokens(model=SENTIMENT) < 50
    assert tokens() == pytest.approx(tokens(model=SENTIMENT) + 16, abs=10)
    assert tokens(model="@cf/somebody/something") > 256


def test_every_request_is_in_the_estimate() -> None:
    one = smoke.budget(CHECKS[:1])
    all_of_it = smoke.budget([check for check in CHECKS if check.id.startswith("support/answer/")])
    assert all_of_it.at_most == 5
    assert all_of_it.tokens == 5 * one.tokens
    assert all_of_it.cost == pytest.approx(5 * one.cost)


def test_more_requests_than_allowed_are_refused() -> None:
    estimate = smoke.budget(CHECKS)
    estimate.require(max_requests=estimate.at_most, max_cost=None)
    with pytest.raises(RefusedError, match=f"up to {estimate.at_most} requests"):
        estimate.require(max_requests=estimate.at_most - 1, max_cost=None)


def test_a_higher_cost_than_allowed_is_refused() -> None:
    estimate = smoke.budget(CHECKS)
    estimate.require(max_requests=None, max_cost=estimate.cost)
    with pytest.raises(RefusedError, match="estimated at up to"):
        estimate.require(max_requests=None, max_cost=estimate.cost * 0.99)


def test_without_a_price_no_cost_can_be_held() -> None:
    one = uncached(endpoints=(endpoint(model="@cf/somebody/something"),))
    estimate = smoke.budget(smoke.compile_checks(deployment(one)))
    assert estimate.unpriced == ("@cf/somebody/something",)
    with pytest.raises(RefusedError, match="no price is known of `@cf/somebody/something`"):
        estimate.require(max_requests=None, max_cost=1000)


@pytest.mark.parametrize(
    ("other", "unpriced"),
    [(SENTIMENT, ()), ("@cf/somebody/something", ("@cf/somebody/something",))],
)
def test_a_route_costs_what_its_dearest_model_does(other: str, unpriced: tuple[str, ...]) -> None:
    steps = (
        ModelStep("large", "workers-ai", LLAMA, timeout=1, retries=0, fallback="small"),
        ModelStep("small", "workers-ai", other, timeout=1, retries=0),
    )
    body = {"messages": [{"role": "user", "content": "Why?"}]}
    called = endpoint(api=Api.COMPAT_CHAT_COMPLETIONS, model="", route="a", body=body)
    plain = endpoint(api=Api.CHAT_COMPLETIONS, body=body)
    routed = uncached(endpoints=(called,), routes=(Route("a", "large", steps),))
    direct = uncached(endpoints=(plain,))
    estimates = [
        smoke.budget([smoke.Check(smoke.Kind.ANSWER, one, one.endpoints[0])])
        for one in (routed, direct)
    ]
    assert estimates[0].unpriced == unpriced
    wanted = 0 if unpriced else estimates[1].cost
    assert estimates[0].cost == pytest.approx(wanted, rel=0.1)


def test_the_prices_are_of_the_order_that_models_cost() -> None:
    for price in PRICES.values():
        assert 0.01 < price.input < 1
        assert 0 <= price.output < 10


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "$0.00"), (1.2, "$1.20"), (12, "$12.00"), (0.5, "$0.50"), (0.00042, "$0.00042")],
)
def test_money(value: float, shown: str) -> None:
    assert dollars(value) == shown


def test_the_plan_shows_every_check_and_what_it_takes() -> None:
    text = smoke.report.plan(CHECKS, smoke.budget(CHECKS), plain, 80)
    blocks = [block.splitlines() for block in text.split("\n\n")]
    shown = [
        f"{head.split()[0]}/{line.split()[0]}"
        for head, *lines in blocks[:-1]
        for line in lines
        if not line.startswith("   ")
    ]
    assert shown == IDS
    assert "POST workers-ai/v1/chat/completions" in text
    assert " ".join(blocks[-1]).startswith(f"{len(IDS)} checks, 12 to 14 requests; at most about ")
    assert "pricing" in blocks[-1][-1]
    assert all(len(line) <= 80 for line in text.splitlines())


def test_a_plan_of_nothing() -> None:
    assert smoke.report.plan((), smoke.budget(()), plain, 80).startswith("no checks")


def test_tags_choose_endpoints() -> None:
    scene = Scene(
        gateway(endpoints=(endpoint("one", tags=("critical", "text")), endpoint("two"))),
        gateway("b", endpoints=(endpoint("three", tags=("text",)),)),
    )
    checks = smoke.compile_checks(scene.declared)

    def chosen(**options: list[str]) -> set[str]:
        return {check.endpoint.name for check in smoke.select(checks, **options)}

    assert chosen(tags=["critical"]) == {"one"}
    assert chosen(tags=["text"]) == chosen(tags=["critical", "text"]) == {"one", "three"}
    assert chosen(tags=["text"], skip=["b/*"]) == {"one"}
    with pytest.raises(UsageError, match="no endpoint has the tag `txt`") as caught:
        chosen(tags=["txt"])
    assert caught.value.hint == "declared are: `critical`, `text`"
    with pytest.raises(UsageError) as caught:
        smoke.select(smoke.compile_checks(Scene(gateway()).declared), tags=["txt"])
    assert caught.value.hint == "no endpoint has any `tags`"
