"""Custom providers and stored keys with Cloudflare's SDK for Python."""

from collections.abc import Iterator

import cloudflare
import pytest
from cloudflare import Cloudflare
from cloudflare.types.ai_gateway import CustomProviderCreateResponse
from contract.account import Account, fresh

pytestmark = pytest.mark.contract


@pytest.fixture
def provider(client: Cloudflare, account: Account) -> Iterator[CustomProviderCreateResponse]:
    name = fresh("provider")
    made = client.ai_gateway.custom_providers.create(
        account_id=account.id,
        name=name,
        slug=name,
        base_url="https://models.example",
        description="internal models",
    )
    yield made
    client.ai_gateway.custom_providers.delete(made.id, account_id=account.id)


def test_a_custom_provider_comes_back_as_it_was_made(
    client: Cloudflare, account: Account, provider: CustomProviderCreateResponse
):
    custom = client.ai_gateway.custom_providers
    found = custom.get(provider.id, account_id=account.id)
    assert found.to_dict() == provider.to_dict()
    assert found.enable is False
    listed = custom.list(account_id=account.id, search=provider.slug)
    assert [one.id for one in listed] == [provider.id]


@pytest.mark.proves("custom.https")
def test_a_custom_provider_is_reached_by_https_alone(client: Cloudflare, account: Account):
    with pytest.raises(cloudflare.BadRequestError):
        client.ai_gateway.custom_providers.create(
            account_id=account.id,
            name="plain",
            slug=fresh("plain"),
            base_url="http://models.example",
        )


@pytest.mark.emulator_only("which slugs and headers Cloudflare refuses is not known")
@pytest.mark.parametrize(
    "wrong",
    [
        {"slug": "a/b"},
        {"slug": "a b"},
        {"slug": "../a"},
        {"base_url": "https://"},
        {"headers": "x: y"},
        {"headers": '{"x": 1}'},
        {"headers": "[]"},
    ],
    ids=str,
)
def test_a_custom_provider_that_could_not_be_called_is_refused(
    client: Cloudflare, account: Account, wrong: dict[str, str]
):
    asked = {"name": "x", "slug": "x", "base_url": "https://models.example"} | wrong
    with pytest.raises(cloudflare.BadRequestError) as caught:
        client.ai_gateway.custom_providers.create(account_id=account.id, **asked)
    (name,) = wrong
    assert [error["path"] for error in caught.value.body["errors"]] == [["body", name]]


def test_a_deleted_custom_provider_is_not_found(client: Cloudflare, account: Account):
    slug = fresh("gone")
    custom = client.ai_gateway.custom_providers
    made = custom.create(
        account_id=account.id, name=slug, slug=slug, base_url="https://models.example"
    )
    assert custom.delete(made.id, account_id=account.id).id == made.id
    with pytest.raises(cloudflare.NotFoundError):
        custom.get(made.id, account_id=account.id)


@pytest.mark.emulator_only("a real account keeps the secret in its Secrets Store")
def test_a_stored_key_is_never_shown(client: Cloudflare, account: Account, gateway_id: str):
    secret = "sk-" + "s" * 40
    configs = client.ai_gateway.provider_configs
    asked = {
        "account_id": account.id,
        "alias": "main",
        "default_config": True,
        "provider_slug": "openai",
        # The SDK asks for both; who sends a secret names none that exists.
        "secret": secret,
        "secret_id": "openai",
    }
    made = configs.create(gateway_id, **asked)
    assert secret not in made.to_json()
    (found,) = configs.list(gateway_id, account_id=account.id)
    assert (found.alias, found.provider_slug, found.gateway_id) == ("main", "openai", gateway_id)
    assert secret not in found.to_json()
    with pytest.raises(cloudflare.BadRequestError) as caught:
        configs.create(gateway_id, **asked)
    assert "already exists" in caught.value.errors[0].message
