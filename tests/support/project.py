"""A project of its own for a test, and the command line run in it as people run it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

# What a developer's or CI's shell may hold and a test must not depend on.
_DROPPED = ("CLOUDFLARE_", "PULUMI_", "GATEWRIGHT_TOKEN", "GATEWRIGHT_GATEWAY_URL", "FORCE_COLOR")

_TIMEOUT_SECONDS = 900
_END_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Done:
    """A finished command: exit code, both streams."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with the shipped program and specs, free to be changed."""

    path: Path

    def gatewright(self, *arguments: str, **environment: str) -> Done:
        """Run `gatewright ARGUMENTS` in the project."""
        done = subprocess.run(
            [sys.executable, "-m", "gatewright", *arguments],
            cwd=self.path,
            env=environment_of(**environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start `gatewright ARGUMENTS` in a process group of its own, as a terminal does."""
        return subprocess.Popen(
            [sys.executable, "-m", "gatewright", *arguments],
            cwd=self.path,
            env=environment_of(**environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=_as_by_a_terminal,  # noqa: PLW1509  # it takes no lock
        )

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace exactly one place in a spec."""
        path = self.path / file
        text = path.read_text()
        assert text.count(old) == 1, f"`{old}` is {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new))

    def processes(self) -> list[str]:
        """Command lines of all processes that still have to do with this project."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                folder = str((entry / "cwd").readlink())
            except OSError:
                continue
            ours = str(self.path) in command or folder.startswith(str(self.path))
            if ours and int(entry.name) != os.getpid():
                found.append(f"{entry.name}: {command}")
        return found

    def left_running(self) -> list[str]:
        """`processes`, once those that are about to end had their time."""
        deadline = time.monotonic() + _END_SECONDS
        while (found := self.processes()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return found


def _as_by_a_terminal() -> None:
    """What is started in the background of a shell, or by nohup, ignores these."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def make_project(path: Path) -> Project:
    """Copy what a user has: Pulumi.yaml, `__main__.py`, the plugin's launcher and specs."""
    path.mkdir(parents=True, exist_ok=True)
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, path / name)
    for name in ("gateways", "plugin"):
        shutil.copytree(ROOT / name, path / name)
    return Project(path)


def environment_of(**more: str) -> dict[str, str]:
    """This process's environment without what points elsewhere."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(_DROPPED)}
    return clean | {"NO_COLOR": "1", "COLUMNS": "80"} | more
