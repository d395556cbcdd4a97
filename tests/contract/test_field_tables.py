"""The emulator's tables beside the types of Cloudflare's SDK, and beside documented bounds."""

import importlib
import typing
from typing import Any

import httpx
import pytest
import typing_extensions
from cloudflare.types.workers import script_update_params
from contract.account import Account
from contract.sdk_types import differences, of_schema, of_sdk

from gatewright.emulator.control.workers.metadata import BINDINGS
from gatewright.emulator.fidelity import fields
from gatewright.emulator.fidelity.tables import BODIES, Body

pytestmark = [
    pytest.mark.contract,
    pytest.mark.emulator_only("the emulator's own document is looked at"),
]

#: Bounds of the OpenAPI document, for a gateway.
BOUNDS = {
    "id": {"minLength": 1, "maxLength": 64},
    "cache_ttl": {"minimum": 0},
    "rate_limiting_interval": {"minimum": 0},
    "rate_limiting_limit": {"minimum": 0},
    "log_management": {"minimum": 10_000, "maximum": 10_000_000},
    "logpush_public_key": {"minLength": 16, "maxLength": 1024},
    "retry_max_attempts": {"minimum": 1, "maximum": 5},
    "retry_delay": {"minimum": 0, "maximum": 60_000},
}
WORDS = ("minimum", "maximum", "minLength", "maxLength")


@pytest.fixture(scope="module")
def document(account: Account) -> dict[str, Any]:
    return httpx.get(f"http://127.0.0.1:{account.port}/_emulator/openapi.json").json()


def schema_of(document: dict[str, Any], method: str, pattern: str) -> dict[str, Any]:
    return fields.body_of(document["paths"][f"/client/v4{pattern}"][method.lower()])


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.name)
@pytest.mark.proves("tables.fields")
def test_a_body_is_the_sdks_but_for_what_is_declared(document: dict[str, Any], body: Body):
    module = importlib.import_module(f"cloudflare.types.{body.module}")
    theirs = of_sdk(getattr(module, body.kind))
    ours = of_schema(schema_of(document, body.method, body.pattern))
    found = list(differences(ours, theirs))
    assert {one.partition(":")[0] for one in found} == set(body.differences), found


@pytest.mark.proves("tables.fields")
def test_bounds_are_the_documented_ones(document: dict[str, Any]):
    path = "/accounts/{account_id}/ai-gateway/gateways"
    properties = schema_of(document, "POST", path)["properties"]
    found = {}
    for name, schema in properties.items():
        plain = next((one for one in schema.get("anyOf", ()) if one["type"] != "null"), schema)
        bounds = {word: plain[word] for word in WORDS if word in plain}
        if bounds:
            found[name] = bounds
    assert found == BOUNDS


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.name)
@pytest.mark.proves("tables.fields")
def test_the_bounds_that_a_source_names_are_there(document: dict[str, Any], body: Body):
    found = {row.path: row for row in fields.rows(schema_of(document, body.method, body.pattern))}
    for path, bounds in body.bounds.items():
        assert found[path].bounds == bounds


@pytest.mark.proves("tables.fields")
def test_a_tokens_name_has_at_most_120_characters(document: dict[str, Any]):
    path = "/accounts/{account_id}/tokens"
    assert schema_of(document, "POST", path)["properties"]["name"]["maxLength"] == 120


@pytest.mark.proves("tables.fields")
def test_bindings_are_of_the_sdks_types_and_need_what_it_needs():
    theirs = {}
    for kind in typing.get_args(script_update_params.MetadataBinding):
        hints = typing_extensions.get_type_hints(kind, include_extras=True)
        needed = {
            name
            for name, hint in hints.items()
            if typing.get_origin(hint) is typing_extensions.Required
        }
        (literal,) = typing.get_args(hints["type"])
        (name,) = typing.get_args(literal)
        theirs[name] = needed - {"name", "type"}
    theirs["d1"].discard("database_id")  # wrangler calls it `id`
    assert {name: set(needed) for name, needed in BINDINGS.items()} == theirs
