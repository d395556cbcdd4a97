"""The main job with the real engine: up, smoke, no-op, change, destroy."""

import json
import re

import pytest
from support.cloudflare import running_cloudflare
from support.project import Project

pytestmark = pytest.mark.e2e

INLINE = "cache: {ttl: 1h, invalidate_on_update: true}\n"
#: What Cloudflare's API wants of each gateway.
REQUIRED = {
    "cache_ttl": 0,
    "cache_invalidate_on_update": False,
    "collect_logs": True,
    "rate_limiting_interval": 0,
    "rate_limiting_limit": 0,
}


def all_passed(text: str) -> bool:
    return re.search(r"^(\d+) checks: \1 passed;", text, re.MULTILINE) is not None


def test_the_life_of_the_shipped_gateways(project: Project) -> None:
    first = project.gatewright("demo")
    assert first.code == 0, first.text
    assert "10 created" in first.text
    assert all_passed(first.text)
    assert "what now exists" in first.text

    # What the shell has for Cloudflare itself is not for the local one.
    second = project.gatewright("demo", GATEWRIGHT_TOKEN="real-" + "g" * 40)
    assert second.code == 0, second.text
    assert "10 unchanged" in second.text
    assert " created" not in second.text
    assert all_passed(second.text)

    # Another file name, another order, the policy inline: no logical name depends on them.
    support = project.path / "gateways/support.yaml"
    text = support.read_text()
    first_line, ident, *rest = text.replace("cache: answers\n", INLINE).splitlines(keepends=True)
    assert ident == "id: support\n"
    (project.path / "gateways/renamed.yaml").write_text("".join([first_line, *rest, ident]))
    support.unlink()
    clean = project.gatewright("local", "preview", "--refresh", "--expect-no-changes")
    assert clean.code == 0, clean.text
    (project.path / "gateways/renamed.yaml").unlink()
    support.write_text(text)

    verified = project.gatewright("verify", "--local")
    assert verified.code == 0, verified.text
    assert "5 objects, 0 not as declared" in verified.out

    project.edit("gateways/cache-policies/answers.yaml", "ttl: 1h", "ttl: 2h")
    with running_cloudflare(project.path) as cloudflare:
        cloudflare.call("POST", "ai-gateway/gateways", {"id": "default", **REQUIRED})
    drifted = project.gatewright("drift", "--local")
    assert drifted.code == 7
    assert "gateway default: in the account only (made by Cloudflare at the first" in drifted.out
    assert "cache_ttl: differs: declared `7200`, found `3600`" in drifted.out
    diff = project.gatewright("local", "preview", "--diff")
    assert "cacheTtl" in diff.text
    changed = project.gatewright("local", "up", "--yes")
    assert changed.code == 0, changed.text
    assert "1 updated" in changed.text
    with running_cloudflare(project.path) as cloudflare:
        assert cloudflare.gateway("support")["cache_ttl"] == 7200
        there = {row["id"] for row in cloudflare.gateways()}
        assert there == {"default", "drafts", "reviews", "support"}
    checked = project.gatewright("smoke", "--local")
    assert checked.code == 0, checked.text

    destroyed = project.gatewright("local", "destroy", "--yes")
    assert destroyed.code == 0, destroyed.text
    with running_cloudflare(project.path) as cloudflare:
        assert [row["id"] for row in cloudflare.gateways()] == ["default"]
        assert cloudflare.tokens() == []


def test_smoke_takes_the_outputs_from_a_file_and_from_standard_input(project: Project) -> None:
    assert project.gatewright("local", "up", "--yes", "--skip-preview").code == 0
    hidden = project.gatewright("local", "stack", "output", "--json")
    (project.path / "outputs.json").write_text(hidden.out)
    refused = project.gatewright("smoke", "--outputs", "outputs.json")
    assert refused.code == 8
    assert "--show-secrets" in refused.err

    shown = project.gatewright("local", "stack", "output", "--json", "--show-secrets")
    outputs = json.loads(shown.out)
    secret = outputs["tokens"]["gatewright smoke"]["value"]
    local = project.path / ".gatewright"
    written = [path for path in local.rglob("*") if path.is_file()]
    assert any("state" in path.parts for path in written)
    assert [path for path in written if secret.encode() in path.read_bytes()] == []
    (project.path / "outputs.json").write_text(shown.out)
    with running_cloudflare(project.path):
        checked = project.gatewright("smoke", "--outputs", "outputs.json")
    assert checked.code == 0, checked.text
    assert secret not in checked.text

    unreachable = project.gatewright("smoke", "--outputs", "outputs.json", "--deadline", "0")
    assert unreachable.code == 8, unreachable.text
    assert secret not in unreachable.text
    assert "network" in unreachable.text
