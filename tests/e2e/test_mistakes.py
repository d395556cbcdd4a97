"""A mistake in a spec: told once, the same by `validate` and by `pulumi up`; nothing is made."""

import json

import pytest
from support.cloudflare import running_cloudflare
from support.project import Project

pytestmark = pytest.mark.e2e

BROKEN = {
    "typo": (
        "gateways/typo.yaml",
        "id: typo\nautentication: true\n",
        "gateways/typo.yaml:2:1: error unknown-key",
    ),
    "unknown-policy": (
        "gateways/lost.yaml",
        "id: lost\nauthentication: true\ncache: anwsers\n",
        "gateways/lost.yaml:3:8: error unknown-cache-policy",
    ),
    "same-id": (
        "gateways/twin.yaml",
        "authentication: true\nid: support\n",
        "gateways/twin.yaml:2:5: error duplicate-id",
    ),
    "duplicate-key": (
        "gateways/again.yaml",
        "id: again\nauthentication: true\nid: again\n",
        "gateways/again.yaml:3:1: error duplicate-key",
    ),
    "not-yaml": (
        "gateways/torn.yaml",
        "id: torn\nauthentication: [true\n",
        "gateways/torn.yaml:2:17: error yaml-syntax",
    ),
}


def test_every_mistake_is_told_and_nothing_is_registered(project: Project) -> None:
    for file, text, _ in BROKEN.values():
        (project.path / file).write_text(text)
    checked = project.gatewright("validate")
    assert checked.code == 3
    for _, _, said in BROKEN.values():
        assert said in checked.out

    up = project.gatewright("local", "up", "--yes", "--skip-preview", "--color", "never")
    assert up.code == 1, up.text
    told = [line for line in checked.out.splitlines() if ": error " in line]
    assert [line for line in told if line not in up.text] == []
    state = json.loads(project.gatewright("local", "stack", "export").out)
    resources = state["deployment"].get("resources", [])
    assert [entry["type"] for entry in resources if "pulumi:" not in entry["type"]] == []
    with running_cloudflare(project.path) as cloudflare:
        assert cloudflare.gateways() == []
        assert cloudflare.tokens() == []
