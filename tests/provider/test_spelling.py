"""Spelling both ways: whatever is declared comes back from the wire as it was."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewright.plugin.values import Secret, from_struct, plain, to_struct
from gatewright.provider import paths, planning
from gatewright.provider.tables import RESOURCES

# Small alphabets: whole character tables take a second to build.
TEXT = st.text("abXY09", min_size=1, max_size=8)
CHOICE = st.fixed_dictionaries({"mode": st.just("filter"), "values": st.lists(TEXT, max_size=2)})
HAZARDS = st.dictionaries(
    st.sampled_from(["p1", "s1", "s13"]), st.sampled_from(["FLAG", "BLOCK"]), max_size=3
)
RULE = st.fixed_dictionaries(
    {"limit": st.integers(0, 99), "limitType": st.just("cost"), "window": st.integers(0, 9999)},
    optional={
        "id": TEXT,
        "enabled": st.booleans(),
        "technique": st.just("fixed"),
        "metadata": st.dictionaries(TEXT, CHOICE, max_size=2),
        "model": CHOICE,
        "aiGatewayProvider": CHOICE,
    },
)
GATEWAYS = st.fixed_dictionaries(
    {"accountId": TEXT, "aiGatewayId": TEXT, "cacheTtl": st.integers(0, 10**6)},
    optional={
        "authentication": st.booleans(),
        "retryDelay": st.integers(0, 60000),
        "guardrails": st.fixed_dictionaries({"prompt": HAZARDS, "response": HAZARDS}),
        "spendLimits": st.fixed_dictionaries(
            {"rules": st.lists(RULE, max_size=2)}, optional={"enabled": st.booleans()}
        ),
        "otels": st.lists(
            st.fixed_dictionaries(
                {"url": TEXT, "headers": st.dictionaries(TEXT, TEXT, max_size=2)},
                optional={"authorization": TEXT},
            ),
            max_size=2,
        ),
    },
)
GATEWAY = RESOURCES["cloudflare:index/aiGateway:AiGateway"]


@given(GATEWAYS)
def test_a_server_that_echoes_causes_no_difference(inputs: dict[str, Any]) -> None:
    plan = planning.planned(GATEWAY, inputs, {})
    body = planning.creation_body(GATEWAY, plan)
    assert None not in body.values()
    state = planning.written_state(GATEWAY, plan, {}, body)
    read = planning.read_state(GATEWAY, state, body)
    assert not planning.difference(GATEWAY, inputs, read, inputs, ()).changed
    assert planning.read_inputs(inputs, read) == inputs


@given(GATEWAYS, GATEWAYS)
def test_an_update_is_the_whole_object_and_null_what_left(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    olds = planning.planned(GATEWAY, before, {})
    plan = planning.planned(GATEWAY, after, olds)
    body = planning.update_body(GATEWAY, plan, olds)
    assert body["id"] == after["aiGatewayId"]
    nulls = {name for name, value in body.items() if value is None}
    spelled = {"authentication": "authentication", "retryDelay": "retry_delay"}
    spelled["guardrails"] = "guardrails"
    assert nulls == {wire for name, wire in spelled.items() if name in before and name not in after}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text('a\n"é☃') | TEXT.map(Secret),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(TEXT, VALUES, max_size=3))
def test_values_cross_the_wire_unchanged(properties: dict[str, Any]) -> None:
    assert from_struct(to_struct(properties)) == _without_nulls(properties)
    assert "Secret" not in repr(plain(properties))


def _without_nulls(value: Any) -> Any:
    match value:
        case dict():
            return {k: _without_nulls(v) for k, v in value.items() if v is not None}
        case list():
            return [_without_nulls(item) for item in value]
        case _:
            return value


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("a", ("a",)),
        ("a.b", ("a", "b")),
        ("a[0].b", ("a", 0, "b")),
        ('a["x.y"]', ("a", "x.y")),
        ("a[*].b", ("a", "*", "b")),
    ],
)
def test_property_paths(path: str, steps: tuple[Any, ...]) -> None:
    assert paths.parse(path) == steps


@pytest.mark.parametrize(
    ("path", "result"),
    [
        ("a[*].b", {"a": [{"b": 1, "c": 9}, {"b": 2, "c": 9}], "z": 1}),
        ("a[1].b", {"a": [{"b": 8, "c": 9}, {"b": 2, "c": 9}], "z": 1}),
        ("a[5].b", {"a": [{"b": 8, "c": 9}, {"b": 8, "c": 9}], "z": 1}),
        ("z", {"a": [{"b": 8, "c": 9}, {"b": 8, "c": 9}]}),
        ("z.deeper", {"a": [{"b": 8, "c": 9}, {"b": 8, "c": 9}], "z": 1}),
        ("y", {"a": [{"b": 8, "c": 9}, {"b": 8, "c": 9}], "z": 1, "y": {"k": 1}}),
    ],
)
def test_restoring_ignored_places(path: str, result: Any) -> None:
    new = {"a": [{"b": 8, "c": 9}, {"b": 8, "c": 9}], "z": 1}
    old = {"a": [{"b": 1}, {"b": 2}], "y": {"k": 1}}
    assert paths.restored(new, old, (path,)) == result
