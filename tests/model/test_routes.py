"""Dynamic routes as Cloudflare takes them."""

import pytest

from gatewright.model import ConditionalStep, ModelStep, PercentageStep, RateStep, Route
from gatewright.model.wire_route import elements, route_object

MODEL = ModelStep("small", "workers-ai", "@cf/a/b", timeout=10_000, retries=1)


@pytest.mark.parametrize(
    ("shares", "outputs"),
    [
        ({"a": 100}, {100: "a"}),
        ({"a": 10, "b": 90}, {10: "a", 90: "b"}),
        ({"a": 50, "b": 50}, {50: "a", 1: "b", 49: "b"}),
        ({"a": 33, "b": 33, "c": 34}, {33: "a", 34: "c", 1: "b", 32: "b"}),
        ({"a": 1, "b": 49, "c": 50}, {1: "a", 49: "b", 50: "c"}),
        # 1 is taken, and so is 49: the next numbers are 2 and 48.
        ({"a": 45, "b": 45, "c": 1, "d": 9}, {45: "a", 1: "c", 9: "d", 2: "b", 43: "b"}),
    ],
)
def test_outputs_have_numbers_of_their_own(shares, outputs):
    made = PercentageStep("split", shares).outputs
    assert made == outputs
    for target, share in shares.items():
        assert sum(number for number, to in made.items() if to == target) == share


@pytest.mark.parametrize(
    "shares",
    [
        {"a": 25, "b": 25, "c": 25, "d": 25},  # seven outputs
        {"a": 2, "b": 2, "c": 96},  # two is one and one
    ],
)
def test_what_cannot_be_told_apart_is_refused(shares):
    with pytest.raises(ValueError, match=r"too many outputs|no numbers are left"):
        assert PercentageStep("split", shares).outputs


def test_every_kind_of_step_is_an_element():
    route = Route(
        "assistant",
        "plan",
        (
            ConditionalStep("plan", {"metadata.plan": {"$eq": "paid"}}, "split", "quota"),
            RateStep("quota", "metadata.user", 100, 3_600, "small", limit_type="cost"),
            PercentageStep("split", {"small": 90, "end": 10}),
            MODEL,
        ),
    )
    assert route.model == "dynamic/assistant"
    assert route.providers == {"workers-ai"}
    assert route_object(route) == {
        "name": "assistant",
        "elements": [
            {"id": "start", "type": "start", "outputs": {"next": {"elementId": "plan"}}},
            {
                "id": "plan",
                "type": "conditional",
                "properties": {"conditions": {"metadata.plan": {"$eq": "paid"}}},
                "outputs": {"true": {"elementId": "split"}, "false": {"elementId": "quota"}},
            },
            {
                "id": "quota",
                "type": "rate",
                "properties": {
                    "key": "metadata.user",
                    "limit": 100,
                    "limitType": "cost",
                    "window": 3_600,
                },
                "outputs": {"success": {"elementId": "small"}, "fallback": {"elementId": "end"}},
            },
            {
                "id": "split",
                "type": "percentage",
                "outputs": {"10%": {"elementId": "end"}, "90%": {"elementId": "small"}},
            },
            {
                "id": "small",
                "type": "model",
                "properties": {
                    "provider": "workers-ai",
                    "model": "@cf/a/b",
                    "retries": 1,
                    "timeout": 10_000,
                },
                "outputs": {"success": {"elementId": "end"}, "fallback": {"elementId": "end"}},
            },
            {"id": "end", "type": "end", "outputs": {}},
        ],
    }


def test_the_local_cloudflare_takes_the_elements():
    from gatewright.emulator.control.route_elements import ELEMENTS  # noqa: PLC0415  # only here

    issues = []
    steps = (PercentageStep("split", {"small": 50, "end": 50}), MODEL)
    ELEMENTS.read(elements(Route("a", "split", steps)), (), issues)
    assert issues == []
