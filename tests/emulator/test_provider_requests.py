"""What the official Pulumi provider sends is taken, and answered as it needs it.

The requests are recorded facts about that provider (releases on the Terraform
provider's 5.19.1 and 5.22.0).
"""

import json
from pathlib import Path

import pytest
from emulator.peer import ACCOUNT, GROUPS, Peer

REQUESTS = json.loads(Path(__file__).with_name("provider_requests.json").read_text())
# Computed attributes that the provider takes from an answer.
COMPUTED = {"created_at", "modified_at", "is_default"}


@pytest.mark.proves("gateways.put-as-sent")
def test_gateways_from_create_to_destroy(peer: Peer):
    for one in REQUESTS:
        path = "/ai-gateway/gateways"
        if one["method"] == "PUT":
            path = f"{path}/{one['id']}"
        answer = peer.result(one["method"], path, one["body"])
        expected = {name: value for name, value in one["body"].items() if value is not None}
        expected |= one.get("answer", {})
        assert {name: answer[name] for name in expected} == expected, one["name"]
        assert set(answer) >= COMPUTED | {"log_management", "spend_limits", "guardrails"}
        assert peer.result("GET", f"/ai-gateway/gateways/{one['id']}") == answer
    for gateway_id in ("edge", "min", "full", "policies", "guarded", "budget"):
        peer.result("DELETE", f"/ai-gateway/gateways/{gateway_id}")
    assert peer.result("GET", "/ai-gateway/gateways") == []


@pytest.mark.proves("tokens.name-filter")
def test_a_permission_group_by_its_twice_encoded_name(peer: Peer):
    path = "/tokens/permission_groups?name=Workers%2520AI%2520Read"
    found = {one["name"]: one["id"] for one in peer.result("GET", path)}
    assert found["Workers AI Read"] == GROUPS["Workers AI Read"]


def test_a_token_whose_groups_change_keeps_id_and_value(peer: Peer):
    body = {
        "name": "smoke",
        "policies": [
            {
                "effect": "allow",
                "permission_groups": [
                    {"id": GROUPS["AI Gateway Run"]},
                    {"id": GROUPS["Workers AI Read"]},
                ],
                "resources": {f"com.cloudflare.api.account.{ACCOUNT}": "*"},
            }
        ],
    }
    made = peer.result("POST", "/tokens", body)
    assert made["value"]
    del body["policies"][0]["permission_groups"][0]
    changed = peer.result("PUT", f"/tokens/{made['id']}", body)
    assert changed["id"] == made["id"]
    assert "value" not in changed
    read = peer.result("GET", f"/tokens/{made['id']}")
    assert [group["id"] for group in read["policies"][0]["permission_groups"]] == [
        GROUPS["Workers AI Read"]
    ]
    peer.gateway("edge")
    assert peer.ask(made["value"]).status_code == 200
    assert peer.result("DELETE", f"/tokens/{made['id']}") == {"id": made["id"]}
