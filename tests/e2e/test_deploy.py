"""`gatewright deploy` with the real engine, as CI runs it: a stack, an account, no terminal."""

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

import pytest
from support.cloudflare import Cloudflare
from support.project import Done, Project, environment_of

from gatewright.local import Session, open_session

pytestmark = pytest.mark.e2e

STACK = ("--stack", "local")
SCRIPT = "export default { fetch: () => Response.json({}) };\n"


@dataclass(frozen=True, slots=True)
class Site:
    """A project in git, and an account that is there as long as the test."""

    project: Project
    session: Session

    def gatewright(self, *arguments: str, **environment: str) -> Done:
        return self.project.gatewright(*arguments, **self.environment | environment)

    def deploy(self, *arguments: str, **environment: str) -> Done:
        return self.gatewright("deploy", *STACK, *arguments, **environment)

    @property
    def cloudflare(self) -> Cloudflare:
        return Cloudflare(self.session.emulator)

    @property
    def environment(self) -> Mapping[str, str]:
        ours = ("CLOUDFLARE_", "PULUMI_", "GATEWRIGHT_", "PATH")
        everything = self.session.stack.environment
        return {name: value for name, value in everything.items() if name.startswith(ours)}

    def git(self, *arguments: str) -> str:
        who = ("-c", "user.name=t", "-c", "user.email=t@example.com")
        done = subprocess.run(
            ["git", *who, *arguments],
            cwd=self.project.path,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def commit(self) -> str:
        self.git("add", ".")
        self.git("commit", "--quiet", "--message", "specs")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def site(project: Project) -> Iterator[Site]:
    (project.path / ".gitignore").write_text("/.gatewright/\n/Pulumi.local.yaml\n__pycache__/\n")
    with open_session(project.path, print) as session:
        site = Site(project, session)
        site.git("init", "--quiet")
        yield site


def test_a_deployment_ends_verified_and_smoked_and_the_way_back_works(site: Site) -> None:
    good = site.commit()
    first = site.deploy()
    assert first.code == 0, first.text
    assert "plan: 6 create" in first.err
    assert "+ create  gateway support" in first.err
    reach = "token gatewright smoke: it may call every gateway of the account (declared here: "
    assert reach + "`drafts`, `reviews`, `support`)" in first.err
    assert "5 objects, 0 not as declared" in first.err
    assert re.search(r"^(\d+) checks: \d+ passed, 1 skipped;", first.err, re.MULTILINE)
    assert first.out == ""

    site.project.edit("gateways/support.yaml", "limit: 600", "limit: 700")
    site.project.edit("gateways/workers/ask.yaml", "name: ask\n", "name: ask\nscript: w/ask.js\n")
    for name in ("one", "two", "three"):
        (site.project.path / f"gateways/{name}.yaml").write_text(
            f"id: {name}\nauthentication: true\n"
        )
    (site.project.path / "w").mkdir()
    (site.project.path / "w/ask.js").write_text(SCRIPT)
    bad = site.commit()
    site.cloudflare.fault(at="provider", path="workers-ai", status=500, times=0)
    failed = site.deploy()
    assert failed.code == 6, failed.text
    assert "~ update  gateway support: rate_limiting_limit" in failed.err
    assert f"deployed now: revision {bad}" in failed.err
    assert f"the last good revision: {good}" in failed.err
    assert site.cloudflare.gateway("support")["rate_limiting_limit"] == 700

    restore, deploy = way_back(failed)
    assert restore == f"git restore --source={good} ."
    site.git(*restore.split()[1:])
    assert deploy.endswith(" --max-destroyed 3")
    restored = site.gatewright(*deploy.split()[1:], "--yes", "--no-smoke")
    assert restored.code == 0, restored.text
    assert site.cloudflare.gateway("support")["rate_limiting_limit"] == 600
    assert len(site.cloudflare.gateways()) == 3


def on_a_terminal(site: Site, *arguments: str) -> tuple[int, str]:
    """The exit code, and all that an 80 columns wide terminal was sent."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "gatewright", *arguments],
        cwd=site.project.path,
        env=environment_of(**site.environment),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # at its end
        while more := os.read(ours, 4096):
            shown += more
    os.close(ours)
    return process.wait(60), shown.decode()


def way_back(failed: Done) -> list[str]:
    return [line.strip() for line in failed.err.partition("to put it back:\n")[2].splitlines()]


def test_a_killed_engine_is_told_and_so_is_what_was_deployed_before(site: Site) -> None:
    good = site.commit()
    assert site.deploy("--no-smoke").code == 0
    site.project.edit("gateways/support.yaml", "limit: 600", "limit: 700")
    site.commit()
    site.cloudflare.fault(method="PUT", path="/support$", delay=30, when="after")
    deploying = site.project.start("deploy", *STACK, "--no-smoke", **site.environment)
    deadline = time.monotonic() + 60
    while site.cloudflare.gateway("support")["rate_limiting_limit"] == 600:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    engine = next(line for line in site.project.processes() if "pulumi up --yes" in line)
    os.kill(int(engine.partition(":")[0]), signal.SIGKILL)
    said, _ = deploying.communicate(timeout=60)
    assert deploying.returncode == 8, said
    assert "error: the engine was ended by signal 9" in said
    assert f"deployed now: revision {good}, and perhaps a part of what was to be" in said
    assert f"git restore --source={good} ." in said


def test_an_emptied_folder_deletes_nothing_without_being_told(site: Site) -> None:
    (site.project.path / "gateways" / "workers" / "ask.yaml").unlink()
    assert site.deploy("--no-smoke").code == 0
    for name in ("support", "drafts"):
        (site.project.path / "gateways" / f"{name}.yaml").unlink()
    site.project.edit("gateways/reviews.yaml", "authentication: false", "authentication: true")

    refused = site.deploy("--yes")
    assert refused.code == 5, refused.text
    assert "2 of 4 deployed objects would be deleted or replaced" in refused.err
    assert "- delete  gateway support (its URL ends, and its logs go)" in refused.err
    assert "--max-destroyed 2" in refused.err
    unasked = site.deploy("--max-destroyed", "2")
    assert unasked.code == 5
    assert "`--yes` says that it is meant" in unasked.err
    assert len(site.cloudflare.gateways()) == 3

    code, shown = on_a_terminal(site, "deploy", *STACK, "--max-destroyed", "2", "--preview")
    assert code == 0, shown
    home = "\r\x1b[K"
    moments = re.findall(r"\r\x1b\[K(\d+ compared, now [^\r\n]+)", shown)
    assert f"{len(moments)} compared, now " in moments[-1]
    assert all(len(moment) < 80 for moment in moments)
    assert f"{home}~ update  gateway reviews" in shown, (
        "what is final takes the place of what was shown"
    )
    assert "compared" not in unasked.text
    assert len(site.cloudflare.gateways()) == 3

    meant = site.deploy("--max-destroyed", "2", "--yes", "--no-smoke")
    assert meant.code == 0, meant.text
    assert [row["id"] for row in site.cloudflare.gateways()] == ["reviews"]


def test_only_the_reviewed_deployment_is_deployed(site: Site) -> None:
    seen = site.deploy("--preview", "--json")
    assert seen.code == 0, seen.text
    events = [json.loads(line) for line in seen.out.splitlines()]
    assert [event["event"] for event in events] == ["validated", "planned"]
    reviewed = events[0]["checksum"]

    site.project.edit("gateways/support.yaml", "limit: 600", "limit: 700")
    refused = site.deploy("--checksum", reviewed, "--json")
    assert refused.code == 5
    [event] = map(json.loads, refused.out.splitlines())
    assert (event["event"], event["exit_code"]) == ("error", 5)
    assert "nothing was changed" in refused.err
    site.project.edit("gateways/support.yaml", "limit: 700", "limit: 600")

    done = site.deploy("--checksum", reviewed, "--json")
    assert done.code == 0, done.text
    events = [json.loads(line) for line in done.out.splitlines()]
    names = [event["event"] for event in events]
    assert names == ["validated", "planned", *["changed"] * 6, "verified", "smoked", "done"]
    assert events[-1]["deployed"]["checksum"] == reviewed


def test_a_refusal_of_the_api_is_told_at_its_place(site: Site) -> None:
    site.cloudflare.fault(method="POST", path="/gateways$", status=500, times=0)
    failed = site.deploy("--json")
    assert failed.code == 8, failed.text
    events = [json.loads(line) for line in failed.out.splitlines()]
    problems = [event for event in events if event["event"] == "problem"]
    assert {event["file"] for event in problems} == {
        f"gateways/{name}.yaml" for name in ("drafts", "reviews", "support")
    }
    assert all(event["line"] == 2 for event in problems), problems
    assert events[-1]["event"] == "done"
    token = site.session.emulator.token_file.read_text().strip()
    assert token not in failed.text


def test_what_is_deployed_is_told_where_it_cannot_be_read_back(site: Site) -> None:
    (site.project.path / "gateways" / "workers" / "ask.yaml").unlink()
    site.cloudflare.fault(method="GET", path="/gateways$", status=401, times=0)
    unread = site.deploy("--no-smoke")
    assert unread.code == 4, unread.text
    assert "4 changed" in unread.err
    assert "deployed now: revision" in unread.err
    assert "code 10000" in unread.err


def test_a_mistake_in_a_spec_starts_nothing(site: Site) -> None:
    site.project.edit("gateways/support.yaml", "authentication: true", "autentication: true")
    refused = site.deploy()
    assert refused.code == 3
    assert "gateways/support.yaml:5:1: error unknown-key" in refused.out
    told = site.deploy("--json")
    assert told.code == 3
    [event] = map(json.loads, told.out.splitlines())
    assert event["event"] == "findings"
    assert event["findings"][0]["rule"] == "unknown-key"
    assert "preview" not in refused.err
