"""A shell that has read the script completes; Bash itself is asked, others by click's protocol."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.project import Project, environment_of, make_project


@pytest.fixture
def project(tmp_path):
    return make_project(tmp_path / "project")


@pytest.fixture
def environment(tmp_path):
    """With a `gatewright` on PATH, as an installed one would be."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "gatewright"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m gatewright "$@"\n')
    program.chmod(0o755)
    return environment_of() | {"PATH": f"{folder}:/usr/bin:/bin"}


def completed(line: str, project: Project, environment: dict[str, str]) -> list[str]:
    """What Bash offers after ``line`` when Tab is pressed, as its own hook has it."""
    script = """
        eval "$(gatewright completion bash)"
        hook=$(complete -p gatewright | sed -E 's/.* -F ([^ ]+) .*/\\1/')
        read -ra COMP_WORDS <<< "$1"
        [[ $1 == *" " ]] && COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        $hook gatewright "${COMP_WORDS[COMP_CWORD]}" ""
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    done = subprocess.run(
        ["bash", "--norc", "-c", script, "bash", line],
        cwd=project.path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.split("\n")[:-1]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("gatewright va", ["validate"]),
        ("gatewright token ro", ["rotate"]),
        ("gatewright smoke --lo", ["--local"]),
        ("gatewright validate --format sa", ["sarif"]),
        ("gatewright explain unknown-ke", ["unknown-key"]),
        ("gatewright schema smo", ["smoke-report"]),
        ("gatewright token rotate ", [r"gatewright\ smoke"]),
        ("gatewright smoke --stack ", ["prod"]),
    ],
)
def test_bash_completes(project: Project, environment, line, offered):
    (project.path / "Pulumi.prod.yaml").write_text("config: {}\n")
    assert completed(line, project, environment) == offered


def test_after_a_verb_that_is_not_there_no_error_is_shown(project: Project, environment):
    assert "validate" in completed("gatewright no-such-verb ", project, environment)


def test_broken_specs_offer_nothing_and_say_nothing(project: Project, environment):
    (project.path / "gateways" / "support.yaml").write_text("id: [")
    assert completed("gatewright smoke --stack ", project, environment) == [""]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_takes_its_script(project: Project, tmp_path: Path, shell):
    done = project.gatewright("completion", shell)
    assert done.code == 0
    assert "_GATEWRIGHT_COMPLETE" in done.out
    if program := shutil.which(shell):
        script = tmp_path / "script"
        script.write_text(done.out)
        subprocess.run([program, "-n", str(script)], check=True)


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_are_answered(project: Project, shell):
    words = {"_GATEWRIGHT_COMPLETE": f"{shell}_complete", "COMP_WORDS": "gatewright va"}
    done = project.gatewright(**words, COMP_CWORD="va" if shell == "fish" else "1")
    assert "validate" in done.out
    assert "check the specs" in done.out
