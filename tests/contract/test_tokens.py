"""API tokens with Cloudflare's SDK for Python."""

import cloudflare
import pytest
from cloudflare import Cloudflare
from contract.account import Account, Caller, fresh, group_ids, policy

pytestmark = pytest.mark.contract

USED = ("AI Gateway Read", "AI Gateway Write", "AI Gateway Run", "Workers AI Read")
#: Seen in the lists of live accounts. Clients must look the ids up all the same.
IDS = (
    "4dc8917b4b40457d88d3035d5dadb054",
    "6c8a3737f07f46369c1ea1f22138daaf",
    "644535f4ed854494a59cb289d634b257",
    "a92d2450e05d4e7bb7d0a64968f83d11",
)


@pytest.mark.proves("tokens.groups")
def test_permission_groups_have_the_ids_that_are_known(client: Cloudflare, account: Account):
    assert tuple(group_ids(client, account.id, *USED)) == IDS


@pytest.mark.parametrize("name", ["AI Gateway Run", "Workers AI Read"])
def test_a_permission_group_is_found_by_name(client: Cloudflare, account: Account, name: str):
    """More than one may be found: names are matched whole by whoever asks."""
    groups = client.accounts.tokens.permission_groups
    for found in (
        groups.list(account_id=account.id, name=name),
        groups.get(account_id=account.id, name=name),
    ):
        (exact,) = (group for group in found if group.name == name)
        assert exact.scopes == ["com.cloudflare.api.account"]


@pytest.mark.proves("tokens.once", "tokens.times")
def test_a_token_shows_its_value_once(client: Cloudflare, account: Account):
    tokens = client.accounts.tokens
    groups = group_ids(client, account.id, "AI Gateway Run", "Workers AI Read")
    made = tokens.create(
        account_id=account.id, name=fresh("token"), policies=[policy(account.id, groups)]
    )
    try:
        assert made.value
        assert made.status == "active"
        assert made.issued_on
        assert made.issued_on.microsecond == 0
        own = tokens.get(made.id, account_id=account.id)
        changed = tokens.update(
            made.id,
            account_id=account.id,
            name=own.name,
            policies=[policy(account.id, groups[:1])],
        )
        listed = [one for one in tokens.list(account_id=account.id) if one.id == made.id]
        for shown in (own, changed, *listed):
            assert "value" not in shown.to_dict()
        assert [group.id for group in changed.policies[0].permission_groups] == groups[:1]
        assert len(listed) == 1
    finally:
        tokens.delete(made.id, account_id=account.id)
    with pytest.raises(cloudflare.NotFoundError) as caught:
        tokens.get(made.id, account_id=account.id)
    assert [error.code for error in caught.value.errors] == [1003]


def test_a_token_verifies_itself(account: Account, caller: Caller):
    found = account.client(token=caller.value).accounts.tokens.verify(account_id=account.id)
    assert (found.id, found.status) == (caller.id, "active")


@pytest.mark.proves("tokens.roll")
def test_a_rolled_token_has_another_value(client: Cloudflare, account: Account):
    tokens = client.accounts.tokens
    groups = group_ids(client, account.id, "AI Gateway Read")
    made = tokens.create(
        account_id=account.id, name=fresh("rolled"), policies=[policy(account.id, groups)]
    )
    try:
        value = tokens.value.update(made.id, account_id=account.id)
        assert value != made.value
        assert account.client(token=value).accounts.tokens.verify(account_id=account.id).id
        if account.port is not None:  # a real account may need time to forget
            with pytest.raises(cloudflare.AuthenticationError):
                account.client(token=made.value).accounts.tokens.verify(account_id=account.id)
    finally:
        tokens.delete(made.id, account_id=account.id)


@pytest.mark.parametrize(
    ("name", "groups"),
    [("x" * 121, IDS[:1]), ("x", ["0" * 32])],
)
def test_a_wrong_token_is_refused(
    client: Cloudflare, account: Account, name: str, groups: list[str]
):
    """Which codes Cloudflare gives is not known."""
    with pytest.raises(cloudflare.BadRequestError):
        client.accounts.tokens.create(
            account_id=account.id, name=name, policies=[policy(account.id, groups)]
        )


@pytest.mark.proves("tokens.no-name")
def test_a_token_must_have_a_name(client: Cloudflare, account: Account):
    with pytest.raises(cloudflare.BadRequestError) as caught:
        client.accounts.tokens.create(
            account_id=account.id, name="", policies=[policy(account.id, list(IDS[:1]))]
        )
    assert caught.value.errors[0].message == "name must have a length"


@pytest.mark.emulator_only("an account's own token may not touch the tokens of a user")
def test_a_users_tokens_are_another_list(client: Cloudflare, account: Account):
    groups = group_ids(client, account.id, "AI Gateway Read")
    name = fresh("user")
    made = client.user.tokens.create(name=name, policies=[policy(account.id, groups)])
    assert made.value
    assert made.value.startswith("cfut_")
    assert [one.name for one in client.user.tokens.list()] == [name]
    assert made.id not in {one.id for one in client.accounts.tokens.list(account_id=account.id)}
    assert account.client(token=made.value).user.tokens.verify().status == "active"
    assert client.user.tokens.value.update(made.id) != made.value
    client.user.tokens.delete(made.id)
    assert list(client.user.tokens.list()) == []
