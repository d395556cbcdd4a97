"""The repository's own `__main__.py` with the shipped specs: types, names, outputs."""

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest
from support.recorder import Recorder

ROOT = Path(__file__).parents[2]
STATE_KEYS = Path(__file__).with_name("state_keys.txt")

Record = Callable[[Callable[[], None]], Recorder]


def run_root(project: Path = ROOT) -> None:
    runpy.run_path(str(project / "__main__.py"))


def test_state_keys_are_frozen(record: Record) -> None:
    """A changed line here is a deletion and a new URL or a new secret for every user."""
    recorder = record(run_root)
    keys = sorted(f"{args.typ} {args.name}" for args in recorder.resources)
    assert keys == STATE_KEYS.read_text().splitlines()


def test_outputs_have_the_agreed_shape_and_token_values_are_secret(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported: dict[str, Any] = {}
    monkeypatch.setattr(pulumi, "export", exported.__setitem__)
    secret: list[bool] = []

    def program() -> Any:
        run_root()
        flags = [token["value"].is_secret() for token in exported["tokens"].values()]
        return pulumi.Output.all(*flags).apply(secret.extend)

    record(program)
    assert set(exported) == {"gateways", "tokens", "worker", "gatewright"}
    for gateway_id, urls in exported["gateways"].items():
        assert set(urls) == {"url", "openaiUrl", "compatUrl"}
        assert urls["url"].endswith(f"/{gateway_id}")
    assert exported["worker"] == {"ask": {"url": "http://127.0.0.1:1/workers.dev/ask/"}}
    assert secret == [True] * len(exported["tokens"])
    assert secret
    assert set(exported["gatewright"]) == {"stack", "version", "revision", "checksum"}


def test_findings_stop_the_program_with_the_report_of_validate(
    record: Record, tmp_path: Path
) -> None:
    (tmp_path / "__main__.py").write_text((ROOT / "__main__.py").read_text())
    (tmp_path / "gateways").mkdir()
    (tmp_path / "gateways" / "a.yaml").write_text("id: a\nautentication: true\n")
    with pytest.raises(pulumi.RunError) as refused:
        record(lambda: run_root(tmp_path))
    assert "gateways/a.yaml:2:1: error unknown-key" in str(refused.value)


def test_an_emptied_folder_is_warned_of_before_all_is_deleted(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", said.append)
    (tmp_path / "__main__.py").write_text((ROOT / "__main__.py").read_text())
    (tmp_path / "gateways").mkdir()
    record(lambda: run_root(tmp_path))
    assert "warning nothing-declared" in "".join(said)


def test_a_missing_folder_is_a_sentence(record: Record, tmp_path: Path) -> None:
    (tmp_path / "__main__.py").write_text((ROOT / "__main__.py").read_text())
    with pytest.raises(pulumi.RunError, match="there is no folder `gateways`"):
        record(lambda: run_root(tmp_path))


def test_the_program_deploys_what_the_specs_say_for_its_stack(
    record: Record, tmp_path: Path
) -> None:
    (tmp_path / "__main__.py").write_text((ROOT / "__main__.py").read_text())
    (tmp_path / "gateways").mkdir()
    (tmp_path / "gateways" / "a.yaml").write_text(
        "id: a\nauthentication: true\nstacks: {test: {cache: {ttl: 2h}}, other: {zdr: true}}\n"
    )
    recorder = record(lambda: run_root(tmp_path))
    sent = [args.inputs for args in recorder.resources if args.typ.endswith(":AiGateway")]
    assert [(inputs["cacheTtl"], inputs["zdr"]) for inputs in sent] == [(7200, False)]


def test_the_program_is_small() -> None:
    assert len((ROOT / "__main__.py").read_text().splitlines()) <= 15
