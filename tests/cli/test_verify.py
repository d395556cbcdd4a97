"""`verify` against an account that only the environment names."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.cloudflare import running_cloudflare
from support.project import Project, make_project

from gatewright import spec
from gatewright.local.emulator import ACCOUNT_ID
from gatewright.model.wire import gateway_object


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = make_project(tmp_path / "project")
    support = project.path / "gateways" / "support.yaml"
    support.write_text(support.read_text() + "\nstacks: {prod: {rate_limiting: {limit: 1000}}}\n")
    return project


def test_a_stack_is_compared_with_its_own_differences(project: Project) -> None:
    deployment = spec.load(project.path, stack="prod").deployment
    assert deployment is not None
    with running_cloudflare(project.path) as cloudflare:
        token = cloudflare.emulator.token_file.read_text().strip()
        for gateway in deployment.gateways:
            httpx.post(
                f"{cloudflare.emulator.api_url}/accounts/{ACCOUNT_ID}/ai-gateway/gateways",
                json=gateway_object(gateway),
                headers={"Authorization": f"Bearer {token}"},
            ).raise_for_status()
        environment = {
            "CLOUDFLARE_ACCOUNT_ID": ACCOUNT_ID,
            "CLOUDFLARE_API_TOKEN": token,
            "CLOUDFLARE_BASE_URL": cloudflare.emulator.api_url,
        }
        prod = project.gatewright("verify", "--stack", "prod", "--json", **environment)
        base = project.gatewright("verify", "--json", **environment)
        token_only = {"CLOUDFLARE_API_TOKEN": token}
        nowhere = project.gatewright("verify", "--stack", "prod", **token_only)
        (project.path / "Pulumi.prod.yaml").write_text(
            f"config:\n  gatewright:accountId: {ACCOUNT_ID}\n"
            f"  gatewright:apiUrl: {cloudflare.emulator.api_url}\n"
        )
        # Bad weather for a moment: reads are asked for again.
        for path in ("/gateways$", "/tokens$"):
            cloudflare.fault(method="GET", path=path, status=500)
        configured = project.gatewright("verify", "--stack", "prod", "--json", **token_only)
        refused = project.gatewright(
            "verify", **environment | {"CLOUDFLARE_API_TOKEN": "cfat_" + "x" * 40}
        )
    assert differing(prod.out) == ["ask", "gatewright smoke"]  # these were not made
    assert nowhere.code == 2
    assert "CLOUDFLARE_ACCOUNT_ID is not set" in nowhere.err
    assert configured.out == prod.out
    assert differing(base.out) == ["support", "ask", "gatewright smoke"]
    assert (prod.code, base.code) == (7, 7)
    assert token not in prod.text + base.text
    assert refused.code == 4
    assert "hint: `gatewright doctor` says what the token lacks" in refused.err
    assert "x" * 40 not in refused.text


def differing(report: str) -> list[Any]:
    return [reading["key"] for reading in json.loads(report)["readings"] if reading["differs"]]


def test_an_account_that_does_not_answer_is_a_sentence(project: Project) -> None:
    done = project.gatewright(
        "verify",
        CLOUDFLARE_ACCOUNT_ID=ACCOUNT_ID,
        CLOUDFLARE_API_TOKEN="cfat_" + "x" * 40,
        CLOUDFLARE_BASE_URL="http://127.0.0.1:9/client/v4",
    )
    assert done.code == 8
    assert "no answer" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("token", ["cfat_xxxxxxxxx\n", "cfat_xxxxxxxxx y", "cfat_xxxxxxxxxä"])
@pytest.mark.parametrize(
    "command",
    [
        ("verify",),
        ("drift",),
        ("adopt",),
        ("doctor",),
        ("token", "revoke", "0", "--yes"),
        ("deploy", "--stack", "prod"),
    ],
    ids=" ".join,
)
def test_a_token_that_can_be_none_is_a_sentence(
    project: Project, command: tuple[str, ...], token: str
) -> None:
    done = project.gatewright(
        *command,
        CLOUDFLARE_ACCOUNT_ID=ACCOUNT_ID,
        CLOUDFLARE_API_TOKEN=token,
        CLOUDFLARE_BASE_URL="http://127.0.0.1:9/client/v4",
        GATEWRIGHT_GATEWAY_URL="http://127.0.0.1:9/v1",
    )
    assert done.code == (8 if command == ("doctor",) else 4), done.text
    said = " ".join(done.text.split())
    assert "CLOUDFLARE_API_TOKEN has characters that no token has" in said
    assert "x" * 9 not in done.text
