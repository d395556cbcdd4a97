import os
from pathlib import Path

from gatewright.engine import Engine, Origin, find, home
from gatewright.engine.found import LANGUAGE_HOST

ENGINE = Engine(Path("/e/bin/pulumi"), "3.259.0", Origin.GO_BUILD, (Path("/e/bin"),))
BIN = Path("/project/.venv/bin")


def test_the_environment_is_the_base_with_python_and_the_engine_first_on_path():
    base = {"PATH": "/usr/bin:/e/bin::/bin", "HOME": "/h"}
    environment = ENGINE.environment(base, python_bin=BIN, backend="file:///state")

    assert environment == {
        "HOME": "/h",
        "PATH": "/project/.venv/bin:/e/bin:/usr/bin:/bin",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PULUMI_BACKEND_URL": "file:///state",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    assert base == {"PATH": "/usr/bin:/e/bin::/bin", "HOME": "/h"}


def test_the_users_own_backend_and_pulumi_home_are_left_alone_unless_told():
    base = {"PULUMI_BACKEND_URL": "s3://theirs", "PULUMI_HOME": "/theirs"}
    theirs = ENGINE.environment(base, python_bin=BIN, backend=None)
    ours = ENGINE.environment(
        base, python_bin=BIN, backend="file:///state", pulumi_home=Path("/ours")
    )

    names = ("PULUMI_BACKEND_URL", "PULUMI_HOME")
    assert [theirs[name] for name in names] == ["s3://theirs", "/theirs"]
    assert [ours[name] for name in names] == ["file:///state", "/ours"]


def test_plugin_folders_come_before_the_users_path():
    base = {"PATH": "/usr/bin"}
    environment = ENGINE.environment(
        base, python_bin=BIN, backend=None, plugin_path=[Path("/plugins")]
    )
    assert environment["PATH"] == "/project/.venv/bin:/e/bin:/plugins:/usr/bin"


def test_variables_are_what_the_environment_adds():
    base = {"PATH": "/usr/bin", "HOME": "/h"}
    variables = ENGINE.variables(base, python_bin=BIN, backend=None)
    assert "HOME" not in variables
    assert {**base, **variables} == ENGINE.environment(base, python_bin=BIN, backend=None)


def test_a_relative_folder_of_python_becomes_absolute():
    environment = ENGINE.environment({}, python_bin=Path(".venv/bin"), backend=None)
    assert environment["PATH"].split(os.pathsep)[0] == str(Path.cwd() / ".venv/bin")


def test_the_description_names_version_origin_and_folder():
    assert ENGINE.description == "pulumi 3.259.0, built from Go modules, in `/e/bin`"


def test_find_looks_at_this_process(machine, monkeypatch):
    machine.pulumi()
    machine.program(LANGUAGE_HOST)
    monkeypatch.setenv("PATH", str(machine.bin))
    monkeypatch.setenv("FAKE", str(machine.root))
    monkeypatch.setenv("GATEWRIGHT_HOME", str(machine.home))

    assert find(say=machine.say) == find(say=machine.say, home=home())
    assert machine.lines[0].startswith("engine: pulumi")
