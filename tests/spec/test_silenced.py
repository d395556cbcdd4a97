"""A rule that is silenced hides a finding, never a gateway: what is not deployed is deleted."""

from pathlib import Path

import pytest

from gatewright import spec

OPEN = (
    "id: open\nauthentication: false\nlogs: {collect: false}\nbyok_only: true\nstore_id: "
    + "a" * 32
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "gateways").mkdir()
    (tmp_path / "gateways" / "open.yaml").write_text(OPEN + "\n")
    return tmp_path


def test_an_error_stops_the_deployment(project: Path) -> None:
    loaded = spec.load(project)
    assert [found.rule for found in loaded.findings] == ["open-keys"]
    assert loaded.deployment is None


@pytest.mark.parametrize("severity", ["ignore", "warning"])
def test_an_error_silenced_in_the_settings_keeps_its_gateway(project: Path, severity: str) -> None:
    (project / "gatewright.yaml").write_text(f"rules: {{open-keys: {severity}}}\n")
    deployment = spec.load(project).deployment
    assert deployment is not None
    assert [gateway.id for gateway in deployment.gateways] == ["open"]


def test_an_error_ignored_by_a_comment_keeps_its_gateway(project: Path) -> None:
    text = OPEN.replace(
        "authentication: false",
        "authentication: false # gatewright: ignore[open-keys] a demonstration without keys",
    )
    (project / "gateways" / "open.yaml").write_text(text + "\n")
    loaded = spec.load(project)
    assert loaded.deployment is not None, spec.report.text(loaded)
    assert [gateway.id for gateway in loaded.deployment.gateways] == ["open"]
