"""After each fault: a documented command recovers, nothing is doubled, lost or forgotten."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.cloudflare import Cloudflare
from support.fault_table import ROWS, STEPS, Row
from support.project import Project, make_project

from gatewright import readback, spec
from gatewright.account import Account
from gatewright.cli import live
from gatewright.local import Session, open_session
from gatewright.stack import Stack

pytestmark = pytest.mark.e2e

MODEL = '{model: "@cf/a/b", provider: workers-ai, timeout: 30s, retries: 1}'
ROUTE = f"{{start: only, steps: {{only: {MODEL}}}}}"
SPECS = {
    "a.yaml": f"id: a\nauthentication: true\nroutes: {{r: {ROUTE}, s: {ROUTE}}}\n",
    "b.yaml": "id: b\nauthentication: true\n",
    "tokens/t.yaml": "name: t\npermissions: [AI Gateway Run]\nexpires: 2090-01-01\n",
}
SECONDS = 60
#: Requests that are left: enough for a program to begin, not for all that it declares.
FEW = 6


def small_project(path: Path) -> Project:
    project = make_project(path)
    shutil.rmtree(path / "gateways")
    for name, text in SPECS.items():
        file = path / "gateways" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return project


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, Session]]:
    """One engine, one local Cloudflare: each row empties the account and has its own stack."""
    project = small_project(tmp_path_factory.mktemp("faults") / "project")
    with open_session(project.path, print) as session:
        yield project, session
    assert project.left_running() == []


@dataclass(slots=True)
class Site:
    """A stack of its own on an empty account, and what was said last."""

    project: Project
    session: Session
    stack: Stack
    said: str = ""

    @property
    def cloudflare(self) -> Cloudflare:
        return Cloudflare(self.session.emulator)

    def admin(self, method: str, name: str, body: Any = None) -> Any:
        url = f"http://127.0.0.1:{self.session.emulator.port}/_emulator/{name}"
        answer = httpx.request(method, url, json=body)
        answer.raise_for_status()
        return answer.json()["result"]

    def up(self, **more: str) -> int:
        """To its end."""
        done = subprocess.run(
            self.command,
            env=self.environment | more,
            cwd=self.project.path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        self.said = done.stdout
        return done.returncode

    def started(self, requests: int) -> subprocess.Popen[bytes]:
        """An `up` that waits for the answers to so many requests."""
        process = subprocess.Popen(
            self.command,
            env=self.environment,
            cwd=self.project.path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + SECONDS
        while sum(rule["seen"] for rule in self.admin("GET", "faults")) < requests:
            assert process.poll() is None, "it ended before it asked for anything"
            assert time.monotonic() < deadline
            time.sleep(0.05)
        return process

    @property
    def command(self) -> list[str]:
        return [
            str(self.stack.executable),
            *("up", "--yes", "--skip-preview", "--non-interactive"),
        ]

    @property
    def environment(self) -> dict[str, str]:
        return {**self.stack.environment, "PULUMI_STACK": self.stack.name}

    @property
    def ours(self) -> dict[str, str]:
        names = ("CLOUDFLARE_", "PULUMI_", "GATEWRIGHT_")
        return {
            name: value for name, value in self.stack.environment.items() if name.startswith(names)
        }


@pytest.fixture
def site(request: pytest.FixtureRequest, tmp_path: Path, row: Row) -> Iterator[Site]:
    name = f"row{ROWS.index(row)}"
    if row.limit is None:
        project, session = request.getfixturevalue("shared")
        stack = Stack(session.stack.executable, session.stack.environment, project.path, name)
        site = Site(project, session, stack)
        site.admin("POST", "reset")
        stack.select_or_create()
        yield site
        return
    project = small_project(tmp_path / "project")
    limit = ("--api-limit", str(row.limit))
    with open_session(project.path, print, emulator_options=limit) as session:
        site = Site(project, session, session.stack)
        # At the start of a window: a short `retry-after` would be waited for.
        now = datetime.fromisoformat(site.admin("GET", "health")["now"]).timestamp()
        site.admin("POST", "clock", {"advance": 300 - now % 300})
        for _ in range(row.limit - FEW):
            site.cloudflare.gateways()
        yield site


def kill(site: Site) -> int:
    process = site.started(3)
    for line in site.project.processes():
        number, _, command = line.partition(":")
        if "gatewright.emulator" not in command:
            # Some end by themselves when the engine is gone.
            with suppress(ProcessLookupError):
                os.kill(int(number), signal.SIGKILL)
    process.wait(SECONDS)
    site.admin("DELETE", "faults")
    return site.up()


def two(site: Site) -> int:
    process = site.started(1)
    code = site.up()
    assert process.wait(SECONDS) == 0
    return code


def delete(site: Site) -> int:
    spec = site.project.path / "gateways/c.yaml"
    spec.write_text("id: c\nauthentication: true\n")
    up(site)
    spec.unlink()
    return site.up()


WAYS: dict[str, Callable[[Site], int]] = {
    "up": Site.up,
    "kill": kill,
    "two": two,
    "delete": delete,
}


def up(site: Site) -> None:
    assert site.up() == 0, site.said


def wait(site: Site) -> None:
    site.admin("POST", "clock", {"advance": 300})


def follow(site: Site) -> None:
    """What `up` names, until it has nothing more to name."""
    adopted: set[str] = set()
    while site.up(GATEWRIGHT_ADOPT=",".join(adopted)):
        wanted = set(re.findall(r"`GATEWRIGHT_ADOPT=(\S+)`", site.said)) - adopted
        doubled = "gatewright token revoke" in site.said
        assert wanted or doubled, site.said
        adopted |= wanted
        if doubled:
            revoke(site)


def revoke(site: Site) -> None:
    [ident] = set(re.findall(r"`gatewright token revoke ([0-9a-f]{32})`", site.said))
    done = site.project.gatewright("token", "revoke", ident, "--yes", **site.ours)
    assert done.code == 0, done.text


def cancel(site: Site) -> None:
    site.stack.capture("cancel", "--yes")


def clear(site: Site) -> None:
    site.stack.capture("refresh", "--yes", "--skip-preview", "--clear-pending-creates")


def refresh(site: Site) -> None:
    site.stack.capture("refresh", "--yes", "--skip-preview")


def nothing(site: Site) -> None:
    """Done by the fault's own end."""


DO: dict[str, Callable[[Site], None]] = {
    "up": up,
    "wait": wait,
    "token": nothing,
    "follow": follow,
    "revoke": revoke,
    "cancel": cancel,
    "clear": clear,
    "refresh": refresh,
    "other": nothing,
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name.replace("`", "").replace(" ", "-"))
def test_it_is_recovered_as_documented(site: Site, row: Row) -> None:
    assert DO.keys() == STEPS.keys()
    for fault in row.faults:
        site.cloudflare.fault(**fault)
    code = WAYS[row.way](site)
    assert (code != 0) == bool(row.steps and row.steps != ("revoke",)), site.said
    assert row.said in site.said, site.said
    site.admin("DELETE", "faults")
    for step in row.steps:
        DO[step](site)

    if row.limit:
        wait(site)
    held = site.cloudflare
    assert sorted(gateway["id"] for gateway in held.gateways()) == ["a", "b"]
    [token] = held.tokens()
    routes = held.call("GET", "ai-gateway/gateways/a/routes")["data"]["routes"]
    assert sorted(route["name"] for route in routes) == ["r", "s"]
    deployment = spec.load(site.project.path).deployment
    assert deployment is not None
    found = live.read(Account.from_environment(site.ours), deployment, site.project.path)
    assert found.exit_code == 0, readback.report.text(found)
    state = json.loads(site.stack.capture("stack", "export"))["deployment"]
    assert not state.get("pending_operations")
    known = {each["id"] for each in state["resources"] if each.get("custom")}
    assert {"a", "b", token["id"], *(route["id"] for route in routes)} <= known
