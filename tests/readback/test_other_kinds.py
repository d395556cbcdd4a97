"""Routes, stored keys, custom providers, users' tokens: three values, and what is undeclared."""

import json
from typing import Any

import pytest

from gatewright import readback
from gatewright.model import (
    CustomProvider,
    Deployment,
    Gateway,
    ProviderConfig,
    Route,
    SecretReference,
    SecretStore,
    Token,
    TokenKind,
)
from gatewright.model.route import ConditionalStep, ModelStep
from gatewright.model.wire import custom_provider_object, gateway_object
from gatewright.model.wire_route import elements
from gatewright.readback import Live, Reading, Verdict

ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"
ROUTE = Route(
    "assistant",
    "plan",
    (
        ConditionalStep("plan", {"metadata.plan": {"$eq": None}}, "large", "end"),
        ModelStep("large", "workers-ai", "@cf/meta/llama-3.1-8b-instruct", 10_000, 1),
    ),
)
KEY = ProviderConfig("work", "openai", secret=SecretReference(SecretStore.ENV, "OPENAI"))
CUSTOM = CustomProvider(
    "acme",
    "https://acme.example",
    headers={"x-a": "1", "x-key": SecretReference(SecretStore.ENV, "ACME")},
)
GATEWAY = Gateway("support", authentication=True, routes=(ROUTE,), provider_configs=(KEY,))
MINE = Token("mine", ("AI Gateway Run",), kind=TokenKind.USER)
DEPLOYMENT = Deployment((GATEWAY,), (MINE,), custom_providers=(CUSTOM,))

HEADERS = {"x-a": "1", "x-key": "sk-abcdefghij"}


def row_of_route(data: Any = None, name: str = "assistant") -> dict[str, Any]:
    shown = data or list(reversed(elements(ROUTE)))  # in whatever order
    return {"id": "r", "name": name, "version": {"version_id": "v", "data": json.dumps(shown)}}


def row_of_key(**more: Any) -> dict[str, Any]:
    body = {"id": "k", "alias": "work", "provider_slug": "openai", "default_config": False}
    return body | {"secret_id": "s", "secret_preview": "***", "rate_limit_period": 60} | more


def row_of_custom(**more: Any) -> dict[str, Any]:
    return custom_provider_object(CUSTOM) | {"id": "c", "headers": json.dumps(HEADERS)} | more


def row_of_token(**more: Any) -> dict[str, Any]:
    policy = {
        "permission_groups": [{"id": "g", "name": "AI Gateway Run"}],
        "resources": {f"com.cloudflare.api.account.{ACCOUNT}": "*"},
    }
    return {"id": "t", "name": "mine", "status": "active", "policies": [policy]} | more


def live(**more: Any) -> Live:
    held: dict[str, Any] = {
        "user_tokens": [row_of_token()],
        "routes": {"support": [row_of_route()]},
        "provider_configs": {"support": [row_of_key()]},
        "custom_providers": [row_of_custom()],
    }
    return Live(ACCOUNT, [gateway_object(GATEWAY)], [], **held | more)


def readings(**more: Any) -> dict[str, Reading]:
    result = readback.read(DEPLOYMENT, live(**more))
    return {reading.key: reading for reading in result.readings}


def verdicts(reading: Reading) -> dict[str, Verdict]:
    return {field.name: field.verdict for field in reading.fields}


def test_what_is_as_declared_is_the_same_and_secrets_are_never_called_so() -> None:
    found = readings()
    assert list(found) == [
        "support",
        "support/assistant",
        "support/openai/work",
        "acme",
        "mine",
    ]
    assert not any(reading.differs for reading in found.values())
    assert set(verdicts(found["support/assistant"]).values()) == {Verdict.SAME}
    assert verdicts(found["support/openai/work"])["secret"] is Verdict.NOT_RETURNED
    assert verdicts(found["acme"])["headers"] is Verdict.HIDDEN
    assert "sk-abcdefghij" not in readback.report.as_json(readback.read(DEPLOYMENT, live()))


@pytest.mark.parametrize(
    ("key", "changed", "field"),
    [
        (
            "support/assistant",
            {"routes": {"support": [row_of_route(elements(ROUTE)[:1] + elements(ROUTE)[2:])]}},
            "elements.plan",
        ),
        (
            "support/openai/work",
            {"provider_configs": {"support": [row_of_key(rate_limit=9)]}},
            "rate_limit",
        ),
        (
            "support/openai/work",
            {"provider_configs": {"support": [row_of_key(default_config=True)]}},
            "default_config",
        ),
        ("acme", {"custom_providers": [row_of_custom(enable=False)]}, "enable"),
        ("acme", {"custom_providers": [row_of_custom(headers='{"x-a": "2"}')]}, "headers"),
        ("mine", {"user_tokens": [row_of_token(status="disabled")]}, "status"),
    ],
)
def test_what_is_otherwise_is_named(key: str, changed: dict[str, Any], field: str) -> None:
    reading = readings(**changed)[key]
    assert [f.name for f in reading.fields if f.verdict is Verdict.DIFFERS] == [field]


@pytest.mark.parametrize(
    ("key", "gone"),
    [
        ("support/assistant", {"routes": {}}),
        ("support/openai/work", {"provider_configs": {}}),
        ("acme", {"custom_providers": []}),
        ("mine", {"user_tokens": []}),
    ],
)
def test_what_is_gone_is_missing(key: str, gone: dict[str, Any]) -> None:
    assert readings(**gone)[key].verdict is Verdict.MISSING


def test_elements_that_are_not_returned_are_not_called_the_same() -> None:
    bare = {"id": "r", "name": "assistant", "version": {"version_id": "v"}}
    reading = readings(routes={"support": [bare]})["support/assistant"]
    assert verdicts(reading)["elements"] is Verdict.NOT_RETURNED


def test_what_nothing_declares_is_listed() -> None:
    extra = live(
        routes={"support": [row_of_route(), row_of_route(name="other")]},
        provider_configs={"support": [row_of_key(), row_of_key(alias="other")]},
        custom_providers=[row_of_custom(), row_of_custom(slug="other")],
        user_tokens=[row_of_token(), row_of_token(name="private")],
    )
    found = readback.read(DEPLOYMENT, extra).undeclared
    assert [(reading.kind, reading.key) for reading in found] == [
        ("route", "support/other"),
        ("provider config", "support/openai/other"),
        ("custom provider", "other"),
    ]
