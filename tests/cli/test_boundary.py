"""Every outcome is an exit code and a sentence; nothing a user does ends in a traceback."""

import re
import socket
import subprocess
import sys
from pathlib import Path

import click
import click.testing
import pytest
from support.project import Project, environment_of, make_project

from gatewright.cli import boundary
from gatewright.cli.verbs import VERBS
from gatewright.errors import (
    CouldNotRunError,
    CredentialsError,
    ExitCode,
    FindingsError,
    GatewrightError,
    RefusedError,
    UsageError,
)

# What an ordinary `--help` may not wait for.
HEAVY = {"httpx", "jsonschema", "pulumi", "pulumi_cloudflare", "starlette", "uvicorn", "yaml"}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path / "project")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (GatewrightError("x"), 1),
        (UsageError("x"), 2),
        (FindingsError("x"), 3),
        (CredentialsError("x"), 4),
        (RefusedError("x"), 5),
        (CouldNotRunError("x"), 8),
        (click.Abort(), 130),
        (KeyboardInterrupt(), 130),
        (ZeroDivisionError(), 1),
    ],
)
def test_each_error_has_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise error

    monkeypatch.setattr(boundary.cli, "main", fail)
    assert boundary.run([]) == code


def test_every_exit_code_has_a_meaning() -> None:
    assert all(code.meaning for code in ExitCode)


def test_an_unexpected_error_becomes_a_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise ZeroDivisionError("what happened")

    monkeypatch.setattr(boundary.cli, "main", fail)
    boundary.run([])
    said = capsys.readouterr().err
    assert "our mistake, not yours" in said
    assert "ZeroDivisionError: what happened" in said


def test_a_mistyped_verb_is_answered_with_the_nearest(project: Project) -> None:
    done = project.gatewright("valdiate")
    assert done.code == 2
    assert "did you mean `validate`?" in done.err


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("smoke", "--lokal"), "did you mean `--local`?"),
        (("token", "rotat"), "did you mean `rotate`?"),
        (("validate", "--format", "jsn"), "did you mean `json`?"),
        (("explain", "unknown-keys"), "did you mean `unknown-key`?"),
        (("smoke", "--bogus-option"), "`gatewright smoke --help` shows what it takes"),
        (("smoke",), "`gatewright smoke --help` has examples"),
        (("-q", "-v", "validate"), "leave one of them out"),
    ],
)
def test_wrong_usage_has_a_next_step(
    project: Project, arguments: tuple[str, ...], hint: str
) -> None:
    done = project.gatewright(*arguments)
    assert done.code == 2
    assert f"hint: {hint}" in done.err
    assert done.out == ""


def _paths(command: click.Command, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The verb and all verbs below it."""
    below = getattr(command, "commands", {})
    return [path, *(deep for name, each in below.items() for deep in _paths(each, (*path, name)))]


def _all_verbs() -> list[tuple[str, ...]]:
    context = click.Context(boundary.cli)
    verbs = {name: boundary.cli.get_command(context, name) for name in VERBS}
    return [path for name, command in verbs.items() if command for path in _paths(command, (name,))]


@pytest.mark.parametrize("path", _all_verbs(), ids=" ".join)
def test_every_verb_has_help_with_an_example(path: tuple[str, ...]) -> None:
    done = click.testing.CliRunner().invoke(boundary.cli, [*path, "--help"], prog_name="gatewright")
    verb = " ".join(path)
    assert done.exit_code == 0
    assert done.output.startswith(f"Usage: gatewright {verb} ")
    assert re.search(
        rf"^  Examples?:\n(    .*\n)*?    .*gatewright {verb}", done.output, re.MULTILINE
    )
    assert "--quiet" in done.output
    assert "--verbose" in done.output
    assert "\\b" not in done.output
    assert [line for line in done.output.splitlines() if len(line) > 80] == []
    assert "..." not in done.output.partition("Commands:")[2], "a summary is cut"


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys; from gatewright.cli.boundary import run; "
        "run(['--help']); print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment_of(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert HEAVY & set(done.stderr.split()) == set()


def test_smoke_wants_to_know_what_to_check(project: Project) -> None:
    done = project.gatewright("smoke")
    assert done.code == 2
    assert "--local" in done.err


def test_outputs_that_are_not_json_are_refused_with_the_command_that_makes_them(
    project: Project,
) -> None:
    (project.path / "outputs.json").write_text("nothing")
    done = project.gatewright("smoke", "--outputs", "outputs.json")
    assert done.code == 8
    assert "pulumi stack output --json --show-secrets" in done.err


def test_validate_exits_with_3_on_an_error_and_names_the_place(project: Project) -> None:
    assert project.gatewright("validate").code == 0
    project.edit("gateways/support.yaml", "authentication:", "autentication:")
    done = project.gatewright("validate")
    assert done.code == 3
    assert "error unknown-key" in done.out
    assert "did you mean `authentication`?" in done.out


@pytest.mark.parametrize(
    "arguments",
    [("demo",), ("env",), ("local", "up"), ("emulator",), ("token", "revoke", "x", "--local")],
)
def test_outside_of_a_project_nothing_is_written(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = Project(tmp_path).gatewright(*arguments)
    assert done.code == 2
    assert "Pulumi.yaml" in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_a_sentence(project: Project) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "gatewright", "validate"],
            cwd=project.path,
            env=environment_of(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 8
    assert "no space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_specs_at_all_is_a_sentence(tmp_path: Path) -> None:
    done = Project(tmp_path).gatewright("validate")
    assert done.code == 2
    assert "gateways" in done.err


def test_smoke_of_broken_specs_exits_with_3_before_anything_runs(project: Project) -> None:
    (project.path / "gateways" / "support.yaml").write_text("id: [")
    done = project.gatewright("smoke", "--local")
    assert done.code == 3
    assert not (project.path / ".gatewright").exists()


def test_revoking_needs_credentials(project: Project) -> None:
    done = project.gatewright("token", "revoke", "0" * 32, "--yes")
    assert done.code == 2
    assert "CLOUDFLARE_ACCOUNT_ID" in done.err


@pytest.mark.parametrize("verb", ["emulator", "demo"])
def test_without_the_extra_the_local_cloudflare_says_how_to_have_it(
    project: Project, tmp_path: Path, verb: str
) -> None:
    hide = "import sys; sys.modules['starlette'] = None\n"
    (tmp_path / "sitecustomize.py").write_text(hide)
    done = project.gatewright(verb, PYTHONPATH=str(tmp_path))
    assert done.code == 2
    assert "pip install 'gatewright[local]'" in done.err


def test_a_port_that_is_taken_is_a_sentence_with_a_way_out(project: Project) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = project.gatewright("emulator", "--port", port)
    assert done.code == 8
    assert port in done.err
    assert "--port 0" in done.err


@pytest.mark.parametrize(
    "arguments",
    [("--host", "192.0.2.1"), ("--quota", "many"), ("--upstream", "openai=http://192.0.2.1")],
)
def test_the_emulator_refuses_what_it_cannot_be(
    project: Project, arguments: tuple[str, ...]
) -> None:
    done = project.gatewright("emulator", *arguments)
    assert done.code == 2
    assert "Traceback" not in done.err
