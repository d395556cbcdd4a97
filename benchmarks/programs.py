"""A program of gatewright and one written by hand, each with a stack and an account of its own."""

import json
import os
import shutil
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import harness
from harness import BIN, ROOT, Command
from review import commit, git
from specs import REALISTIC, SETTINGS

from gatewright import engine
from gatewright.local import Folder, emulator, provider
from gatewright.local.session import environment_of

OURS, THEIRS = "gatewright", "by-hand"
STACK = "bench"
NAME = "caller"
HOME = engine.home() / "pulumi"
OPTIONS = ("--quota", "off", "--api-limit", "off")
#: The calls that the local Cloudflare keeps.
REMEMBERED = 10_000

CALLER = """\
name: caller
permissions: [AI Gateway Run, Workers AI Read]
expires: 2099-12-31
"""

#: The same objects with the same fields and outputs.
BY_HAND = Path(__file__).with_name("by_hand")


@dataclass(frozen=True, slots=True)
class Program:
    """A program with a stack and an account of its own."""

    folder: Path
    pulumi: Path
    variables: Mapping[str, str]
    port: int

    def command(self, *arguments: str) -> Command:
        """A run of Pulumi."""
        words = [str(self.pulumi), *arguments, "--stack", STACK, "--non-interactive"]
        return Command(words, self.folder, variables=self.variables)

    def asked(self) -> list[str]:
        """The calls to the account API since it was last asked."""
        calls = self._control("GET", "requests")
        if len(calls) >= REMEMBERED:
            raise SystemExit(f"the local Cloudflare remembers no more than {REMEMBERED} calls")
        self._control("DELETE", "requests")
        return [f"{call['method']} {call['path']}" for call in calls]

    def reset(self) -> None:
        """An empty account."""
        self._control("POST", "reset")

    def objects(self) -> list[dict[str, Any]]:
        """What the account holds, without what differs from one create to the next."""
        gateways = sorted(self._listed("ai-gateway/gateways"), key=lambda row: row["id"])
        tokens = [row for row in self._listed("tokens") if row["name"] == NAME]
        for row in tokens:
            del row["id"], row["policies"][0]["id"]
        dated = {"created_at", "issued_on", "modified_at", "modified_on"}
        return [
            {key: value for key, value in row.items() if key not in dated}
            for row in (*gateways, *tokens)
        ]

    def _listed(self, what: str) -> list[dict[str, Any]]:
        path = f"/accounts/{emulator.ACCOUNT_ID}/{what}"
        rows: list[dict[str, Any]] = []
        for page in range(1, 1_000):
            more = self._open("GET", f"/client/v4{path}?per_page=50&page={page}")
            rows += more
            if not more:
                break
        return rows

    def _control(self, method: str, what: str) -> Any:
        return self._open(method, f"/_emulator/{what}")

    def _open(self, method: str, path: str) -> Any:
        token = self.variables["CLOUDFLARE_API_TOKEN"]
        request = urllib.request.Request(  # our own server
            f"http://127.0.0.1:{self.port}{path}",
            method=method,
            headers={"Authorization": f"Bearer {token}"},
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310  # as above
            return json.load(answer)["result"]


@contextmanager
def programs(size: int) -> Iterator[dict[str, Program]]:
    """Both programs for ``size`` gateways, nothing deployed yet."""
    found = engine.find(say=lambda _: None)
    with ExitStack() as stack:
        both = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (both / OURS).mkdir()
        (both / THEIRS).mkdir()
        write_ours(both / OURS, size)
        write_theirs(both / THEIRS)
        yield {
            name: stack.enter_context(program(both / name, found, size)) for name in (OURS, THEIRS)
        }


def write_ours(project: Path, size: int) -> None:
    """A project of gatewright."""
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, project / name)
    shutil.copytree(ROOT / "plugin", project / "plugin")
    (project / "gatewright.yaml").write_text(SETTINGS)
    (project / "gateways" / "tokens").mkdir(parents=True)
    (project / "gateways" / "tokens" / "caller.yaml").write_text(CALLER)
    for number in range(size):
        path = project / "gateways" / f"gateway-{number:05d}.yaml"
        path.write_text(REALISTIC.format(number=number))


def write_theirs(project: Path) -> None:
    """A project of Pulumi's, of one file."""
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(BY_HAND / name, project / name)


@contextmanager
def program(project: Path, found: engine.Engine, size: int) -> Iterator[Program]:
    """The project in git, with a stack, and a local Cloudflare for it."""
    (project / ".venv").symlink_to(BIN.parent)
    (project / ".gitignore").write_text(".venv\n")
    git(project, "init", "--quiet")
    commit(project)
    folder = Folder(project)
    with emulator.running(folder, options=OPTIONS) as running:
        variables = environment_of(found, running, folder, {}, HOME)
        own = provider.present(HOME, folder).folder
        entries = [str(own or ""), variables["PATH"], os.environ["PATH"]]
        variables["GATEWAYS"] = str(size)  # which the program by hand asks for
        variables["PATH"] = os.pathsep.join(filter(None, entries))
        made = Program(project, found.executable, variables, running.port)
        harness.timed(made.command("stack", "init", "--no-select"))
        yield made
