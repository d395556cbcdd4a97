"""The examples of Cloudflare's page on Workers AI through a gateway, run as a reader would.

Only the host, the two ids and the token are replaced.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cloudflare import Cloudflare
from contract.account import Account, Caller, eventually, fresh, group_ids, policy
from contract.wrangler import project, required, wrangler

pytestmark = [
    pytest.mark.contract,
    pytest.mark.emulator_only("the page's way puts the token among curl's arguments"),
]

PAGE = Path(__file__).with_name("seed_page")


@pytest.fixture
def reader(client: Cloudflare, account: Account) -> Iterator[Caller]:
    """ "First, generate an API token with `Workers AI Read` access"."""
    groups = group_ids(client, account.id, "Workers AI Read")
    made = client.accounts.tokens.create(
        account_id=account.id, name=fresh("reader"), policies=[policy(account.id, groups)]
    )
    yield Caller(made.id or "", made.value or "")
    client.accounts.tokens.delete(made.id or "", account_id=account.id)


def run(example: str, account: Account, gateway_id: str, reader: Caller) -> Any:
    """What the example prints; a shell and curl do the work."""
    text = (PAGE / f"{example}.sh").read_text()
    replaced = (
        ("https://gateway.ai.cloudflare.com/v1", account.gateway_url),
        ("{account_id}", account.id),
        ("{gateway_id}", gateway_id),
        ("{cf_api_token}", reader.value),
    )
    for old, new in replaced:
        assert text.count(old) == 1
        text = text.replace(old, new)
    done = subprocess.run(
        ["bash"],
        input=text,
        env=os.environ | {"NO_PROXY": "*"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_token_holds_what_the_page_asks_for(account: Account, reader: Caller):
    found = account.client(token=reader.value).accounts.tokens.verify(account_id=account.id)
    assert found.status == "active"


@pytest.mark.proves("calls.native")
def test_the_native_llama_example(account: Account, gateway_id: str, reader: Caller):
    answer = run("llama", account, gateway_id, reader)
    assert answer["success"] is True
    assert answer["errors"] == []
    assert answer["result"]["response"]


def test_the_native_classification_example(account: Account, gateway_id: str, reader: Caller):
    answer = run("classification", account, gateway_id, reader)
    assert answer["success"] is True
    scores = {one["label"]: one["score"] for one in answer["result"]}
    assert set(scores) == {"NEGATIVE", "POSITIVE"}
    assert sum(scores.values()) == pytest.approx(1)


@pytest.mark.proves("calls.chat")
def test_the_openai_compatible_example(account: Account, gateway_id: str, reader: Caller):
    answer = run("openai", account, gateway_id, reader)
    assert answer["object"] == "chat.completion"
    assert answer["choices"][0]["message"]["content"]
    assert "success" not in answer


@pytest.mark.usefixtures("runtime")
def test_the_worker_example(client: Cloudflare, account: Account, gateway_id: str, tmp_path: Path):
    """wrangler strips the types, and workerd runs what is left."""
    required()
    text = (PAGE / "worker.ts").read_text()
    assert text.count("{gateway_id}") == 1
    name = fresh("seed")
    folder = project(tmp_path / "worker", name, text.replace("{gateway_id}", gateway_id))
    done = wrangler(folder, account, "deploy")
    assert done.returncode == 0, done.stderr
    try:
        answer = httpx.get(account.worker(name), timeout=60)
        assert answer.status_code == 200
        assert answer.json()["response"]
        again = httpx.get(account.worker(name), timeout=60)
        assert again.json() == answer.json()
        # `cacheTtl: 3360` holds though the gateway itself keeps nothing.
        rows = models_and_cached(account, gateway_id)
        assert rows == [("@cf/meta/llama-3.1-8b-instruct", cached) for cached in (True, False)]
    finally:
        client.workers.scripts.delete(name, account_id=account.id, force=True)


def models_and_cached(account: Account, gateway_id: str) -> list[tuple[str, bool]]:
    """The gateway's log, newest first, once both calls are in it."""
    logs = account.client(strict=False).ai_gateway.logs

    def both() -> list[tuple[str, bool]]:
        rows = [(row.model, row.cached) for row in logs.list(gateway_id, account_id=account.id)]
        if len(rows) < 2:
            raise LookupError(rows)
        return rows

    return eventually(both, LookupError)


def test_an_example_with_a_wrong_token_is_refused(account: Account, gateway_id: str):
    answer = run("llama", account, gateway_id, Caller("", "wrong"))
    assert [error["code"] for error in answer["errors"]] == [10000]
