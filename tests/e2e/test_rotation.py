"""A token is rotated: the new one is there before the old one goes, an adopted one too."""

import json
import shutil
from typing import Any

import pytest
from support.cloudflare import Cloudflare, running_cloudflare
from support.project import Project

from gatewright.local import Folder, open_session
from gatewright.local.emulator import ACCOUNT_ID

pytestmark = pytest.mark.e2e

UP = ("local", "up", "--yes", "--skip-preview")
NAME = "gatewright smoke"


def value(project: Project) -> str | None:
    shown = project.gatewright("local", "stack", "output", "--json", "--show-secrets")
    return json.loads(shown.out)["tokens"][NAME].get("value")


def writes(cloudflare: Cloudflare) -> list[tuple[str, str]]:
    """What was done to tokens, in order."""
    return [
        (request["method"], request["path"].rpartition("/")[2])
        for request in cloudflare.requests()
        if "/tokens" in request["path"] and request["method"] != "GET"
    ]


def test_a_rotated_token_is_made_before_the_old_one_goes(project: Project) -> None:
    assert project.gatewright(*UP).code == 0
    with running_cloudflare(project.path) as cloudflare:
        [first] = cloudflare.tokens()
    shutil.rmtree(project.path / ".gatewright/state")
    adopted = "drafts,reviews,support,workers/ask," + f"tokens/{NAME}={first['id']}"
    taken = project.gatewright(*UP, GATEWRIGHT_ADOPT=adopted)
    assert taken.code == 0, taken.text
    assert value(project) is None, "an adopted token has none"

    unknown = project.gatewright("token", "rotate", "gatewright smok")
    assert unknown.code == 2
    assert f"did you mean `{NAME}`?" in unknown.err
    rotated = project.gatewright("token", "rotate", NAME)
    assert rotated.code == 0, rotated.text
    assert rotated.out == "gateways/tokens/smoke.yaml: generation 1 → 2\n"
    pending = project.gatewright("drift", "--local")
    assert f"the next deployment replaces it by `{NAME} #2`" in pending.out

    planned = project.gatewright("deploy", "--local", "--preview")
    assert f"± replace token {NAME}: name (its value changes, and the old one en" in planned.err
    with open_session(project.path, print) as session:
        cloudflare = Cloudflare(session.emulator)
        with (project.path / "up.txt").open("w") as said:
            assert session.stack.run(*UP[1:], output=said) == 0
        assert writes(cloudflare) == [("POST", "tokens"), ("DELETE", first["id"])]
        [second] = cloudflare.tokens()
    assert str(value(project)).startswith("cfat_")
    assert project.gatewright("smoke", "--local").code == 0
    with running_cloudflare(project.path) as cloudflare:
        assert second["name"] == f"{NAME} #2"
        [policy] = second["policies"]
        groups = [group["id"] for group in policy["permission_groups"]]
        assert groups == sorted(groups)
        assert {group["name"] for group in policy["permission_groups"]} == {
            "AI Gateway Run",
            "Workers AI Read",
        }
        cloudflare.call("POST", "tokens", {key: first[key] for key in ("name", "policies")})
    orphaned = project.gatewright("drift", "--local", "--ends-within", "9999")
    assert orphaned.code == 7, orphaned.text
    assert "warning: it ends at 2027-06-30T23:59:59Z" in orphaned.out
    [line] = [line for line in orphaned.out.splitlines() if line.startswith(f"token {NAME}: a c")]
    command = line.partition("`gatewright ")[2].rpartition("`gatewright ")[2].rstrip("`)")
    revoked = project.gatewright(*command.split(), "--local", "--yes")
    assert revoked.code == 0, revoked.text
    assert project.gatewright("drift", "--local", "--ends-within", "0").code == 0
    a_second_one_of_its_name_is_told_from_it_by_the_state(project, second)


def a_second_one_of_its_name_is_told_from_it_by_the_state(
    project: Project, token: dict[str, Any]
) -> None:
    with running_cloudflare(project.path) as cloudflare:
        body = {key: token[key] for key in ("name", "policies")}
        twin = cloudflare.call("POST", "tokens", body)["result"]["id"]
        account = {
            "CLOUDFLARE_ACCOUNT_ID": ACCOUNT_ID,
            "CLOUDFLARE_API_TOKEN": cloudflare.emulator.token_file.read_text().strip(),
            "CLOUDFLARE_BASE_URL": cloudflare.emulator.api_url,
        }
        state = {"PULUMI_BACKEND_URL": Folder(project.path).backend_url}  # and no passphrase
        doubled = project.gatewright("drift", "--stack", "local", **account, **state)
        blind = project.gatewright("drift", "--stack", "nowhere", **account, **state)
    assert doubled.code == 7, doubled.text
    assert f"id {twin}, which is not in this stack's state" in doubled.out
    assert f"`gatewright token revoke {twin}`" in doubled.out
    assert token["id"] not in doubled.out
    assert "warning: the state of stack `nowhere` is not read" in blind.err
    assert f"{token['id']} and {twin}" in blind.out or f"{twin} and {token['id']}" in blind.out
