"""An `up` that is cut off: nothing doubled, no token forgotten, the next step named."""

import os
import re
import signal
import time
from collections.abc import Iterable
from contextlib import suppress

import pytest
from support.cloudflare import Cloudflare, running_cloudflare
from support.project import Project

from gatewright.local import open_session

pytestmark = pytest.mark.e2e


def up_with_a_dying_cloudflare(project: Project, path: str) -> str:
    """`pulumi up` while the local Cloudflare dies after it has done what ``path`` asks."""
    output = project.path / "up.txt"
    with open_session(project.path, print) as session:
        Cloudflare(session.emulator).fault(method="POST", path=path, when="after", die=True)
        with output.open("w") as file:
            code = session.stack.run("up", "--yes", "--skip-preview", output=file)
    assert code != 0
    return output.read_text()


def test_a_gateway_made_before_the_answer_was_lost_is_named_and_adopted(project: Project) -> None:
    said = up_with_a_dying_cloudflare(project, r".*/ai-gateway/gateways$")
    assert "did not answer" in said or "connection" in said, said
    with running_cloudflare(project.path) as cloudflare:
        [made] = cloudflare.gateways()

    again = project.gatewright("local", "up", "--yes", "--skip-preview")
    assert again.code != 0
    assert f"gateway `{made['id']}` exists in account" in again.text
    command = f"GATEWRIGHT_ADOPT={made['id']}"
    assert command in again.text

    adopted = project.gatewright(
        "local", "up", "--yes", "--skip-preview", GATEWRIGHT_ADOPT=made["id"]
    )
    assert adopted.code == 0, adopted.text
    settled = project.gatewright("local", "preview", "--refresh", "--expect-no-changes")
    assert settled.code == 0, settled.text
    with running_cloudflare(project.path) as cloudflare:
        assert len(cloudflare.gateways()) == 3
        assert len(cloudflare.tokens()) == 1


def test_a_token_whose_value_was_lost_is_named_and_revoked(project: Project) -> None:
    up_with_a_dying_cloudflare(project, r".*/tokens$")
    with running_cloudflare(project.path) as cloudflare:
        [lost] = cloudflare.tokens()

    again = project.gatewright("local", "up", "--yes", "--skip-preview")
    assert again.code != 0
    named = re.search(r"gatewright token revoke ([0-9a-f]{32})", again.text)
    assert named, again.text
    assert named[1] == lost["id"]

    unasked = project.gatewright("token", "revoke", lost["id"], "--local")
    assert unasked.code != 0
    revoked = project.gatewright("token", "revoke", lost["id"], "--local", "--yes")
    assert revoked.code == 0, revoked.text
    finished = project.gatewright("local", "up", "--yes", "--skip-preview")
    assert finished.code == 0, finished.text
    with running_cloudflare(project.path) as cloudflare:
        [token] = cloudflare.tokens()
        assert token["id"] != lost["id"]
        assert len(cloudflare.gateways()) == 3


def read_until(lines: Iterable[str], text: str) -> None:
    """Wait for a line; what runs then has seconds to go, for it imports pulumi-cloudflare."""
    assert any(text in line for line in lines), f"`{text}` was never said"


def test_a_second_run_is_refused_while_one_is_going_on(project: Project) -> None:
    with open_session(project.path, print):
        meanwhile = project.gatewright("local", "preview")
    assert meanwhile.code == 8
    assert "another run uses the local Cloudflare" in meanwhile.err


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGHUP], ids=["ctrl-c", "closed terminal"])
def test_an_interruption_leaves_nothing_running_and_no_lock(
    project: Project, how: signal.Signals
) -> None:
    demo = project.start("demo")
    assert demo.stdout is not None
    read_until(demo.stdout, "Updating")
    os.killpg(demo.pid, how)
    rest = demo.stdout.read()
    demo.stdout.close()
    assert demo.wait(60) == 130, rest
    assert project.left_running() == []
    unlocked = project.gatewright("local", "refresh", "--yes")
    assert unlocked.code == 0, unlocked.text


def test_a_killed_engine_is_named_and_leaves_no_lock(
    project: Project,
) -> None:
    demo = project.start("demo")
    assert demo.stdout is not None
    read_until(demo.stdout, "Updating")
    engine = next(line for line in project.processes() if "pulumi up --yes" in line)
    os.kill(int(engine.partition(":")[0]), signal.SIGKILL)
    rest = demo.stdout.read()
    demo.stdout.close()
    assert demo.wait(60) == 8, rest
    assert "was ended by signal 9" in rest
    unlocked = project.gatewright("local", "refresh", "--yes")
    assert unlocked.code == 0, unlocked.text
    # The engine's own children outlive a kill -9; a process is gone some time after its signal.
    deadline = time.monotonic() + 10
    while (orphans := project.processes()) and time.monotonic() < deadline:
        for orphan in orphans:
            with suppress(ProcessLookupError):
                os.kill(int(orphan.partition(":")[0]), signal.SIGKILL)
