"""`gatewright validate` and `gatewright explain`, as processes see them."""

import io
import json
import sys

import pytest

from gatewright import spec
from gatewright.cli import boundary
from gatewright.errors import ExitCode

SOUND = "id: support\nauthentication: true\n"
WARNED = "id: support\nauthentication: false\n"
WRONG = "id: support\nautentication: true\n"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run a command in a project with one gateway: `run(text, "validate", …)`."""

    def call(text, *arguments, stdin=None):
        path = tmp_path / "gateways" / "support.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = boundary.run(list(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    call.root = tmp_path
    return call


@pytest.mark.parametrize("form", spec.report.FORMATS)
@pytest.mark.parametrize(("text", "code"), [(SOUND, 0), (WARNED, 0), (WRONG, ExitCode.FINDINGS)])
def test_the_exit_code_is_the_same_in_each_form(run, form, text, code):
    assert run(text, "validate", "--format", form)[0] == code


def test_text_names_the_rule_to_explain(run):
    _, out, err = run(WRONG, "validate")
    assert out.endswith("1 error in 1 file\n")
    assert err == "`gatewright explain unknown-key` says why that matters\n"


def test_nothing_but_the_report_is_on_standard_output(run):
    _, out, err = run(WRONG, "validate", "--format", "json")
    assert json.loads(out)["summary"]["errors"] == 1
    assert err == ""


def test_output_is_written_to_a_file(run):
    code, out, err = run(WRONG, "validate", "--format", "sarif", "--output", "found.sarif")
    written = json.loads((run.root / "found.sarif").read_text("utf-8"))
    assert (code, out, err) == (3, "", "wrote found.sarif\n")
    assert len(written["runs"][0]["results"]) == 1


def test_output_that_cannot_be_written(run):
    code, _, err = run(SOUND, "validate", "--output", "no/such/folder")
    assert code == ExitCode.COULD_NOT_RUN
    assert err.startswith("error: cannot write `no/such/folder`: No such file")


def test_file_names_are_as_seen_from_the_current_folder(run, monkeypatch):
    run(WRONG, "validate")
    inner = run.root / "inner"
    inner.mkdir()
    arguments = ["validate", "--project", str(run.root), "--format", "github"]
    real = monkeypatch.chdir
    monkeypatch.setattr(monkeypatch, "chdir", lambda _: real(inner))
    assert "file=../gateways/support.yaml," in run(WRONG, *arguments)[1]


def test_standard_input_takes_the_place_of_the_file(run):
    code, out, _ = run(SOUND, "validate", "-", "--kind", "gateway", stdin=WRONG)
    assert code == ExitCode.FINDINGS
    assert out.startswith("<stdin>:2:1: error unknown-key: ")
    code, out, _ = run(WRONG, "validate", "-", "--kind", "gateway", stdin=SOUND)
    assert (code, out) == (0, "1 file, no findings\n")


def test_standard_input_sees_the_rest_of_the_project(run):
    text = "id: new\nauthentication: true\ncache: answers\n"
    code, out, _ = run(SOUND, "validate", "-", "--kind", "gateway", stdin=text)
    assert code == ExitCode.FINDINGS
    assert "unknown-cache-policy" in out


def test_standard_input_needs_no_project(run, tmp_path):
    text = "id: new\nauthentication: true\ncache: answers\n"
    empty = tmp_path / "empty"
    empty.mkdir()
    arguments = ["validate", "-", "--kind", "gateway", "--project", str(empty)]
    assert run(SOUND, *arguments, stdin=text)[:2] == (0, "1 file, no findings\n")


def test_standard_input_is_read_no_further_than_the_bound(run):
    text = SOUND + "#" * spec.files.LARGEST
    code, out, _ = run(SOUND, "validate", "-", "--kind", "gateway", stdin=text)
    assert (code, "file-too-large" in out) == (ExitCode.FINDINGS, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-"], "standard input has no name"),
        (["-", "gateways/support.yaml", "--kind", "gateway"], "`-` cannot stand beside files"),
        (["--kind", "gateway"], "`--kind` is for standard input"),
        (["elsewhere.yaml"], "is no spec of this project"),
        (["--format", "xml"], "`xml` is not one of"),
    ],
)
def test_wrong_usage(run, arguments, said):
    code, out, err = run(SOUND, "validate", *arguments, stdin="")
    assert (code, out) == (ExitCode.USAGE, "")
    assert said in err


def test_a_stack(run):
    text = SOUND + "stacks:\n  prod: {logs: {colect: true}}\n"
    assert run(text, "validate")[0] == ExitCode.FINDINGS
    assert run(text, "validate", "--stack", "prod")[0] == ExitCode.FINDINGS
    assert run(text, "validate", "--stack", "dev")[0] == ExitCode.OK


def test_a_stack_that_no_file_names(run):
    text = SOUND + "stacks:\n  prod: {logpush: true}\n"
    code, _, err = run(text, "validate", "--stack", "pord")
    assert code == ExitCode.OK
    assert err == (
        "warning: no file names the stack `pord`, so it has no differences\n"
        "hint: did you mean `prod`?\n"
    )
    assert run(text, "validate", "--stack", "prod")[2] == ""
    assert run(SOUND, "validate", "--stack", "prod")[2] == ""


@pytest.mark.parametrize("name", ["", "pr od", "prod/", "prod\n", "ü", "a" * 101])
def test_a_name_that_no_stack_can_have(run, name):
    code, out, err = run(SOUND, "validate", "--stack", name)
    assert (code, out) == (ExitCode.USAGE, "")
    assert "no Pulumi stack can have the name" in err
    assert "hint: letters, digits" in err


def test_explain_a_rule(run):
    code, out, _ = run(SOUND, "explain", "open-logs")
    assert code == 0
    assert out.startswith("open-logs\n\n**warning, adjustable**: ")


def test_explain_lists_the_rules(run):
    _, out, _ = run(SOUND, "explain")
    assert [line.split()[0] for line in out.splitlines()] == list(spec.RULES)


def test_explain_says_what_was_probably_meant(run):
    code, _, err = run(SOUND, "explain", "open-logz")
    assert code == ExitCode.USAGE
    assert err == "error: there is no rule `open-logz`\nhint: did you mean `open-logs`?\n"


def test_the_help_has_its_examples_on_lines_of_their_own(run):
    for verb in ("validate", "explain"):
        assert f"Examples:\n    gatewright {verb}\n" in run(SOUND, verb, "--help")[1]
