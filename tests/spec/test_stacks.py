"""Defaults and stacks: what a stack gets, and where it was written."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewright import spec
from gatewright.model import Location

GATEWAY = """\
id: a
authentication: true
cache: {ttl: 1h, invalidate_on_update: true}
rate_limiting: {limit: 100, interval: 1m}
endpoints:
  e: {provider: workers-ai, model: "@cf/a/b", body: {prompt: one, options: [1, 2]}}
stacks:
  prod:
    rate_limiting: {limit: 1000}
    cache: null
    endpoints: {e: {body: {options: [3], prompt: null, text: two}}}
  dev:
    cache: {ttl: 5m}
"""


def write(root, files):
    for name, text in files.items():
        path = root / "gateways" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def gateway(root, stack=None):
    loaded = spec.load(root, stack=stack)
    assert loaded.deployment is not None, loaded.findings
    (found,) = loaded.deployment.gateways
    return found


def test_mappings_merge_and_everything_else_replaces(tmp_path):
    root = write(tmp_path, {"a.yaml": GATEWAY})
    base, prod, dev = (gateway(root, stack) for stack in (None, "prod", "dev"))
    assert (base.rate_limiting.limit, base.rate_limiting.interval) == (100, 60)
    assert (prod.rate_limiting.limit, prod.rate_limiting.interval) == (1000, 60)
    assert base.endpoints[0].body == {"prompt": "one", "options": [1, 2]}
    assert prod.endpoints[0].body == {"options": [3], "text": "two"}
    assert (dev.cache.ttl, dev.cache.invalidate_on_update) == (300, True)
    assert dev.endpoints == base.endpoints


def test_null_removes_what_is_below(tmp_path):
    root = write(tmp_path, {"a.yaml": GATEWAY})
    assert gateway(root).cache is not None
    assert gateway(root, "prod").cache is None


def test_a_stack_that_no_file_names_is_the_base(tmp_path):
    root = write(tmp_path, {"a.yaml": GATEWAY})
    assert gateway(root, "elsewhere") == gateway(root)


def test_the_file_has_the_last_word_over_defaults_even_of_the_stack(tmp_path):
    files = {
        "defaults.yaml": "logs: {limit: 10000, strategy: DELETE_OLDEST}\nzdr: false\n"
        "stacks: {prod: {logs: {limit: 20000, strategy: STOP_INSERTING}, logpush: true}}\n",
        "a.yaml": "id: a\nauthentication: true\nlogs: {limit: 30000}\n"
        "stacks: {prod: {logs: {collect: false}}}\n",
    }
    root = write(tmp_path, files)
    base, prod = gateway(root), gateway(root, "prod")
    assert (base.logs.limit, base.logs.strategy, base.logs.collect) == (
        30000, "DELETE_OLDEST", True,
    )  # fmt: skip
    assert (prod.logs.limit, prod.logs.strategy, prod.logs.collect) == (
        30000, "STOP_INSERTING", False,
    )  # fmt: skip
    assert (base.logpush, prod.logpush) == (False, True)


def test_a_file_opts_out_of_a_default(tmp_path):
    files = {
        "defaults.yaml": "rate_limiting: {limit: 1, interval: 1m}\n",
        "a.yaml": "id: a\nauthentication: true\nrate_limiting: null\n",
    }
    assert gateway(write(tmp_path, files)).rate_limiting is None


def test_policies_and_tokens_have_stacks_and_defaults_too(tmp_path):
    files = {
        "a.yaml": "id: a\nauthentication: true\ncache: p\n",
        "cache-policies/defaults.yaml": "ttl: 1h\n",
        "cache-policies/p.yaml": "name: p\nstacks: {prod: {ttl: 1d}}\n",
        "tokens/defaults.yaml": "stacks: {prod: {expires: 2027-06-30}}\n",
        "tokens/t.yaml": "name: t\npermissions: [AI Gateway Run]\nexpires: null\n",
    }
    root = write(tmp_path, files)
    policies = [gateway(root, stack).cache.ttl for stack in (None, "prod")]
    assert policies == [3600, 86400]


def test_a_finding_points_at_the_line_that_set_the_value(tmp_path):
    files = {
        "defaults.yaml": "authentication: true\nretries:\n  max_attempts: 9\n",
        "a.yaml": "id: a\nretries: {backoff: linear}\n"
        "stacks:\n  prod:\n    retries:\n      backoff: never\n",
    }
    found = spec.check(write(tmp_path, files)).findings
    places = [(each.location.file, each.location.line, each.path) for each in found]
    assert places == [
        ("gateways/a.yaml", 6, ("stacks", "prod", "retries", "backoff")),
        ("gateways/defaults.yaml", 3, ("retries", "max_attempts")),
    ]


def test_a_finding_of_a_default_is_said_once_however_many_files_have_it(tmp_path):
    files = {f"g{n}.yaml": f"id: g{n}\nstacks: {{s{n}: {{zdr: false}}}}\n" for n in range(5)}
    root = write(tmp_path, files | {"defaults.yaml": "authentication: 1\n"})
    loaded = spec.check(root)
    assert [each.location.file for each in loaded.findings] == ["gateways/defaults.yaml"]


def test_one_stack_is_not_stopped_by_the_mistakes_of_another(tmp_path):
    text = "id: a\nauthentication: true\nstacks: {dev: {zdr: 1}, prod: {zdr: false}}\n"
    root = write(tmp_path, {"a.yaml": text})
    assert spec.load(root).deployment is not None
    assert spec.load(root, stack="prod").deployment is not None
    assert spec.load(root, stack="dev").deployment is None
    assert spec.check(root).deployment is None
    assert spec.check(root, stack="prod").findings == ()


def test_a_base_that_is_not_whole_stops_only_what_has_no_stack(tmp_path):
    root = write(tmp_path, {"a.yaml": "id: a\nstacks: {prod: {authentication: true}}\n"})
    assert spec.load(root, stack="prod").deployment is not None
    assert [each.rule for each in spec.check(root).findings] == ["missing-key"]


def test_a_secret_in_a_stack_is_masked_like_any_other(tmp_path):
    text = (
        "id: a\nauthentication: true\nstacks:\n  prod:\n"
        "    stripe: {authorization: sk_live_1234, usage_events: [{payload: '{}'}]}\n"
    )
    loaded = spec.check(write(tmp_path, {"a.yaml": text}))
    assert [each.rule for each in loaded.findings] == ["literal-secret"]
    for form in spec.report.FORMATS:
        assert "sk_live_1234" not in spec.report.render(loaded, form)


@pytest.mark.parametrize("name", ["stacks", "id"])
def test_what_a_stack_cannot_change(tmp_path, name):
    files = {"defaults.yaml": f"stacks: {{prod: {{{name}: {{}}}}}}\n", "a.yaml": "id: a\n"}
    found = spec.check(write(tmp_path, files)).findings
    assert ("stacks", "prod", name) in {each.path for each in found}


LEAF = st.integers(0, 9) | st.booleans() | st.sampled_from(["x", "y"]) | st.just([1])
TREE = st.recursive(
    LEAF,
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
BODY = st.dictionaries(st.sampled_from("abc"), TREE, min_size=1, max_size=3)


def merged(below, above):
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return below | {key: merged(below.get(key), value) for key, value in above.items()}


@given(base=BODY, override=BODY)
def test_merging_is_what_it_is_said_to_be(tmp_path_factory, base, override):
    def endpoint(body):
        return {"e": {"provider": "workers-ai", "model": "@cf/a/b", "body": body}}

    data = {
        "id": "a",
        "authentication": True,
        "endpoints": endpoint(base),
        "stacks": {"prod": {"endpoints": {"e": {"body": override}}}},
    }
    root = write(tmp_path_factory.mktemp("stacks"), {"a.yaml": json.dumps(data)})
    assert gateway(root, "prod").endpoints[0].body == merged(base, override)
    assert gateway(root).endpoints[0].body == base


def test_what_no_layer_has_is_missing_from_the_file(tmp_path):
    root = write(tmp_path, {"a.yaml": "id: a\nstacks:\n  prod: {zdr: false}\n"})
    (found,) = spec.load(root, stack="prod").findings
    assert (found.rule, found.location) == ("missing-key", Location("gateways/a.yaml", 1, 1, 1, 3))
