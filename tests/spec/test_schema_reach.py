"""Each property of the schemas reaches the model, and each field of the model a property.

`reach/gateways` has every field of the specs, `reach/other` another valid value for each.
"""

import copy
import dataclasses
import json
from pathlib import Path

import pytest
import yaml

from gatewright import model, spec
from gatewright.model.wire import checksum
from gatewright.spec import schemas
from gatewright.spec.files import KINDS

REACH = Path(__file__).with_name("reach")
FULL = {
    str(path.relative_to(REACH)): yaml.safe_load(path.read_text("utf-8"))
    for kind in KINDS
    for path in (REACH / kind.folder).glob("*.yaml")
}
OTHER_VALUES = {
    kind: yaml.safe_load((REACH / "other" / f"{kind.schema}.yaml").read_text("utf-8"))
    for kind in KINDS
}
#: Fields that tell where something is written, or hold other parts of the model.
NOT_FIELDS = {
    "source", "cache", "rate_limiting", "retries", "logs", "endpoints", "request_ip",
    "spend_limits", "rules", "guardrails", "dlp", "policies", "otel", "authorization", "stripe",
    "expect", "json", "smoke", "routes", "steps", "provider_configs", "secret", "request",
    "custom_cost", "gateway", "script",
}  # fmt: skip
#: What only the smoke checks read, a policy that no gateway of the folder uses, and what nobody
#: is told; the policy has the values of the gateway's own.
UNUSED = ("gateway: endpoints", "gateway: smoke", "worker: endpoints", "cache policy")
NOT_SENT = {
    "gateway: cache", "gateway: description", "token: description", "worker: description",
}  # fmt: skip
#: Schemas that are told apart as a whole; their words are those of the model's enums.
LEAVES = ("#/$defs/secret", "#/$defs/hazards", "#/$defs/header")


def schema_paths(node, root, prefix=""):
    """The paths of all properties, in FULL's first items and in its entries named `e`."""
    for name, child in node.get("properties", {}).items():
        # What differs between stacks has no place in the model.
        if name != "stacks":
            yield prefix + name
            yield from below(child, root, f"{prefix}{name}.")


def below(node, root, prefix):
    if node.get("$ref") in LEAVES:
        return
    node = resolved(node, root)
    yield from schema_paths(node, root, prefix)
    if isinstance(node.get("items"), dict):
        yield from schema_paths(resolved(node["items"], root), root, f"{prefix}0.")
    entries = node.get("additionalProperties")
    if isinstance(entries, dict):
        # An endpoint's name is no property; the keys of the other maps have values of their own.
        is_leaf = "properties" not in resolved(entries, root) or entries["$ref"] in LEAVES
        yield from [f"{prefix}e"] if is_leaf else below(entries, root, f"{prefix}e.")


def resolved(node, root):
    target = node.get("$ref", "")
    return root["$defs"][target.rsplit("/", 1)[1]] if target.startswith("#/$defs/") else node


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.noun)
def test_every_property_of_the_schema_has_another_value(kind):
    content = schemas.schema(kind.schema)
    assert sorted(OTHER_VALUES[kind]) == sorted(schema_paths(content, content))


def compiled(root, files):
    # Some combinations of the values below are allowed and unwise.
    unwise = dict.fromkeys(("open-keys", "unknown-byok-alias"), "warning")
    files = files | {
        "gatewright.yaml": {"rules": unwise},
        "gateways/spare.yaml": {"id": "spare", "authentication": True},
        "workers/one.js": "export default 1;",
        "workers/other.js": "export default 2;",
    }
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data), encoding="utf-8")
    loaded = spec.load(root)
    assert loaded.deployment is not None, loaded.findings
    return loaded.deployment


def differences(one, other):
    """(class, field) of all leaves in which two parts of a model differ."""
    if isinstance(one, tuple) and isinstance(other, tuple) and 0 < len(one) == len(other):
        return set().union(*(differences(a, b) for a, b in zip(one, other, strict=True)))
    if not dataclasses.is_dataclass(one) or type(one) is not type(other):
        return set()
    found = set()
    for field in dataclasses.fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if field.compare and a != b:
            found |= differences(a, b) or {(type(one).__name__, field.name)}
    return found


def changed(data, path, value):
    if isinstance(value, dict) and value.keys() == {"instead", "value"}:
        path, value = value["instead"], value["value"]
    data = copy.deepcopy(data)
    *parents, last = path.split(".")
    target = data
    for step in parents:
        target = target[int(step) if step.isdigit() else step]
    if value is None:
        del target[last]
    else:
        target[last] = value
    return data


def mutations(tmp_path):
    """For each property: the differences that another value of it makes in the model.

    And whether it changes what is sent, by the checksum of all that decides what is done.
    """
    base = compiled(tmp_path / "base", FULL)
    for index, (kind, name) in enumerate(zip(KINDS, FULL, strict=True)):
        for path, value in OTHER_VALUES[kind].items():
            files = FULL | {name: changed(FULL[name], path, value)}
            other = compiled(tmp_path / f"{index}-{path}", files)
            is_sent = checksum(base) != checksum(other)
            yield f"{kind.noun}: {path}", differences(base, other), base != other, is_sent


def test_each_property_reaches_the_model_and_each_field_of_the_model_a_property(tmp_path):
    reached, unsent = set(), set()
    for where, fields, differs, is_sent in mutations(tmp_path):
        assert differs, f"{where} makes no difference"
        reached |= fields
        if not is_sent and not where.startswith(UNUSED):
            unsent.add(where)
    assert unsent == NOT_SENT, "see `gatewright/model/wire.py`"
    classes = (
        model.Gateway, model.CachePolicy, model.RateLimiting, model.Retries, model.Logs,
        model.Endpoint, model.EndpointCache, model.Token, model.RequestIp, model.SpendLimits,
        model.SpendRule, model.Guardrails, model.Dlp, model.DlpPolicy, model.OtelExporter,
        model.Stripe, model.SecretReference, model.Expect, model.JsonExpectation,
        model.SmokeTexts, model.RequestOptions, model.CustomCost, model.Route, model.ModelStep,
        model.RateStep, model.ConditionalStep, model.PercentageStep, model.ProviderConfig,
        model.CustomProvider,
        model.Worker, model.WorkerGateway, model.WorkerEndpoint,
        model.Script,
    )  # fmt: skip
    fields = {
        (each.__name__, field.name)
        for each in classes
        for field in dataclasses.fields(each)
        if field.name not in NOT_FIELDS
    }
    # The names of endpoints, routes, steps and keys are keys of mappings, not properties.
    base = compiled(tmp_path / "base", FULL)
    renamed = compiled(tmp_path / "renamed", {name: with_other_keys(FULL[name]) for name in FULL})
    reached |= differences(base, renamed)
    assert {each for each in reached if each[1] not in NOT_FIELDS} == fields


def with_other_keys(value):
    if isinstance(value, list):
        return [with_other_keys(item) for item in value]
    if isinstance(value, dict):
        return {with_other_keys(key): with_other_keys(item) for key, item in value.items()}
    return f"{value}x" if isinstance(value, str) and len(value) == 1 else value
