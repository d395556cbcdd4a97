"""`gatewright emulator` as people start it."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.project import Project, environment_of, make_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path / "project")


@contextmanager
def running(project: Project, *arguments: str) -> Iterator[dict[str, Any]]:
    """The verb in a project: the line that says where it listens."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gatewright", "emulator", "--port", "0", *arguments],
        cwd=project.path,
        env=environment_of(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        assert process.wait(15) == 0
    finally:
        process.kill()
        process.communicate()


def test_the_account_api_has_the_limit_it_is_given(project: Project) -> None:
    with running(project, "--api-limit", "2") as line:
        token = (project.path / ".gatewright" / "cloudflare-token").read_text().strip()
        url = f"{line['api_url']}/user/tokens/permission_groups"
        headers = {"Authorization": f"Bearer {token}"}
        answers = [httpx.get(url, headers=headers, trust_env=False) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].json()["errors"][0]["code"] == 971
    assert int(answers[-1].headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--port", "99999"], 2, "error: `99999` is not a port"),
        (["--account", "mine"], 2, "error: `mine` is not an account id"),
        (["--host", "192.0.2.1"], 2, "error: `192.0.2.1` is not a loopback address"),
        (["--host", "192.0.2.1", "--allow-remote"], 8, "error: cannot listen on `192.0.2.1:"),
        (["--upstream", "openai=https://x.test"], 2, "is no loopback http URL"),
        (["--data", "no/such/folder/file"], 8, "error: cannot use `no/such/folder/file`"),
    ],
)
def test_what_it_cannot_start_with_is_said_in_a_sentence(
    project: Project, arguments: list[str], code: int, said: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gatewright", "emulator", "--no-workers", *arguments],
        cwd=project.path,
        env=environment_of(),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "hint: `--port 0`" not in done.stderr
