"""What an update sends as null inside an object, and what it does not."""

from typing import Any

import pytest

from gatewright.model import nested

RULES = {"prompt": {"s1": "BLOCK", "s2": "FLAG"}, "response": {}}


@pytest.mark.parametrize(
    ("old", "new", "left"),
    [
        (RULES, RULES, []),
        (RULES, {"prompt": {"s1": "FLAG", "s2": "FLAG", "s3": "FLAG"}, "response": {}}, []),
        (RULES, {"prompt": {"s1": "BLOCK"}, "response": {}}, ["guardrails.prompt.s2"]),
        (RULES, None, []),  # the whole block: null at the top, which the API takes
        (None, RULES, []),
        (
            {"enabled": True, "action": "FLAG", "profiles": ["a"]},
            {"enabled": True, "policies": []},
            ["guardrails.action", "guardrails.profiles"],
        ),
        # In a list the provider does not compare.
        ({"policies": [{"id": "a", "action": "FLAG"}]}, {"policies": [{"id": "a"}]}, []),
    ],
)
def test_what_left_below_an_object_that_stays(old: Any, new: Any, left: list[str]) -> None:
    assert [*nested.nulls({"guardrails": old}, {"guardrails": new})] == left
