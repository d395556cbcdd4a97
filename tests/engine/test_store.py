import os
import shutil

import pytest

from gatewright.engine import Origin, recipe


@pytest.fixture
def built(machine):
    machine.go()
    return machine.search()


def test_the_second_run_starts_no_program(machine, built):
    calls = len(machine.go_calls()), len(machine.pulumi_calls())
    machine.lines.clear()

    assert machine.search() == built
    assert (len(machine.go_calls()), len(machine.pulumi_calls())) == calls
    assert machine.lines == [f"engine: {built.description}"]


def test_a_copy_with_new_times_is_asked_and_kept(machine, built):
    os.utime(built.executable, (1, 1))
    go, pulumi = len(machine.go_calls()), len(machine.pulumi_calls())

    assert machine.search() == built
    assert (len(machine.go_calls()), len(machine.pulumi_calls())) == (go, pulumi + 1)


def _longer(folder):
    with (folder / "bin" / "pulumi").open("a") as file:
        file.write("# tampered with\n")


def _other_version(folder):
    text = (folder / "bin" / "pulumi").read_text()
    (folder / "bin" / "pulumi").write_text(text.replace("3.259.0", "3.259.1"))


@pytest.mark.parametrize(
    "spoil",
    [
        _longer,
        _other_version,
        lambda folder: (folder / "bin" / "pulumi-language-python").unlink(),
        lambda folder: (folder / "bin" / "added").touch(),
        lambda folder: (folder / "manifest.json").unlink(),
        lambda folder: (folder / "manifest.json").write_text("{"),
        lambda folder: (folder / "manifest.json").write_text("[]"),
        lambda folder: (folder / "manifest.json").write_text('{"pulumi": 1}'),
        lambda folder: shutil.rmtree(folder / "bin"),
    ],
)
def test_a_spoilt_engine_is_made_anew(machine, built, spoil):
    spoil(built.executable.parent.parent)
    calls = len(machine.go_calls())

    assert machine.search() == built
    assert len(machine.go_calls()) == 2 * calls
    assert machine.search() == built
    assert len(machine.go_calls()) == 2 * calls


def test_changed_module_files_make_a_new_build(machine, built, monkeypatch, tmp_path):
    copy = shutil.copytree(recipe._MODULES, tmp_path / "modules")
    monkeypatch.setattr(recipe, "_MODULES", copy)
    assert machine.search() == built

    with (copy / "engine" / "go.sum").open("a") as file:
        file.write("example.com/m v1.0.0/go.mod h1:x=\n")
    again = machine.search()

    assert again.origin is Origin.GO_BUILD
    assert again.executable != built.executable
    assert built.executable.exists()
