"""One field of a valid spec made wrong: it is told at that field, or it is right all the same."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.specs import CACHE_POLICY, CUSTOM_PROVIDER, GATEWAY, TOKEN

from gatewright import spec
from gatewright.model import Severity

WRONG = st.sampled_from(
    [None, True, -1, 0, 7, 1.5, "", "zzz", "1x", "-", [], [None], {}, {"zzz": 1}, "@" * 300]
)
#: What stands there is anybody's: the body of an example, a condition, the text for a marker.
FREE = {"body", "conditional", "equals", "metadata", "headers", "smoke"}
KINDS = {
    "": GATEWAY,
    "cache-policies/": CACHE_POLICY,
    "custom-providers/": CUSTOM_PROVIDER,
    "tokens/": TOKEN,
}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    for name in KINDS:
        (folder / "gateways" / name).mkdir(parents=True, exist_ok=True)
    return folder


def paths(value, path=()):
    """Every place in a spec but those where anything may stand."""
    if path:
        yield path
    if isinstance(value, dict) and not (path and path[-1] in FREE):
        for key, each in value.items():
            yield from paths(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from paths(each, (*path, index))


def put(value, path, new):
    for step in path[:-1]:
        value = value[step]
    value[path[-1]] = new


@pytest.mark.parametrize("folder", KINDS)
@given(data=st.data())
def test_a_wrong_value_is_told_where_it_stands(root, folder, data):
    values = json.loads(json.dumps(data.draw(KINDS[folder])))
    path = data.draw(st.sampled_from([*paths(values)]))
    put(values, path, data.draw(WRONG))
    file = root / "gateways" / folder / "one.yaml"
    file.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
    try:
        loaded = spec.load(root)
    finally:
        file.unlink()
    errors = [found for found in loaded.findings if found.severity is Severity.ERROR]
    assert (loaded.deployment is None) == bool(errors)
    if errors:
        assert any(is_there(found.path, path) for found in errors), (path, loaded.findings)


def is_there(found, path):
    """At the place itself or within it; what is missing is told where it should be."""
    return found[: len(path)] == path or found == path[:-1]
