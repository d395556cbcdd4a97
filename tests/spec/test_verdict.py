"""Whether a value fits a schema: the quick answer is jsonschema's."""

import copy
import itertools
import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gatewright.spec import schemas, verdict
from gatewright.spec.files import KINDS, SETTINGS

ROOT = Path(__file__).parents[2]
NAMES = [kind.schema for kind in (*KINDS, SETTINGS)]


def examples(part):
    """The values that a schema gives as examples, of all its parts."""
    found = list(part.get("examples", []))
    for value in part.values():
        for below in value if isinstance(value, list) else [value]:
            if isinstance(below, dict):
                found += examples(below)
    return found


def parts(value, path=()):
    """The path of each part of a value."""
    yield path
    items = value.items() if isinstance(value, dict) else ()
    for key, item in [*items, *(enumerate(value) if isinstance(value, list) else ())]:
        yield from parts(item, (*path, key))


def put(value, path, new):
    """A copy of ``value`` with ``new`` at ``path``."""
    if not path:
        return new
    changed = copy.deepcopy(value)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = new
    return changed


MOST_PARTS = 10_000


def more_than(number, each):
    """Whether an iterable has more items, asking for no more of them than that."""
    return next(itertools.islice(each, number, None), None) is not None


def written(folder):
    """The values of the spec files that a schema is for, in all cases and the examples."""
    for path in [*ROOT.glob(f"tests/cases/*/*/{folder}/*.yaml"), *ROOT.glob(f"{folder}/*.yaml")]:
        try:
            data = yaml.safe_load(path.read_text("utf-8"))
            if more_than(MOST_PARTS, parts(data)):
                continue  # aliases of aliases: as a tree it would fill the memory
            json.dumps(data)
        except (OSError, ValueError, TypeError, yaml.YAMLError, RecursionError):
            continue  # there are cases of each
        yield data


SAMPLES = {kind.schema: list(written(kind.folder)) for kind in (*KINDS, SETTINGS)}
SCHEMAS = {name: schemas.schema(name) for name in NAMES}
FITS = {name: verdict.of(schema) for name, schema in SCHEMAS.items()}
KEYS = ["id", "name", "body", "ttl", "limit", "api", "input", "", "A", "P1", "a-b", "x" * 65]
LEAVES = st.sampled_from(
    [
        *(None, True, False, 0, 1, -1, 2, 1.0, 0.5, 10**9, "", "x", "X y", "1h", "0h", "1500ms"),
        *("90s", "31d", "2027-06-30", "2027-02-30", "10.0.0.0/8", "10.0.0.0/99", "a\n", "é" * 70),
        *([], {}, ["x", "x"], ["x", 1], [1, True], {"env": "A"}, {"": None}, "chat-completions"),
        *(each for schema in SCHEMAS.values() for each in examples(schema)),
    ]
)
ANYTHING = st.recursive(
    LEAVES,
    lambda below: (
        st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(KEYS), below, max_size=3)
    ),
    max_leaves=6,
)


def agree(name, value):
    explained = list(schemas.validator(name).iter_errors(value))
    assert FITS[name](value) is not bool(explained), explained


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=150)
@given(data=st.data())
def test_a_mutation_fits_by_the_quick_answer_if_by_jsonschema(name, data):
    value = data.draw(st.sampled_from(SAMPLES[name]))
    for _ in range(data.draw(st.integers(0, 2))):
        path = data.draw(st.sampled_from(list(parts(value))))
        value = put(value, path, data.draw(ANYTHING))
        if isinstance(value, dict) and data.draw(st.booleans()):
            properties = sorted(SCHEMAS[name]["properties"])
            value = {**value, data.draw(st.sampled_from(properties)): data.draw(ANYTHING)}
    agree(name, value)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_fits_by_the_quick_answer_if_by_jsonschema(name):
    for value in SAMPLES[name]:
        agree(name, value)


def schema_parts(part):
    """Each schema within a schema, itself too."""
    yield part
    for name in ("properties", "$defs"):
        for below in part.get(name, {}).values():
            yield from schema_parts(below)
    for name in ("items", "additionalProperties", "propertyNames", "if", "then", "else", "not"):
        if isinstance(part.get(name), dict):
            yield from schema_parts(part[name])
    for name in ("allOf", "anyOf", "oneOf"):
        for below in part.get(name, ()):
            yield from schema_parts(below)


@pytest.mark.parametrize("name", NAMES)
def test_no_sample_fills_the_memory(name):
    """A mutation lists all parts of its sample; one case is a billion laughs."""
    assert not any(more_than(MOST_PARTS, parts(value)) for value in SAMPLES[name])


@pytest.mark.parametrize("name", NAMES)
def test_every_keyword_is_understood(name):
    """Or every spec would wait for jsonschema: teach ``gatewright.spec.verdict`` the keyword."""
    for part in schema_parts(SCHEMAS[name]):
        assert part.keys() <= verdict._KEYWORDS


@pytest.mark.parametrize(
    "schema",
    [
        {"unevaluatedProperties": False},
        {"properties": {"a": {"contains": {}}}},
        {"$ref": "https://example.com/other.json"},
        {"enum": [[1]]},
        {"if": {"minContains": 1}},
    ],
)
def test_what_is_not_understood_is_left_to_jsonschema(schema):
    assert verdict.of(schema)({"a": 1}) is False


@pytest.mark.parametrize(
    ("schema", "fits", "fits_not"),
    [
        ({"type": "integer"}, [1, 1.0], [True, 1.5, "1"]),
        ({"enum": [1, "a", False]}, [1, 1.0, "a", False], [True, 0, "b", [1]]),
        ({"const": True}, [True], [1, "true"]),
        ({"minimum": 1}, [1, "a", True, False], [0, 0.5]),
        ({"maxLength": 1}, ["é", 22, ["a", "b"]], ["ab"]),
        ({"items": False}, [[], {}], [[1]]),
        ({"additionalProperties": {"type": "null"}}, [{"a": None}, 1], [{"a": 1}]),
        ({"properties": {"a": False}}, [{"b": 1}, {}, 1], [{"a": 1}]),
        ({"propertyNames": {"pattern": "^a$"}}, [{"a": 1}, "b"], [{"a\n": 1}, {"b": 1}]),
        ({"if": {"type": "string"}, "else": {"minimum": 2}}, ["a", 2, None], [1]),
        ({"allOf": [{"type": "object"}, {"required": ["a"]}]}, [{"a": 1}], [{}, 1]),
        ({"uniqueItems": True}, [["a", 1, 1], "aa"], [["a", "a"]]),
    ],
)  # fmt: skip
def test_each_keyword(schema, fits, fits_not):
    check = verdict.of(schema)
    assert [check(value) for value in fits] == [True] * len(fits)
    assert [check(value) for value in fits_not] == [False] * len(fits_not)
