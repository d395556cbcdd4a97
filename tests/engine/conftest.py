"""Fake programs, and surroundings in which nothing but them is found."""

import json
import os
import select
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from gatewright.engine import PINNED
from gatewright.engine.found import Engine
from gatewright.engine.search import search
from gatewright.engine.surroundings import Surroundings

_GO = """
import json, os, pathlib, sys
what = json.loads(pathlib.Path(os.environ["FAKE"], "go.json").read_text())
arguments = sys.argv[1:]
if arguments == ["version"]:
    own = os.environ.get("GOTOOLCHAIN") == "local"
    print("go version", what["version"] if own else "go1.99.0", "linux/amd64")
elif arguments == ["env", "GOTOOLCHAIN"]:
    print(os.environ.get("GOTOOLCHAIN", "auto"))
else:
    with open(os.path.join(os.environ["FAKE"], "go.calls"), "a") as calls:
        print(json.dumps([arguments, os.getcwd(), dict(os.environ)]), file=calls)
    exec(what[arguments[0]])
"""

_BUILD = """
cache = pathlib.Path(os.environ["GOMODCACHE"], "example@v1")
cache.mkdir(parents=True, exist_ok=True)
(cache / "read-only.go").touch()
cache.chmod(0o555)
output = pathlib.Path(arguments[arguments.index("-o") + 1])
output.write_text(what["output"])
output.chmod(0o755)
"""

_LIST = """
sdk = pathlib.Path(os.environ["FAKE"], "sdk")
for name in what["files"]:
    (sdk / name).parent.mkdir(parents=True, exist_ok=True)
    (sdk / name).write_text("#!/bin/sh\\n")
print(sdk)
"""

_HANG = """
import os, signal
pipe = os.open(os.path.join(os.environ["FAKE"], "alive"), os.O_WRONLY)
os.write(pipe, b".")
if os.fork() == 0:
    os.write(pipe, b".")
signal.alarm(120)  # in case the code under test lets it live
signal.pause()
"""

_VERSION = """
import os, sys
with open(os.path.join(os.environ["FAKE"], "pulumi.calls"), "a") as calls:
    print(os.environ["PULUMI_HOME"], file=calls)
print({version!r})
"""

_INSTALLER = """
import json, os, pathlib, sys
root, version = sys.argv[1:]
pathlib.Path(os.environ["FAKE"], "installer.calls").write_text(json.dumps(dict(os.environ)))
print("a line of the installer", flush=True)
{body}
"""

EXTRA_FILES = [
    "python/cmd/pulumi-language-python-exec",
    "python/dist/pulumi-resource-pulumi-python",
]


def _script(body: str) -> str:
    """An executable file's text that needs nothing on PATH."""
    return f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -S -c {shlex.quote(body)} "$@"\n'


def _write_program(file: Path, body: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_script(body))
    file.chmod(0o755)
    return file


class Clock:
    """Each look at it takes `step` seconds."""

    def __init__(self) -> None:
        self.now = 0.0
        self.step = 0.0

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@dataclass
class Machine:
    """A machine with the programs that a test puts on it."""

    root: Path
    lines: list[str] = field(default_factory=list)
    clock: Clock = field(default_factory=Clock)
    free: int = 10**12
    variables: dict[str, str] = field(default_factory=dict)
    on_line: Callable[[str], None] = lambda _: None
    installer_body: str = "sys.exit('no network')"

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def bin(self) -> Path:
        return self.root / "bin"

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    def say(self, line: str) -> None:
        self.lines.append(line)
        self.on_line(line)

    def around(self) -> Surroundings:
        installer = _INSTALLER.format(body=self.installer_body)
        return Surroundings(
            say=self.say,
            environ={"PATH": str(self.bin), "FAKE": str(self.root), **self.variables},
            clock=self.clock,
            free_bytes=lambda _: self.free,
            installer=(sys.executable, "-S", "-c", installer),
        )

    def search(self) -> Engine:
        return search(self.home, self.around())

    def pulumi(self, version: str = f"v{PINNED}", *, folder: Path | None = None) -> Path:
        file = (folder or self.bin) / "pulumi"
        return _write_program(file, _VERSION.format(version=version))

    def program(self, name: str, body: str = "", *, folder: Path | None = None) -> Path:
        return _write_program((folder or self.bin) / name, body)

    def go(self, version: str = "go1.26.8", **behaviour: Any) -> None:
        self.program("go", _GO)
        output = _script(_VERSION.format(version=PINNED))
        what = {"build": _BUILD, "list": _LIST, "output": output, "files": EXTRA_FILES}
        text = json.dumps({"version": version, **what, **behaviour})
        (self.root / "go.json").write_text(text)

    def go_calls(self) -> list[tuple[list[str], str, dict[str, str]]]:
        file = self.root / "go.calls"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def pulumi_calls(self) -> list[str]:
        """The PULUMI_HOME of each start of `pulumi version`."""
        file = self.root / "pulumi.calls"
        return file.read_text().splitlines() if file.exists() else []

    def left(self) -> Mapping[str, list[str]]:
        """What there is in the home folder after a run: names by folder."""
        return {
            name: sorted(entry.name for entry in (self.home / name).iterdir())
            for name in ("build", "engines")
            if (self.home / name).is_dir()
        }


@dataclass
class Hanging:
    """Programs that hang: two processes each, that hold a pipe open while they live."""

    body: str
    pipe: int

    def wait_for(self, count: int) -> None:
        """Return when ``count`` processes hang."""
        while count:
            assert self._readable(), "no process started"
            count -= len(os.read(self.pipe, count))

    def gone(self) -> bool:
        """Whether the last of them ends within 30 s."""
        while self._readable():
            if not os.read(self.pipe, 100):
                return True
        return False

    def _readable(self) -> bool:
        return bool(select.select([self.pipe], [], [], 30)[0])


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    (tmp_path / "bin").mkdir()
    return Machine(tmp_path)


@pytest.fixture
def hanging(machine: Machine) -> Iterator[Hanging]:
    pipe = machine.root / "alive"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    yield Hanging(_HANG, reader)
    os.close(reader)
