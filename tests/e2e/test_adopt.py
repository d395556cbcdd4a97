"""From a live account to specs and a state, with nothing changed on the way."""

import re
import shlex
import shutil
from secrets import token_hex

import pytest
from support.cloudflare import Cloudflare, running_cloudflare
from support.project import Project

pytestmark = pytest.mark.e2e

ROUTE = """
routes:
  assistant:
    start: plan
    steps:
      plan: {conditional: {metadata.plan: paid}, then: budget, else: trial}
      budget: {rate: {key: metadata.user, limit: 100, window: 1h}, success: large, fallback: small}
      trial: {percentage: {large: 50, small: 50}}
      large:
        model: "@cf/meta/llama-3.1-8b-instruct"
        provider: workers-ai
        timeout: 30s
        retries: 2
        fallback: small
      small:
        model: "@cf/meta/llama-3.2-1b-instruct"
        provider: workers-ai
        timeout: 10s
        retries: 1
        fallback: end
otel: [{url: https://traces.example.com, authorization: {env: OTEL}}]
provider_configs:
  work: {provider: openai, secret: {env: KEY}, rate_limit: 100}
"""
CUSTOM = (
    "slug: acme\nbase_url: https://acme.example\nheaders: {x-key: {env: HEADER}}\nposition: 3\n"
)
#: As `adopt` calls them, and what they hold.
ADOPTED = {"SUPPORT_OTEL_AUTHORIZATION": "OTEL", "CUSTOM_ACME_X_KEY": "HEADER"}


def test_an_account_is_adopted_and_the_next_preview_is_empty(project: Project) -> None:
    support = project.path / "gateways/support.yaml"
    support.write_text(support.read_text() + ROUTE)
    acme = project.path / "gateways/custom-providers/acme.yaml"
    acme.parent.mkdir()
    acme.write_text(CUSTOM)
    secrets = {name: f"{name}-{token_hex(16)}" for name in ("OTEL", "KEY", "HEADER")}
    up = project.gatewright("local", "up", "--yes", "--skip-preview", **secrets)
    assert up.code == 0, up.text
    with running_cloudflare(project.path) as cloudflare:
        before = _account(cloudflare)
        assert len(before[-1]) == 1
    assert project.gatewright("adopt", "--local").err.endswith(
        "everything in the account is declared\n"
    )

    for path in (".gatewright/state", "gateways"):
        shutil.rmtree(project.path / path)
    (project.path / "gateways").mkdir()
    listed = project.gatewright("adopt", "--local")
    assert listed.out.splitlines() == [
        "custom-provider acme",
        "gateway drafts",
        "gateway reviews",
        "gateway support",
        "token gatewright smoke",
    ]
    assert "not adopted, for Workers have code of their own: `ask`" in listed.err
    adopted = project.gatewright("adopt", "--local", "--all")
    assert adopted.code == 0, adopted.text
    assert "wrote gateways/support.yaml" in adopted.out
    assert project.gatewright("fmt", "--check").code == 0
    assert "and `gatewright local up` once more" in adopted.err
    command = re.search(r"GATEWRIGHT_ADOPT=(.*) gatewright local up\n", adopted.err)
    assert command, adopted.err
    [entries] = shlex.split(command[1])

    assert "set these first, to the values that are in use: " + ", ".join(sorted(ADOPTED)) in (
        adopted.err
    )
    values = {name: secrets[held] for name, held in ADOPTED.items()}
    refused = project.gatewright("local", "up", "--yes", "--skip-preview", **values)
    assert refused.code != 0, "nothing existing is taken over silently"
    adopting = ("deploy", "--local", "--yes", "--no-smoke")
    imported = project.gatewright(*adopting, GATEWRIGHT_ADOPT=entries, **values)
    assert imported.code == 0, imported.text
    for what in ("gateway support", "route support/assistant", "provider key support/work"):
        assert f"= adopt   {what}" in imported.err
    assert "~ update" not in imported.err
    settled = project.gatewright("local", "preview", "--refresh", "--expect-no-changes", **values)
    assert settled.code == 0, settled.text
    state = (project.path / ".gatewright/state/.pulumi/stacks/gatewright/local.json").read_text()
    assert [name for name, value in secrets.items() if value in state] == []
    with running_cloudflare(project.path) as cloudflare:
        assert _account(cloudflare) == before


def _account(cloudflare: Cloudflare) -> tuple[object, object, list[object]]:
    """Gateways, tokens and the versions of the route, of which an edit makes another."""
    return cloudflare.gateways(), cloudflare.tokens(), _versions(cloudflare)


def _versions(cloudflare: Cloudflare) -> list[object]:
    routes = "ai-gateway/gateways/support/routes"
    [route] = cloudflare.call("GET", routes)["data"]["routes"]
    return cloudflare.call("GET", f"{routes}/{route['id']}/versions")["data"]["versions"]


def test_nothing_is_overwritten_and_what_is_not_there_is_named(project: Project) -> None:
    up = project.gatewright("local", "up", "--yes", "--skip-preview")
    assert up.code == 0, up.text
    unknown = project.gatewright("adopt", "--local", "nowhere")
    assert unknown.code == 2
    assert "nothing named `nowhere`" in unknown.err
    project.edit("gateways/support.yaml", "id: support", "id: other")
    text = (project.path / "gateways/support.yaml").read_text()
    clash = project.gatewright("adopt", "--local", "support")
    assert clash.code == 5
    assert "nothing was written" in clash.err
    assert (project.path / "gateways/support.yaml").read_text() == text
