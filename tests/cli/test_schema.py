"""`gatewright schema`."""

import json

import pytest
from jsonschema import Draft202012Validator

from gatewright import spec
from gatewright.cli import boundary
from gatewright.errors import ExitCode
from gatewright.spec import schemas

NAMES = {*schemas.texts(), "smoke-report"}


@pytest.fixture
def run(capsys):
    def call(*arguments):
        code = boundary.run(["schema", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.mark.parametrize("name", sorted(NAMES))
def test_each_is_printed_as_it_is_and_is_a_schema(run, name):
    code, out, _ = run(name)
    assert code == 0
    content = json.loads(out)
    Draft202012Validator.check_schema(content)
    assert content["$id"] == f"{name}.schema.json"
    assert schemas.texts().get(name, out) == out


def test_the_list_has_each_with_its_description(run):
    _, out, _ = run("--list")
    lines = dict(line.split("  ", 1) for line in out.splitlines())
    assert set(lines) == NAMES > {*spec.KINDS, "settings", "gateway-defaults"}
    assert all(said.strip().endswith(".") for said in lines.values())


def test_all_are_written_to_a_folder(run, tmp_path):
    folder = tmp_path / "new" / "schemas"
    code, out, err = run("--write", str(folder))
    assert (code, out, err) == (0, "", f"wrote {len(NAMES)} schemas to {folder}\n")
    assert {path.name for path in folder.iterdir()} == {f"{name}.schema.json" for name in NAMES}
    assert (folder / "gateway.schema.json").read_text("utf-8") == schemas.texts()["gateway"]


def test_a_folder_that_cannot_be_written(run, tmp_path):
    (tmp_path / "file").touch()
    code, _, err = run("--write", str(tmp_path / "file" / "schemas"))
    assert code == ExitCode.COULD_NOT_RUN
    assert err.startswith("error: cannot write ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "say one of NAME, `--list` and `--write FOLDER`"),
        (["gateway", "--list"], "say one of NAME"),
        (["gatewey"], "hint: did you mean `gateway`?"),
        (["nothing-like-it"], "hint: `gatewright schema --list` shows them"),
    ],
)
def test_wrong_usage(run, arguments, said):
    code, out, err = run(*arguments)
    assert (code, out) == (ExitCode.USAGE, "")
    assert said in err
