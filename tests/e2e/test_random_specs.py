"""No perpetual difference: over random valid specs a refresh after `up` finds nothing to do."""

from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from support import specs
from support.project import Project

from gatewright.local import open_session

pytestmark = pytest.mark.e2e

GATEWAYS = 110
OTHERS = 10
#: All that a batch needs, in one stack: the engine's and the program's start cost most.
OPTIONS = ("--quota", "off", "--api-limit", "off")


def drawn(strategy: SearchStrategy[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """The first ``count`` that the strategy gives, the same in each run."""
    found: list[dict[str, Any]] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(data: dict[str, Any]) -> None:
        found.append(data)

    collect()
    return found


def with_key(value: Any) -> Any:
    """Every secret from the one environment variable `KEY`: one value is enough here."""
    if isinstance(value, list):
        return [with_key(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"config"} and isinstance(value["config"], str):
        return {"env": "KEY"}
    return {name: with_key(item) for name, item in value.items()}


def numbered(rows: list[dict[str, Any]], key: str, folder: str = "") -> Iterator[tuple[str, Any]]:
    for number, row in enumerate(rows):
        name = f"{key[0]}{number}"
        yield f"{folder}{name}.yaml", with_key(row | {key: name})


def random_project() -> dict[str, Any]:
    custom = dict(numbered(drawn(specs.CUSTOM_PROVIDER, OTHERS), "slug", "custom-providers/"))
    slugs = [each["slug"] for each in custom.values()]
    # A token that has expired is refused by Cloudflare, whatever the spec's schema says.
    tokens = [
        row | ({"expires": "2090-01-01"} if "expires" in row else {})
        for row in drawn(specs.TOKEN, OTHERS)
    ]
    return {
        **dict(numbered(drawn(specs.gateways(slugs), GATEWAYS), "id")),
        **custom,
        **dict(numbered(tokens, "name", "tokens/")),
    }


def test_a_refresh_finds_nothing_to_do(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    for shipped in project.path.glob("gateways/**/*.yaml"):
        shipped.unlink()
    declared = random_project()
    assert sum("/" not in name for name in declared) >= 100
    specs.write(project.path, declared)
    monkeypatch.setenv("KEY", f"key-{token_hex(16)}")
    with open_session(project.path, print, emulator_options=OPTIONS) as session:
        assert run(session.stack, "up", "--yes", "--skip-preview") == ""
        clean = ("preview", "--refresh", "--expect-no-changes", "--diff")
        assert run(session.stack, *clean) == ""
    verified = project.gatewright("verify", "--local")
    assert verified.code == 0, differing(verified.out)


def run(stack: Any, *arguments: str) -> str:
    """Nothing if it went well, else the end of what was said."""
    said = Path(stack.project) / "said.txt"
    with said.open("w") as output:
        code = stack.run(*arguments, output=output)
    return "" if code == 0 else said.read_text()[-6000:]


def differing(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if "differs" in line or "missing" in line)
