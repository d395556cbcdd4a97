"""The distribution is built once; each part of it is for several tests."""

from pathlib import Path

import pytest
from support.wheel import Machine, build, lent


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The sdist, and the wheel that is built from it."""
    wheel, sdist = build(tmp_path_factory.mktemp("built"))
    return [sdist, wheel]


@pytest.fixture(scope="session")
def sdist(built: list[Path]) -> Path:
    return built[0]


@pytest.fixture(scope="session")
def wheel(built: list[Path]) -> Path:
    return built[1]


@pytest.fixture(scope="session")
def dependencies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lent(tmp_path_factory.mktemp("lent"))


@pytest.fixture(scope="session")
def machine(wheel: Path, dependencies: Path, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return Machine(tmp_path_factory.mktemp("machine"), wheel, dependencies)
