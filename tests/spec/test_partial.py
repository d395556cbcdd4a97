"""What a file says for one stack or for all files: parts of a spec, for editors."""

import json
from pathlib import Path

import pytest

from gatewright.spec import partial, schemas
from gatewright.spec.files import KINDS

ROOT = Path(__file__).parents[2]


def errors(name, data):
    return [each.message for each in schemas.validator(name).iter_errors(data)]


def test_the_schemas_are_the_generated_ones():
    for path, text in partial.files(ROOT / "schemas").items():
        assert path.read_text("utf-8") == text, "run `python -m gatewright.spec.partial`"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.noun)
def test_a_stack_may_say_of_each_field_that_it_is_removed(kind):
    names = set(schemas.schema(kind.schema)["properties"]) - {"stacks"}
    part = schemas.schema(kind.schema)["$defs"]["stack"]
    assert set(part["properties"]) == names
    validator = schemas.validator(kind.schema).evolve(schema=part)
    for name in names:
        assert list(validator.iter_errors({name: None})) == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.noun)
def test_defaults_have_every_field_but_the_key_and_need_none(kind):
    names = set(schemas.schema(kind.schema)["properties"])
    shared = schemas.schema(f"{kind.schema}-defaults")
    assert set(shared["properties"]) == names - {kind.key}
    assert errors(f"{kind.schema}-defaults", {}) == []
    assert errors(f"{kind.schema}-defaults", {kind.key: "a"}) != []
    assert errors(f"{kind.schema}-defaults", {"stacks": {"prod": {kind.key: "a"}}}) != []


def test_a_part_needs_nothing_and_is_of_the_right_form_all_the_same():
    def errors_for_a_stack(**values):
        whole = {"id": "a", "authentication": True, "stacks": {"prod": values}}
        return errors("gateway", whole)

    assert errors_for_a_stack(rate_limiting={"limit": 5}) == []
    assert errors_for_a_stack(rate_limiting={"limit": 5, "interval": None}) == []
    assert errors_for_a_stack(rate_limiting={"limit": "5"}) != []
    assert errors_for_a_stack(rate_limiting={"limits": 5}) != []
    assert errors_for_a_stack(endpoints={"answer": {"cache": {"skip": True}}}) == []
    assert errors_for_a_stack(endpoints={"answer": {"caches": {"skip": True}}}) != []


def test_the_items_of_a_list_are_whole():
    rules = {"spend_limits": {"rules": [{"limit": 5}]}}
    assert errors("gateway-defaults", rules) == ["'window' is a required property"]


def test_one_of_several_forms_may_be_any_of_them_in_part():
    schema = {
        "title": "thing",
        "properties": {"a": {"oneOf": [{"required": ["b"]}, {"required": ["c"]}]}},
    }
    assert partial.stack(schema)["properties"]["a"] == {"anyOf": [{}, {}]}


def test_the_generated_part_is_found_again():
    text = (ROOT / "schemas" / "token.schema.json").read_text("utf-8")
    assert "stack" not in json.loads(partial._STACK.sub("", text))["$defs"]
