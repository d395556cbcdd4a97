"""A page followed to the letter: each command is run, each output is what the page shows."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

from support.project import ROOT, environment_of

_BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def steps(page: str) -> list[tuple[str, list[str]]]:
    """Each command of a page of docs/ with the lines that it is to print."""
    found: list[tuple[str, list[str]]] = []
    for block in _BLOCK.findall((ROOT / "docs" / page).read_text("utf-8")):
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


def environment(folder: Path) -> dict[str, str]:
    """That of a reader who has installed gatewright; ``folder`` is made for the program."""
    folder.mkdir()
    program = folder / "gatewright"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m gatewright "$@"\n')
    program.chmod(0o755)
    own = environment_of()
    who = {"NAME": "reader", "EMAIL": "reader@example.com"}
    names = {f"GIT_{role}_{what}": who[what] for role in ("AUTHOR", "COMMITTER") for what in who}
    return own | names | {"PATH": f"{folder}:{own['PATH']}", "COLUMNS": "80"}


def follow(page: str, folder: Path) -> None:
    """Run every command of a page, from an empty folder below ``folder`` on."""
    start = folder / "start"
    start.mkdir()
    place, code = folder / "place", 0
    place.write_text(str(start))
    own = environment(folder / "bin")
    for command, shown in steps(page):
        assert code == 0 or "$?" in command, "a command failed, and the page does not say so"
        # One shell after the other, with the folder and the exit code of the one before.
        script = f'(exit {code})\n{command}\ncode=$?\npwd > "{place}"\nexit $code'
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=place.read_text().strip(),
            env=own,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        code = done.returncode
        assert re.fullmatch(pattern(shown), done.stdout), f"{command}\n{done.stdout}"
    assert code == 0
