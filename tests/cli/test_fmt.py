"""`gatewright fmt`, as processes see it."""

import io
import stat
import sys
from pathlib import Path

import pytest

from gatewright.cli import boundary
from gatewright.errors import ExitCode
from gatewright.spec import layout
from gatewright.spec.layout import project, proof
from gatewright.spec.layout.project import State

IN_FORM = "id: support\nauthentication: true\n"
# An end of line that is not Unix's is part of the form too.
OUT_OF_FORM = "authentication: true # yes\r\nid: 'support'\r\n"
FORMATTED = "id: support\nauthentication: true # yes\n"
BROKEN = 'id: "support\n'


@pytest.fixture
def run(tmp_path, monkeypatch, capfdbinary):
    """Run `gatewright fmt` in a project: `run({"support.yaml": text}, "--check")`."""

    def call(files, *arguments, stdin=None):
        for name, text in files.items():
            path = tmp_path / "gateways" / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode())
        monkeypatch.chdir(tmp_path)
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = boundary.run(["fmt", *arguments])
        said = capfdbinary.readouterr()
        return code, said.out.decode(), said.err.decode()

    call.text = lambda name: (tmp_path / "gateways" / name).read_bytes().decode()
    call.root = tmp_path
    return call


def test_files_are_written_in_form(run):
    code, out, err = run({"support.yaml": OUT_OF_FORM, "b.yaml": "id: b\nauthentication: true\n"})
    assert (code, out) == (0, "formatted gateways/support.yaml\n")
    assert err == "1 file formatted, 1 in form\n"
    assert run.text("support.yaml") == FORMATTED
    assert run({})[1:] == ("", "0 files formatted, 2 in form\n")


def test_paths_narrow_it(run):
    files = {"support.yaml": OUT_OF_FORM, "b.yaml": OUT_OF_FORM.replace("support", "b")}
    assert run(files, "gateways/b.yaml")[1] == "formatted gateways/b.yaml\n"
    assert run.text("support.yaml") == OUT_OF_FORM
    assert run({}, "elsewhere.yaml")[0] == ExitCode.USAGE


@pytest.mark.parametrize(
    ("arguments", "code"), [(["--check"], 3), (["--diff"], 0), (["--check", "--diff"], 3)]
)
def test_check_and_diff_change_nothing(run, arguments, code):
    assert run({"support.yaml": OUT_OF_FORM}, *arguments)[0] == code
    assert run.text("support.yaml") == OUT_OF_FORM
    assert run({"support.yaml": FORMATTED}, *arguments)[:2] == (0, "")


def test_check_names_the_files(run):
    _, out, err = run({"support.yaml": OUT_OF_FORM}, "--check")
    assert out == "would format gateways/support.yaml\n"
    assert err == "1 file to format, 0 in form\n"


def test_diff_shows_the_lines(run):
    _, out, _ = run({"support.yaml": OUT_OF_FORM}, "--diff")
    assert out == (
        "--- gateways/support.yaml\n+++ gateways/support.yaml (formatted)\n@@ -1,2 +1,2 @@\n"
        "+id: support\n authentication: true # yes\n-id: 'support'\n"
    )


def test_diff_shows_no_secret(run):
    secret = "s3cr3t-value"
    text = f"authentication: true\nid: support\nstripe: {{authorization: {secret}}}\n"
    code, out, err = run({"support.yaml": text}, "--diff")
    assert "stripe: {authorization: ••••" in out
    assert secret not in out + err
    assert code == 0


def test_a_broken_file_is_left_and_the_others_are_not(run):
    code, out, err = run({"support.yaml": OUT_OF_FORM, "b.yaml": BROKEN})
    assert code == ExitCode.FINDINGS
    assert out == "formatted gateways/support.yaml\n"
    assert "gateways/b.yaml:1:5: error yaml-syntax: this quote is never closed\n" in err
    assert err.endswith("1 file formatted, 0 in form, 1 left as they are\n")
    assert run.text("b.yaml") == BROKEN


def test_a_secret_that_is_no_yaml_is_reported_and_not_shown(run):
    text = "authentication: true\nid: support\nstripe: {authorization: @s3cr3t}\n"
    code, out, err = run({"support.yaml": text})
    assert code == ExitCode.FINDINGS
    assert "gateways/support.yaml:3:25: error literal-secret: " in err
    assert "s3cr3t" not in out + err
    assert err.endswith("0 files formatted, 0 in form, 1 left as they are\n")


def test_standard_input_is_printed_in_form(run):
    arguments = ["-", "--stdin-filename", "gateways/support.yaml"]
    assert run({"support.yaml": IN_FORM}, *arguments, stdin=OUT_OF_FORM) == (0, FORMATTED, "")
    assert run.text("support.yaml") == IN_FORM
    assert run({}, *arguments, stdin=FORMATTED) == (0, FORMATTED, "")
    assert run({}, *arguments, "--check", stdin=OUT_OF_FORM) == (3, "", "")
    assert run({}, *arguments, "--diff", stdin=OUT_OF_FORM)[1].startswith("--- gateways/support")


def test_standard_input_that_is_broken_comes_back(run):
    arguments = ["-", "--stdin-filename", "gateways/support.yaml"]
    code, out, err = run({"support.yaml": IN_FORM}, *arguments, stdin=BROKEN)
    assert (code, out) == (3, BROKEN)
    assert "yaml-syntax" in err


def test_standard_input_needs_no_project(run):
    arguments = ["-", "--stdin-filename", "gateways/tokens/new.yaml"]
    text = "expires: 2027-06-30\nname: new\n"
    assert run({}, *arguments, stdin=text)[1] == "name: new\nexpires: 2027-06-30\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-"], "standard input has no name"),
        (["--stdin-filename", "gateways/a.yaml"], "go together"),
        (["-", "a", "--stdin-filename", "gateways/a.yaml"], "go together"),
        (["-", "--stdin-filename", "a.yaml"], "is no spec of this project"),
        (["-", "--stdin-filename", "gateways/a.txt"], "is no spec of this project"),
    ],
)
def test_wrong_usage(run, arguments, said):
    code, out, err = run({"support.yaml": IN_FORM}, *arguments, stdin="")
    assert (code, out) == (ExitCode.USAGE, "")
    assert said in err


def test_a_file_keeps_its_permissions_and_a_link_its_target(run):
    run({"support.yaml": OUT_OF_FORM}, "--check")
    target = run.root / "real.yaml"
    link = run.root / "gateways" / "support.yaml"
    link.rename(target)
    target.chmod(0o640)
    link.symlink_to(target)
    assert run({})[0] == 0
    assert link.is_symlink()
    assert target.read_text("utf-8") == FORMATTED
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert list(link.parent.iterdir()) == [link]


def test_a_file_that_changed_meanwhile_is_left(run, monkeypatch):
    real = project.write

    def changed_first(outcome):
        Path(outcome.file.path).write_text(IN_FORM + "zdr: true\n", encoding="utf-8")
        real(outcome)

    monkeypatch.setattr("gatewright.cli.fmt.write", changed_first)
    code, _, err = run({"support.yaml": OUT_OF_FORM})
    assert code == ExitCode.COULD_NOT_RUN
    assert "was changed by somebody else meanwhile" in err
    assert run.text("support.yaml") == IN_FORM + "zdr: true\n"


@pytest.mark.parametrize("wrong", ["id: support\nauthentication: false # yes\n", IN_FORM, BROKEN])
def test_what_is_not_proved_is_not_written(run, monkeypatch, wrong):
    monkeypatch.setattr(layout, "formatted", lambda *_, **__: wrong)
    code, out, err = run({"support.yaml": OUT_OF_FORM})
    assert (code, out) == (ExitCode.FINDINGS, "")
    assert "left as it is: it is not sure to mean the same afterwards\nhint: " in err
    assert run.text("support.yaml") == OUT_OF_FORM


def test_the_deployment_is_part_of_the_proof(run, monkeypatch):
    """Each file alone, too: one that is not proved does not keep the others from it."""
    real = layout.formatted
    monkeypatch.setattr(proof, "is_same_value", lambda *_: True)
    monkeypatch.setattr(
        layout, "formatted", lambda *a, **k: real(*a, **k).replace("60000", "70000")
    )
    changed = "authentication: true\nid: b\nlogs: {limit: 60000}\n"
    code, out, _ = run({"support.yaml": OUT_OF_FORM, "b.yaml": changed})
    assert (code, out) == (ExitCode.FINDINGS, "formatted gateways/support.yaml\n")
    assert run.text("b.yaml") == changed


def test_a_stack_is_part_of_the_proof(run, monkeypatch):
    real = layout.formatted
    monkeypatch.setattr(proof, "is_same_value", lambda *_: True)
    monkeypatch.setattr(
        layout, "formatted", lambda *a, **k: real(*a, **k).replace("60000", "70000")
    )
    changed = "authentication: true\nid: b\nstacks: {prod: {logs: {limit: 60000}}}\n"
    run({"b.yaml": changed})
    assert project.outcomes(run.root)[0].state is State.UNPROVED
