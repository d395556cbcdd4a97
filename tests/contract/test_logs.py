"""Logs with Cloudflare's SDK for Python.

The SDK's types call ``metadata`` a string; a live account was seen to send an object, and
so does the emulator: the client here is not strict. Accounts of late 2026 have no such
logs at all.
"""

from typing import Any

import cloudflare
import openai
import pytest
from cloudflare import Cloudflare
from contract.account import LLAMA, Account, Caller, eventually
from openai import OpenAI

pytestmark = pytest.mark.contract

EMBEDDER = "@cf/baai/bge-m3"


class NotYetError(Exception):
    """The logs of the calls can't be read yet."""


@pytest.fixture
def client(account: Account) -> Cloudflare:
    return account.client(strict=False)


@pytest.fixture
def called(client: Cloudflare, account: Account, gateway_id: str, caller: Caller) -> dict[str, str]:
    """A gateway whose log has a chat and an embedding."""
    sdk = OpenAI(
        api_key=caller.value,
        base_url=f"{account.gateway(gateway_id)}/workers-ai/v1",
        default_headers={"cf-aig-metadata": '{"team": "docs"}'},
    )
    asked = [{"role": "user", "content": "What is Cloudflare?"}]
    eventually(
        lambda: sdk.chat.completions.create(model=LLAMA, messages=asked, max_tokens=16),
        openai.AuthenticationError,
    )
    sdk.embeddings.create(model=EMBEDDER, input="one")

    def both() -> None:
        if len(list(client.ai_gateway.logs.list(gateway_id, account_id=account.id))) < 2:
            raise NotYetError

    eventually(both, NotYetError)
    return {"account_id": account.id, "gateway_id": gateway_id}


def models(client: Cloudflare, called: dict[str, str], **query: Any) -> list[str]:
    listed = client.ai_gateway.logs.list(
        called["gateway_id"], account_id=called["account_id"], **query
    )
    return [entry.model for entry in listed]


def test_logs_are_listed_ordered_and_filtered(client: Cloudflare, called: dict[str, str]):
    newest_first = models(client, called)
    assert newest_first == [EMBEDDER, LLAMA]
    oldest_first = models(client, called, order_by="created_at", order_by_direction="asc")
    assert oldest_first == newest_first[::-1]
    assert models(client, called, per_page=1) == newest_first
    assert models(client, called, model=LLAMA) == [LLAMA]
    assert models(client, called, success=False) == []


@pytest.mark.emulator_only("whether Cloudflare takes the SDK's form of `filters` is not known")
def test_logs_are_filtered_in_the_sdks_own_form(client: Cloudflare, called: dict[str, str]):
    one = {"key": "model", "operator": "eq", "value": [EMBEDDER]}
    assert models(client, called, filters=[one]) == [EMBEDDER]


@pytest.mark.proves("logs.page")
def test_a_page_of_logs_has_at_most_50(client: Cloudflare, account: Account, gateway_id: str):
    with pytest.raises(cloudflare.BadRequestError):
        client.ai_gateway.logs.list(gateway_id, account_id=account.id, per_page=51)


@pytest.mark.proves("logs.metadata")
def test_a_log_is_read_with_its_bodies(client: Cloudflare, called: dict[str, str]):
    logs = client.ai_gateway.logs
    listed = logs.list(called["gateway_id"], account_id=called["account_id"], model=LLAMA)
    (row,) = listed.result
    entry = logs.get(row.id, **called)
    assert (entry.provider, entry.model, entry.success) == ("workers-ai", LLAMA, True)
    assert entry.tokens_out
    assert not entry.cached
    assert entry.metadata == {"team": "docs"}
    assert logs.request(row.id, **called)["model"] == LLAMA
    assert logs.response(row.id, **called)["choices"]


def test_a_log_takes_feedback(client: Cloudflare, called: dict[str, str]):
    logs = client.ai_gateway.logs
    row = logs.list(called["gateway_id"], account_id=called["account_id"]).result[0]
    logs.edit(row.id, feedback=1, score=90, metadata={"reviewed": True}, **called)
    assert models(client, called, feedback=1) == [row.model]
    assert logs.get(row.id, **called).metadata == {"reviewed": True}
    with pytest.raises(cloudflare.BadRequestError):
        logs.edit(row.id, feedback=2, **called)


@pytest.mark.emulator_only("whether Cloudflare takes the SDK's form of `filters` is not known")
def test_logs_are_deleted_by_filter(client: Cloudflare, called: dict[str, str]):
    one = {"key": "model", "operator": "eq", "value": [EMBEDDER]}
    done = client.ai_gateway.logs.delete(
        called["gateway_id"], account_id=called["account_id"], filters=[one]
    )
    assert done.success is True
    assert models(client, called) == [LLAMA]
