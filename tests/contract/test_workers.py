"""Workers: uploaded with Cloudflare's SDK and by wrangler, run in workerd.

On a real account a new address on workers.dev may take a while.
"""

from collections.abc import Iterator
from pathlib import Path

import cloudflare
import httpx
import pytest
from cloudflare import Cloudflare
from contract.account import LLAMA, Account, eventually, fresh
from contract.wrangler import project, required, wrangler

pytestmark = pytest.mark.contract

HELLO = "export default { async fetch() { return new Response('hello'); } };\n"
ASK = """
export default {
  async fetch(request, env) {
    const options = { gateway: { id: "GATEWAY", cacheTtl: 120, metadata: { team: "docs" } } };
    const inputs = { prompt: "What is Cloudflare?", max_tokens: 16 };
    const answer = await env.AI.run("MODEL", inputs, options);
    return Response.json({ answer, log: env.AI.aiGatewayLogId });
  },
};
"""


@pytest.fixture
def name(client: Cloudflare, account: Account) -> Iterator[str]:
    """The name of a Worker, which is taken away where the test made one."""
    found = fresh("worker")
    yield found
    try:
        client.workers.scripts.delete(found, account_id=account.id, force=True)
    except cloudflare.NotFoundError:
        return


def upload(client: Cloudflare, account: Account, name: str, code: str) -> None:
    client.workers.scripts.update(
        name,
        account_id=account.id,
        metadata={
            "main_module": "worker.js",
            "compatibility_date": "2026-02-01",
            "bindings": [{"type": "ai", "name": "AI"}],
        },
        files=[("worker.js", code.encode(), "application/javascript+module")],
    )


def get(url: str) -> httpx.Response:
    """What a Worker answers, once it has its address."""

    def attempt() -> httpx.Response:
        answer = httpx.get(url, timeout=60)
        answer.raise_for_status()
        return answer

    return eventually(attempt, (httpx.HTTPStatusError, httpx.ConnectError))


def test_a_script_is_uploaded_and_read_back(client: Cloudflare, account: Account, name: str):
    """Settings have a `placement` that is empty, without which the Terraform provider
    crashes, and which the SDK's types do not know: that answer is read leniently.
    """
    upload(client, account, name, HELLO)
    scripts = client.workers.scripts
    assert name in {script.id for script in scripts.list(account_id=account.id)}
    settings = scripts.settings.get(name, account_id=account.id)
    assert settings.logpush is False
    lenient = account.client(strict=False).workers.scripts.script_and_version_settings
    bindings = lenient.get(name, account_id=account.id).bindings
    assert [(one.type, one.name) for one in bindings or ()] == [("ai", "AI")]
    scripts.delete(name, account_id=account.id)
    with pytest.raises(cloudflare.NotFoundError) as caught:
        scripts.settings.get(name, account_id=account.id)
    assert [error.code for error in caught.value.errors] == [10007]


def test_an_address_is_given_and_taken(client: Cloudflare, account: Account, name: str):
    upload(client, account, name, HELLO)
    subdomain = client.workers.scripts.subdomain
    assert subdomain.create(name, account_id=account.id, enabled=True).enabled is True
    assert subdomain.get(name, account_id=account.id).enabled is True
    assert client.workers.subdomains.get(account_id=account.id).subdomain
    assert subdomain.delete(name, account_id=account.id).enabled is False


@pytest.mark.usefixtures("runtime")
@pytest.mark.proves("workers.binding")
def test_the_binding_asks_through_the_gateway(
    client: Cloudflare, account: Account, gateway_id: str, name: str
):
    upload(client, account, name, ASK.replace("GATEWAY", gateway_id).replace("MODEL", LLAMA))
    client.workers.scripts.subdomain.create(name, account_id=account.id, enabled=True)
    said = get(account.worker(name)).json()
    assert said["answer"]["response"]
    assert said["log"]

    def entry():
        return account.client(strict=False).ai_gateway.logs.get(
            said["log"], account_id=account.id, gateway_id=gateway_id
        )

    found = eventually(entry, cloudflare.NotFoundError)
    assert (found.provider, found.model) == ("workers-ai", LLAMA)
    assert found.metadata == {"team": "docs"}


@pytest.mark.usefixtures("runtime")
@pytest.mark.proves("workers.wrangler")
def test_wrangler_deploys_and_deploys_again(
    client: Cloudflare, account: Account, name: str, tmp_path: Path
):
    required()
    folder = project(tmp_path / "worker", name, HELLO, "worker.js")
    first = wrangler(folder, account, "deploy")
    assert first.returncode == 0, first.stderr
    assert "env.AI" in first.stdout
    assert get(account.worker(name)).text == "hello"
    project(folder, name, HELLO.replace("hello", "hello again"), "worker.js")
    second = wrangler(folder, account, "deploy")
    assert second.returncode == 0, second.stderr
    assert version_in(first.stdout) != version_in(second.stdout)
    if account.port is not None:  # elsewhere the new version needs a moment to be everywhere
        assert get(account.worker(name)).text == "hello again"
    # The SDK looks for `items` where wrangler needs `deployments`.
    listed = client.workers.scripts.deployments.list(name, account_id=account.id).result.to_dict()
    assert listed["deployments"][0]["versions"][0]["version_id"] == version_in(second.stdout)


def version_in(output: str) -> str:
    return output.partition("Current Version ID: ")[2].split()[0]


def test_wrangler_tells_a_wrong_token(account: Account, name: str, tmp_path: Path):
    required()
    folder = project(tmp_path / "worker", name, HELLO, "worker.js")
    done = wrangler(folder, account, "deploy", token="cfat_" + "x" * 48)
    assert done.returncode == 1
    assert "code: 10000" in done.stderr
