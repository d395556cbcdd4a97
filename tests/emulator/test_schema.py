"""The validator never fails itself, and takes exactly what the table says."""

from collections.abc import Iterator
from typing import Any

import pytest
from emulator.peer import Peer, gateway, in_process, token
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gatewright.emulator import Settings, create_app
from gatewright.emulator.control.gateway_fields import CREATE, FIELDS, REPLACE
from gatewright.emulator.control.schema import Enum, Number, Text
from gatewright.emulator.identity import new_value

leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
json_values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from([field.name for field in FIELDS] + ["id", "name", "policies"])
bodies = st.dictionaries(names | st.text(max_size=3), json_values, max_size=6) | json_values


@pytest.fixture(scope="module")
def tireless() -> Iterator[Peer]:
    value = new_value()
    app = create_app(Settings(quota=None), deploying_token=value)
    yield in_process(app, value)
    app.close()


@pytest.mark.parametrize("path", ["/ai-gateway/gateways", "/tokens"])
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(body=bodies)
def test_any_json_gets_an_envelope(tireless: Peer, path: str, body: Any):
    complete = (
        (gateway() if "gateways" in path else token("AI Gateway Run")) | body
        if isinstance(body, dict)
        else body
    )
    for sent in (body, complete):
        answer = tireless.api("POST", path, sent)
        envelope = answer.json()
        assert answer.status_code in {200, 400}
        assert envelope["success"] is (answer.status_code == 200)
        assert {"errors", "messages", "result"} <= set(envelope)
        for error in envelope["errors"]:
            assert error["code"] in {7001, 1001}
            assert error["message"]


@settings(max_examples=100)
@given(content=st.binary(max_size=64))
def test_any_bytes_get_an_envelope(tireless: Peer, content: bytes):
    answer = tireless.api("POST", "/ai-gateway/gateways", content=content)
    assert answer.status_code == 400
    assert answer.json()["errors"]


NUMBERS = [field for field in FIELDS if isinstance(field.kind, Number)]


@pytest.mark.parametrize("field", NUMBERS, ids=lambda field: field.name)
@given(value=st.integers(-10, 10_000_010) | st.floats(-1, 100))
def test_a_number_is_taken_exactly_within_its_bounds(field: Any, value: float):
    issues: list[Any] = []
    kept = CREATE.read(gateway() | {field.name: value}, ("body",), issues)
    inside = (
        float(value).is_integer()
        and (field.kind.minimum is None or value >= field.kind.minimum)
        and (field.kind.maximum is None or value <= field.kind.maximum)
    )
    assert (not issues) is inside
    if inside:
        assert kept[field.name] == value
        assert isinstance(kept[field.name], int)
    else:
        assert {path for path, _ in issues} == {("body", field.name)}


TEXTS = [field for field in FIELDS if isinstance(field.kind, Text | Enum)]


@pytest.mark.parametrize("field", TEXTS, ids=lambda field: field.name)
@given(value=st.text(max_size=30) | st.none())
def test_a_text_is_taken_exactly_within_its_bounds(field: Any, value: str | None):
    issues: list[Any] = []
    CREATE.read(gateway() | {field.name: value}, ("body",), issues)
    kind = field.kind
    if value is None:
        inside = field.nullable
    elif isinstance(kind, Enum):
        inside = value in kind.values
    else:
        inside = kind.minimum <= len(value) <= (kind.maximum or len(value))
    assert (not issues) is inside


def test_required_is_what_the_facts_say():
    issues: list[Any] = []
    CREATE.read({}, ("body",), issues)
    assert {path[-1] for path, message in issues if message == "Required"} == {
        "id",
        "cache_invalidate_on_update",
        "cache_ttl",
        "collect_logs",
        "rate_limiting_interval",
        "rate_limiting_limit",
    }
    issues = []
    REPLACE.read({}, ("body",), issues)
    assert len(issues) == 5
