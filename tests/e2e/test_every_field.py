"""Every field of a gateway, there and gone again: no difference left, no secret in clear."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from secrets import token_hex

import pytest
import yaml
from support.cloudflare import running_cloudflare
from support.project import Done, Project, environment_of

from gatewright.spec.schemas import schema

pytestmark = pytest.mark.e2e

KEY = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n"
BARE = "id: full\nauthentication: true\n"
FULL = (
    BARE
    + """\
cache: {ttl: 1h, invalidate_on_update: true}
rate_limiting: {limit: 100, interval: 1m, technique: sliding}
retries: {max_attempts: 3, delay: 500ms, backoff: exponential}
logs: {collect: false, classification: true, limit: 100000, strategy: DELETE_OLDEST}
logpush: true
logpush_public_key: """
    + json.dumps(KEY)
    + """
zdr: true
byok_only: true
workers_ai_billing_mode: unified
store_id: 023e105f4ecef8ad9ca31a8372d0c353
spend_limits:
  rules:
    - {id: daily, limit: 100, window: 1d, technique: fixed}
    - {limit: 2.5, window: 1h, metadata: {team: partition, plan: [free, trial]}}
    - {limit: 9, window: 1h, model: ["@cf/meta/llama-3.1-8b-instruct"], provider: [workers-ai]}
guardrails:
  prompt: {violent_crimes: BLOCK, S10: FLAG}
  response: {prompt_injection: FLAG}
dlp: {action: FLAG, profiles: [cards, names]}
otel:
  - url: https://collector.example.com/v1/traces
    authorization: {env: OTEL_AUTHORIZATION}
    headers: {x-key: {config: otelKey}}
    content_type: protobuf
stripe:
  authorization: {env: STRIPE_KEY}
  usage_events: [{payload: "{}"}]
"""
)
POLICIES = """\
id: policies
authentication: true
dlp:
  policies: [{id: cards, action: BLOCK, check: [REQUEST, RESPONSE], profiles: [cards]}]
"""
CHANGES = (
    ("limit: 2.5", "limit: 3"),
    ("limit: 9, window", "limit: 9, enabled: false, window"),
    ("S10: FLAG", "hate: BLOCK, privacy: FLAG"),
    ("dlp: {action: FLAG, profiles: [cards, names]}", "dlp: {action: BLOCK, profiles: [cards]}"),
    ("content_type: protobuf", "content_type: json"),
    ("workers_ai_billing_mode: unified\n", ""),
)
#: Objects of their own, and what is told to nobody.
ELSEWHERE = {"routes", "provider_configs", "endpoints", "smoke", "stacks"}
ELSEWHERE |= {"description", "protect", "retain"}
OFF = {
    "byok_only": False,
    "cache_ttl": 0,
    "dlp": None,
    "guardrails": None,
    "log_classification": False,
    "logpush": False,
    "logpush_public_key": None,
    "otel": [],
    "rate_limiting_limit": 0,
    "rate_limiting_technique": "fixed",
    "retry_max_attempts": None,
    "spend_limits": {"enabled": False, "rules": []},
    "stripe": None,
    "workers_ai_billing_mode": "postpaid",
    "zdr": False,
    # Not managed any more: what they were stays.
    "log_management": 100_000,
    "log_management_strategy": "DELETE_OLDEST",
    "store_id": "023e105f4ecef8ad9ca31a8372d0c353",
}


def configure(project: Project, name: str, value: str) -> None:
    """Set a secret of the stack's configuration; the value goes through standard input."""
    subprocess.run(
        [sys.executable, "-m", "gatewright", "local", "config", "set", "--secret", name],
        cwd=project.path,
        env=environment_of(),
        input=value,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )


def only_these(project: Project, **specs: str) -> Path:
    """Gateways of these names and no others, and the shipped token."""
    for shipped in project.path.glob("gateways/*.yaml"):
        shipped.unlink()
    shutil.rmtree(project.path / "gateways" / "workers")
    for name, text in specs.items():
        (project.path / "gateways" / f"{name}.yaml").write_text(text)
    return project.path / "gateways" / "full.yaml"


def settled(project: Project, secrets: dict[str, str], values: list[str]) -> str:
    """Deploy, and see that a refresh finds nothing to do; returns all that was said."""
    steps: list[Done] = [
        project.gatewright("local", "up", "--yes", "--skip-preview", "--diff", **secrets),
        project.gatewright(
            "local", "preview", "--refresh", "--expect-no-changes", "--diff", **secrets
        ),
    ]
    for step in steps:
        assert step.code == 0, step.text
        assert [value for value in values if value in step.text] == []
    return steps[0].text


def test_every_field_is_among_them() -> None:
    assert (
        yaml.load(FULL, yaml.CSafeLoader).keys()
        == schema("gateway")["properties"].keys() - ELSEWHERE
    )


def test_every_field_there_changed_and_gone(project: Project) -> None:
    spec = only_these(project, full=FULL, policies=POLICIES)
    authorization, stripe, header = (f"made-up-{token_hex(12)}" for _ in range(3))
    values = [authorization, stripe, header]
    secrets = {"OTEL_AUTHORIZATION": authorization}

    refused = project.gatewright("local", "up", "--yes", "--skip-preview", **secrets)
    assert refused.code == 1
    assert "the environment variable `STRIPE_KEY` is not set" in refused.text
    assert "pulumi config set --secret gatewright:otelKey" in refused.text
    with running_cloudflare(project.path) as cloudflare:
        assert cloudflare.gateways() == []
        assert cloudflare.tokens() == []

    secrets["STRIPE_KEY"] = stripe
    configure(project, "gatewright:otelKey", header)
    settled(project, secrets, values)
    exported = project.gatewright("local", "stack", "export")
    assert [value for value in values if value in exported.text] == []
    with running_cloudflare(project.path) as cloudflare:
        full = cloudflare.gateway("full")
        [token] = cloudflare.tokens()
    [exporter] = full["otel"]
    assert (exporter["authorization"], exporter["headers"]) == (authorization, {"x-key": header})
    assert full["stripe"] == {"authorization": stripe, "usage_events": [{"payload": "{}"}]}
    ids = [rule["id"] for rule in full["spend_limits"]["rules"]]
    assert len(set(ids)) == 3

    for old, new in CHANGES:
        project.edit("gateways/full.yaml", old, new)
    project.edit("gateways/tokens/smoke.yaml", "expires:", "generation: 2\nexpires:")
    assert "1 replaced" in settled(project, secrets, values)
    with running_cloudflare(project.path) as cloudflare:
        changed = cloudflare.gateway("full")
        [rotated] = cloudflare.tokens()
    assert [rule["id"] for rule in changed["spend_limits"]["rules"]] == ids
    assert changed["spend_limits"]["rules"][1]["limit"] == 3
    assert changed["guardrails"]["prompt"] == {"S1": "BLOCK", "S10": "BLOCK", "S7": "FLAG"}
    assert rotated["id"] != token["id"]
    assert rotated["name"] == "gatewright smoke #2"

    spec.write_text(BARE)
    settled(project, {}, values)
    with running_cloudflare(project.path) as cloudflare:
        assert {name: cloudflare.gateway("full")[name] for name in OFF} == OFF
