"""Clients nobody here wrote, unmodified, against the emulator or, if asked, a real account.

``pytest tests/contract --real-account`` needs ``CLOUDFLARE_ACCOUNT_ID`` and
``CLOUDFLARE_API_TOKEN``. All that it makes has a name of its own and is taken away at
the end; nothing else in the account is changed.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cloudflare import Cloudflare
from contract.account import LEAST, Account, Caller, emulated, fresh, group_ids, policy, real
from support.workerd import workerd

from gatewright import npm
from gatewright.errors import CouldNotRunError
from gatewright.places import home


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--real-account"):
        return
    for item in items:
        marker = item.get_closest_marker("emulator_only")
        if marker is not None:
            item.add_marker(pytest.mark.skip(reason=marker.args[0]))


@pytest.fixture(scope="session")
def account(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Account]:
    if request.config.getoption("--real-account"):
        yield real()
        return
    with emulated(tmp_path_factory.mktemp("contract"), _workerd()) as found:
        yield found


def _workerd() -> Path | None:
    try:
        return npm.fetch(npm.WORKERD, home(), print)
    except CouldNotRunError:
        return None


@pytest.fixture(scope="session")
def runtime(account: Account) -> None:
    """Workers run: on Cloudflare's network, or in workerd on this machine."""
    if account.port is not None:
        workerd()


@pytest.fixture
def client(account: Account) -> Cloudflare:
    """Cloudflare's SDK, which refuses an answer that is not of its types."""
    return account.client()


@pytest.fixture
def gateway_id(account: Account, client: Cloudflare) -> Iterator[str]:
    """A gateway for one test."""
    name = fresh("gateway")
    client.ai_gateway.create(account_id=account.id, id=name, **LEAST)
    yield name
    client.ai_gateway.delete(name, account_id=account.id)


@pytest.fixture(scope="session")
def caller(account: Account) -> Iterator[Caller]:
    """A token that may call models through gateways, and nothing else."""
    client = account.client()
    groups = group_ids(client, account.id, "AI Gateway Run", "Workers AI Read")
    token = client.accounts.tokens.create(
        account_id=account.id,
        name=fresh("caller"),
        policies=[policy(account.id, groups)],
    )
    assert token.id
    assert token.value
    yield Caller(token.id, token.value)
    client.accounts.tokens.delete(token.id, account_id=account.id)
