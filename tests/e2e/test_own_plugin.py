"""What our own plugin provisions, with the real engine: routes, provider keys, custom providers."""

import json
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from support.cloudflare import Cloudflare, running_cloudflare
from support.project import Done, Project

pytestmark = pytest.mark.e2e

GATEWAY = """\
id: support
authentication: true
provider_configs:
  work: {provider: openai, secret: {env: OPENAI_KEY}, default: true, rate_limit: 100}
routes:
  assistant:
    start: plan
    steps:
      plan: {conditional: {metadata.plan: paid}, then: large, else: trial}
      trial: {percentage: {large: 10, small: 90}}
      large:
        model: "@cf/meta/llama-3.1-8b-instruct"
        provider: workers-ai
        timeout: 30s
        retries: 2
        fallback: small
      small: {model: gpt-4o-mini, provider: custom-acme, timeout: 10s, retries: 1}
"""
CUSTOM = """\
slug: acme
base_url: https://api.acme.example
description: Acme's models.
headers: {x-acme-key: {env: ACME_KEY}}
"""
TOKEN = """\
name: mine
kind: user
permissions: [AI Gateway Run, Workers AI Read]
expires: 2027-06-30
"""
EDITS = (
    ("gateways/support.yaml", "timeout: 10s", "timeout: 20s"),
    ("gateways/custom-providers/acme.yaml", "Acme's models.", "Their models."),
)
ROUTES = "ai-gateway/gateways/support/routes"
CONFIGS = "ai-gateway/gateways/support/provider_configs"
CUSTOMS = "ai-gateway/custom-providers"


@pytest.fixture
def secrets() -> dict[str, str]:
    """Values by the environment variable that holds them."""
    return {name: f"key-{token_hex(16)}" for name in ("OPENAI_KEY", "ACME_KEY")}


@pytest.fixture
def project(project: Project) -> Project:
    for shipped in project.path.glob("gateways/**/*.yaml"):
        shipped.unlink()
    for name, text in {
        "support": GATEWAY,
        "custom-providers/acme": CUSTOM,
        "tokens/mine": TOKEN,
    }.items():
        path = project.path / "gateways" / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return project


def ran(project: Project, *arguments: str, **environment: str) -> Done:
    done = project.gatewright(*arguments, **environment)
    assert done.code == 0, done.text
    return done


def up(project: Project, **environment: str) -> Done:
    return ran(project, "local", "up", "--yes", "--skip-preview", **environment)


def settled(project: Project, **environment: str) -> None:
    ran(project, "local", "preview", "--refresh", "--expect-no-changes", **environment)


def objects(cloudflare: Cloudflare) -> dict[str, dict[str, Any]]:
    [route] = cloudflare.call("GET", ROUTES)["data"]["routes"]
    [config] = cloudflare.call("GET", CONFIGS)["result"]
    [custom] = cloudflare.call("GET", CUSTOMS)["result"]
    return {"route": route, "config": config, "custom": custom}


def in_clear(values: dict[str, str], *texts: str, folder: Path) -> list[str]:
    """Where a value stands in clear: in what was printed, or in a file of the project."""
    found = [name for text in texts for name, value in values.items() if value in text]
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".sqlite"]
    for path in files:
        content = path.read_bytes()
        found += [str(path) for value in values.values() if value.encode() in content]
    return found


def test_an_edit_changes_the_same_objects_and_drift_is_seen_and_mended(
    project: Project, secrets: dict[str, str]
) -> None:
    first = up(project, **secrets)
    with running_cloudflare(project.path) as cloudflare:
        before = objects(cloudflare)

    for file, old, new in EDITS:
        project.edit(file, old, new)
    rotated = secrets | {"OPENAI_KEY": f"key-{token_hex(16)}"}
    second = ran(project, "local", "up", "--yes", "--skip-preview", "--diff", **rotated)
    for line in ("~ timeout: 10000 => 20000", "~ secret: [secret] => [secret]", "~ description:"):
        assert line in second.out
    assert "~ 3 updated" in second.out
    assert "replaced" not in second.out
    settled(project, **rotated)
    with running_cloudflare(project.path) as cloudflare:
        after = objects(cloudflare)
        assert {k: v["id"] for k, v in after.items()} == {k: v["id"] for k, v in before.items()}
        assert after["route"]["version"]["data"] != before["route"]["version"]["data"]
        assert after["config"]["secret_preview"] != before["config"]["secret_preview"]
        assert after["custom"]["description"] == "Their models."
        # By hand, behind the stack's back.
        cloudflare.call("PATCH", f"{CUSTOMS}/{after['custom']['id']}", {"enable": False})
        cloudflare.call("DELETE", f"{ROUTES}/{after['route']['id']}")

    drift = project.gatewright("drift", "--local")
    assert drift.code == 7, drift.text
    assert "enable: differs" in drift.out
    assert "route support/assistant: missing in the account" in drift.out
    ran(project, "local", "up", "--yes", "--skip-preview", "--refresh", **rotated)
    verified = ran(project, "verify", "--local")
    assert "secret: not returned by the API" in verified.out
    told = (first.text, second.text, drift.text, verified.text)
    assert in_clear(secrets | rotated, *told, folder=project.path) == []

    ran(project, "local", "destroy", "--yes", "--skip-preview")
    with running_cloudflare(project.path) as cloudflare:
        assert cloudflare.gateways() == []
        assert cloudflare.call("GET", CUSTOMS)["result"] == []


def test_what_was_made_by_hand_is_named_and_taken_over(
    project: Project, secrets: dict[str, str]
) -> None:
    with running_cloudflare(project.path) as cloudflare:
        required = {"cache_ttl": 0, "rate_limiting_interval": 0, "rate_limiting_limit": 0}
        flags = {"cache_invalidate_on_update": False, "collect_logs": True}
        cloudflare.call("POST", "ai-gateway/gateways", {"id": "support", **required, **flags})
        start = {"id": "start", "type": "start", "outputs": {"next": {"elementId": "end"}}}
        end = {"id": "end", "type": "end", "outputs": {}}
        cloudflare.call("POST", ROUTES, {"name": "assistant", "elements": [start, end]})
        key = {"alias": "work", "provider_slug": "openai", "default_config": True, "secret": "old"}
        limits = {"rate_limit": 100, "rate_limit_period": 60}
        cloudflare.call("POST", CONFIGS, key | limits)
        made = {"slug": "acme", "name": "By hand", "base_url": "https://hand.example"}
        cloudflare.call("POST", CUSTOMS, made)
        before = objects(cloudflare)

    preview = project.gatewright("local", "preview", **secrets)
    assert preview.code != 0
    names = ["support", "custom-providers/acme"]
    for name in names:
        assert f"GATEWRIGHT_ADOPT={name}`" in preview.text, preview.text
    told = project.gatewright(
        *("deploy", "--local", "--preview", "--json"), GATEWRIGHT_ADOPT=",".join(names), **secrets
    )
    events = [json.loads(line) for line in told.out.splitlines()]
    inside = {each["key"]: each for each in events if each["event"] == "problem"}
    spec = (project.path / "gateways/support.yaml").read_text().splitlines()
    for name in ("assistant", "work"):
        problem = inside[f"support/{name}"]
        assert problem["said"].startswith(("dynamic route", "provider config")), problem
        assert problem["file"] == "gateways/support.yaml", problem
        assert spec[problem["line"] - 1].startswith(f"  {name}:"), problem
    names += ["support/routes/assistant", "support/provider_configs/openai/work"]
    up(project, GATEWRIGHT_ADOPT=",".join(names), **secrets)
    settled(project, **secrets)
    with running_cloudflare(project.path) as cloudflare:
        after = objects(cloudflare)
    assert {k: v["id"] for k, v in after.items()} == {k: v["id"] for k, v in before.items()}
    assert after["custom"]["base_url"] == "https://api.acme.example"
    assert len(after["route"]["version"]["data"]) > len(before["route"]["version"]["data"])


def test_what_leaves_guardrails_or_dlp_is_warned_of_and_deploy_gets_it_through(
    project: Project,
) -> None:
    for declared in project.path.glob("gateways/**/*.yaml"):
        declared.unlink()
    spec = project.path / "gateways" / "support.yaml"
    kept = """\
id: support
authentication: true
logs: {limit: 20000}
otel: [{url: "https://traces.example.com", authorization: {env: OTEL}}]
"""
    secret = {"OTEL": f"key-{token_hex(16)}"}
    spec.write_text(
        f"{kept}guardrails: {{prompt: {{hate: BLOCK, privacy: FLAG}}}}\n"
        "dlp: {action: FLAG, profiles: [cards]}\n"
    )
    assert "is sent as null" not in up(project, **secret).text

    policy = "{id: cards, action: BLOCK, check: [REQUEST], profiles: [cards]}"
    spec.write_text(
        f"{kept.replace('logs: {limit: 20000}', 'zdr: true')}"
        f"guardrails: {{prompt: {{hate: BLOCK}}}}\ndlp: {{policies: [{policy}]}}\n"
    )
    refused = project.gatewright("local", "up", "--yes", "--skip-preview", **secret)
    assert refused.code != 0
    assert "`dlp.action`, `dlp.profiles`, `guardrails.prompt.s7` is sent as null" in refused.text
    assert "7001" in refused.text
    deployed = ran(project, "deploy", "--local", "--no-smoke", **secret)
    assert "is sent as null" not in deployed.text
    assert "~ update  gateway support: dlp, guardrails, zdr" in deployed.err
    with running_cloudflare(project.path) as cloudflare:
        held = cloudflare.gateway("support")
    assert held["guardrails"]["prompt"] == {"S10": "BLOCK"}
    assert held["dlp"]["policies"][0]["action"] == "BLOCK"
    assert (held["zdr"], held["log_management"]) == (True, 20_000)
    assert held["otel"][0]["authorization"] == secret["OTEL"]
    settled(project, **secret)
    told = (refused.text, deployed.text)
    assert in_clear(secret, *told, folder=project.path) == []
