"""What a client sends to an endpoint, by its form."""

import pytest

from gatewright.model import Api, CustomCost, Endpoint, RequestOptions, request
from gatewright.model.custom_provider import CustomProvider
from gatewright.model.deployment import Deployment
from gatewright.model.gateway import Gateway
from gatewright.model.provider_config import ProviderConfig
from gatewright.model.secret import SecretReference, SecretStore
from gatewright.model.token import Token, TokenKind
from gatewright.model.wire import checksum, custom_provider_object, provider_config_object

KEY = SecretReference(SecretStore.ENV, "KEY")
LLAMA = "@cf/a/b"


@pytest.mark.parametrize(
    ("fields", "path", "model", "contract"),
    [
        ({"model": LLAMA}, f"workers-ai/{LLAMA}", None, Api.RUN),
        (
            {"model": LLAMA, "api": Api.CHAT_COMPLETIONS},
            "workers-ai/v1/chat/completions",
            LLAMA,
            Api.CHAT_COMPLETIONS,
        ),
        (
            {"model": LLAMA, "api": Api.COMPAT_EMBEDDINGS},
            "compat/embeddings",
            f"workers-ai/{LLAMA}",
            Api.EMBEDDINGS,
        ),
        (
            {"provider": "openai", "model": "gpt", "api": Api.COMPAT_CHAT_COMPLETIONS},
            "compat/chat/completions",
            "openai/gpt",
            Api.CHAT_COMPLETIONS,
        ),
        (
            {"provider": "", "route": "assistant", "api": Api.COMPAT_CHAT_COMPLETIONS},
            "compat/chat/completions",
            "dynamic/assistant",
            Api.CHAT_COMPLETIONS,
        ),
        (
            {"provider": "openai", "given_path": "v1/chat/completions"},
            "openai/v1/chat/completions",
            None,
            Api.CHAT_COMPLETIONS,
        ),
        (
            {"provider": "custom-acme", "given_path": "v1/embeddings"},
            "custom-acme/v1/embeddings",
            None,
            Api.EMBEDDINGS,
        ),
        (
            {"provider": "anthropic", "given_path": "v1/messages"},
            "anthropic/v1/messages",
            None,
            None,
        ),
    ],
)
def test_forms(fields, path, model, contract):
    endpoint = Endpoint("ask", {"a": 1}, **({"provider": "workers-ai"} | fields))
    assert endpoint.path == path
    assert endpoint.contract is contract
    assert endpoint.request_body == ({"model": model} if model else {}) | {"a": 1}


def test_options_are_headers():
    options = RequestOptions(
        timeout=10_000,
        max_attempts=3,
        retry_delay=500,
        backoff="linear",
        collect_log=False,
        collect_log_payload=True,
        event_id="a-1",
        custom_cost=CustomCost(per_token_in=0.5, per_token_out=1),
        byok_alias="main",
        zdr=True,
        no_wholesale=True,
    )
    assert request.headers(options, {"team": "süd", "age": 7, "paid": True}) == {
        "cf-aig-metadata": '{"team":"s\\u00fcd","age":7,"paid":true}',
        "cf-aig-request-timeout": "10000",
        "cf-aig-max-attempts": "3",
        "cf-aig-retry-delay": "500",
        "cf-aig-backoff": "linear",
        "cf-aig-collect-log": "false",
        "cf-aig-collect-log-payload": "true",
        "cf-aig-event-id": "a-1",
        "cf-aig-custom-cost": '{"per_token_in":0.5,"per_token_out":1}',
        "cf-aig-byok-alias": "main",
        "cf-aig-zdr": "true",
        "cf-aig-no-wholesale": "true",
    }
    assert request.headers(RequestOptions(), {}) == {}


def test_keys_are_sent_by_reference():
    own = ProviderConfig("main", "openai", secret=KEY, default=True, rate_limit=5)
    assert provider_config_object(own) == {
        "alias": "main",
        "provider_slug": "openai",
        "default_config": True,
        "rate_limit": 5,
        "rate_limit_period": 60,
        "secret": {"env": "KEY"},
    }
    other = ProviderConfig("other", "openai", secret_id="0" * 32, given_alias="default")
    assert provider_config_object(other) == {
        "alias": "default",
        "provider_slug": "openai",
        "default_config": False,
        "secret_id": "0" * 32,
    }


def test_a_custom_provider_is_enabled_and_named_unless_said():
    provider = CustomProvider("acme", "https://a.example.com", headers={"x-a": "b", "x-key": KEY})
    sent = custom_provider_object(provider)
    assert (sent["name"], sent["enable"], sent["beta"]) == ("acme", True, False)
    assert sent["headers"] == {"x-a": "b", "x-key": {"env": "KEY"}}
    assert provider.secrets == (KEY,)
    assert provider.provider == "custom-acme"


def test_the_checksum_is_of_everything_that_is_sent():
    gateway = Gateway("a", authentication=True)
    keyed = Gateway("a", authentication=True, provider_configs=(ProviderConfig("k", "openai"),))
    deployments = [
        Deployment(),
        Deployment(gateways=(gateway,)),
        Deployment(gateways=(keyed,)),
        Deployment(tokens=(Token("a", ()),)),
        Deployment(tokens=(Token("a", (), kind=TokenKind.USER),)),
        Deployment(custom_providers=(CustomProvider("a", "https://a"),)),
    ]
    assert len({checksum(each) for each in deployments}) == len(deployments)
