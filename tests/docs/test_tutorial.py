"""The tutorial, followed to the letter: each command is run, each output is what the page shows.

Its installation is not run here: that a built wheel works in a clean environment is tested with
the distribution.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from support.project import environment_of

PAGE = (Path(__file__).parents[2] / "docs" / "tutorial.md").read_text("utf-8")
_BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def steps() -> list[tuple[str, list[str]]]:
    """Each command with the lines that it is to print."""
    found: list[tuple[str, list[str]]] = []
    for block in _BLOCK.findall(PAGE):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


def pattern(lines: list[str]) -> str:
    """A line `…` is any lines, one within a line any text."""
    text = "".join(f"{line}\n" for line in lines)
    return re.escape(text).replace("…\\\n", "(?:.*\n)*?").replace("…", ".*")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "gatewright"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m gatewright "$@"\n')
    program.chmod(0o755)
    environment = environment_of()
    who = {"NAME": "reader", "EMAIL": "reader@example.com"}
    names = {f"GIT_{role}_{what}": who[what] for role in ("AUTHOR", "COMMITTER") for what in who}
    return environment | names | {"PATH": f"{folder}:{environment['PATH']}", "COLUMNS": "80"}


@pytest.mark.e2e
def test_each_command_prints_what_the_page_shows(tmp_path: Path, environment):
    start = tmp_path / "start"
    start.mkdir()
    place, code = tmp_path / "place", 0
    place.write_text(str(start))
    for command, shown in steps():
        assert code == 0 or "$?" in command, "a command failed, and the page does not say so"
        # One shell after the other, with the folder and the exit code of the one before.
        script = f'(exit {code})\n{command}\ncode=$?\npwd > "{place}"\nexit $code'
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=place.read_text().strip(),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        code = done.returncode
        assert re.fullmatch(pattern(shown), done.stdout), f"{command}\n{done.stdout}"
    assert code == 0


@pytest.mark.parametrize(
    ("shown", "printed", "matches"),
    [
        (["a", "…", "z"], "a\nz\n", True),
        (["a", "…", "z"], "a\nb\nc\nz\n", True),
        (["in … ms"], "in 12 ms\n", True),
        (["a"], "a\nb\n", False),
        (["a", "…"], "b\n", False),
        ([], "said\n", False),
    ],
)
def test_what_differs_is_seen(shown, printed, matches):
    assert bool(re.fullmatch(pattern(shown), printed)) is matches
