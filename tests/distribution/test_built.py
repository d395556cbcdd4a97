"""What is in the sdist and in the wheel, and that both can be used."""

import hashlib
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from support.project import ROOT
from support.wheel import Machine, build

from gatewright import __version__


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as opened:
        return set(opened.namelist())


@pytest.fixture(scope="module")
def metadata(wheel: Path):
    with zipfile.ZipFile(wheel) as opened:
        text = opened.read(f"gatewright-{__version__}.dist-info/METADATA").decode()
    return Parser().parsestr(text)


def test_the_wheel_has_the_package_and_nothing_beside_it(names: set[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    assert tops == {"gatewright", f"gatewright-{__version__}.dist-info"}
    assert [name for name in names if "test" in name.split("/")[-1]] == []


def test_the_wheel_has_what_is_no_code(names: set[str]) -> None:
    own = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "gatewright").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    schemas = [f"gatewright/schemas/{path.name}" for path in (ROOT / "schemas").iterdir()]
    copied = "gatewright/scaffold/templates/own"
    launcher = f"{copied}/plugin/pulumi-resource-gatewright"
    assert set(own) | set(schemas) | {f"{copied}/__main__.py", launcher} == {
        name for name in names if name.startswith("gatewright/")
    }
    assert "gatewright/py.typed" in names


def test_the_wheel_says_what_it_is(metadata) -> None:
    assert metadata["Version"] == __version__
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata.get_all("License-File") == ["LICENSE"]
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata.get_all("Provides-Extra") == ["local"]
    assert metadata.get_payload() == (ROOT / "README.md").read_text()


def test_there_is_no_second_place_with_the_version() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    assert 'dynamic = ["version"]' in text
    assert __version__ not in text


def test_the_same_again_is_the_same_file(wheel: Path, tmp_path: Path) -> None:
    """From the repository as from the sdist: nothing is missing in that, and nothing is random."""
    (again,) = build(tmp_path, "--wheel")
    assert digest(again) == digest(wheel)


def test_the_sdist_has_the_tests_and_what_they_read(sdist: Path) -> None:
    with tarfile.open(sdist) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}
    for name in ("LICENSE", "requirements.lock", "action.yml", "docs/ci.md", "tests/conftest.py"):
        assert name in names
    assert not any(name.split("/")[0] in {".venv", ".gatewright", "dist"} for name in names)
    assert not any("node_modules" in name for name in names)


def test_an_environment_has_all_that_the_wheel_and_its_extra_ask_for(machine: Machine) -> None:
    done = machine.run("python", "-m", "pip", "check")
    assert done.code == 0, done.text
    where = machine.run(
        "python", "-c", "import gatewright; print(gatewright.__file__)", cwd=Path("/")
    )
    assert where.out.startswith(str(machine.environment))


def test_its_commands_start(machine: Machine) -> None:
    assert machine.run("gatewright", "--version").out.split()[1] == __version__
    assert (machine.environment / "bin" / "pulumi-resource-gatewright").is_file()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
