"""A declared Worker with the real engine and the real workerd, and without npm."""

import os
from pathlib import Path

import httpx
import pytest
from emulator.peer import on_port, read_token
from emulator.uploads import put
from support.cloudflare import running_cloudflare
from support.project import Project
from support.workerd import workerd

from gatewright.places import home

pytestmark = pytest.mark.e2e

ASK = "gateways/workers/ask.yaml"
TYPESCRIPT = """
import { word } from "./word";

export interface Env { AI: unknown; GATEWAY: string }

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return Response.json({ word, gateway: JSON.parse(env.GATEWAY) });
  },
};
"""


def test_the_life_of_a_worker(project: Project) -> None:
    workerd()
    made = project.gatewright("local", "up", "--yes", "--skip-preview")
    assert made.code == 0, made.text
    checked = project.gatewright("smoke", "--local", "--only", "support/workers/*")
    assert checked.code == 0, checked.text
    assert "4 checks: 4 passed" in checked.out
    assert "log-found" in checked.out

    assert project.gatewright("local", "refresh", "--yes").code == 0
    clean = project.gatewright("local", "preview", "--expect-no-changes")
    assert clean.code == 0, clean.text

    with running_cloudflare(project.path) as cloudflare:
        cloudflare.call("POST", "workers/scripts/ask/subdomain", {"enabled": False})
    drifted = project.gatewright("drift", "--local")
    assert drifted.code == 7, drifted.text
    assert "subdomain.enabled: differs: declared `true`, found `false`" in drifted.out
    assert "worker ask: 8 of 9 fields the same" in drifted.out
    with running_cloudflare(project.path) as cloudflare:
        cloudflare.call("POST", "workers/scripts/ask/subdomain", {"enabled": True})

    (project.path / "workers").mkdir()
    (project.path / "workers" / "ask.ts").write_text(TYPESCRIPT)
    (project.path / "workers" / "word.ts").write_text("export const word: string = 'typed';\n")
    project.edit(ASK, "name: ask\n", "name: ask\nscript: workers/ask.ts\n")
    changed = project.gatewright("local", "up", "--yes", "--skip-preview")
    assert changed.code == 0, changed.text
    assert "1 updated" in changed.text
    verified = project.gatewright("verify", "--local")
    assert verified.code == 0, verified.text
    assert "worker ask: 9 of 9 fields the same" in verified.out
    again = project.gatewright("smoke", "--local", "--only", "support/workers/*")
    assert "1 check: 1 passed" in again.out, again.text

    (project.path / "workers" / "ask.ts").write_text("export default { fetch(: string {} };\n")
    broken = project.gatewright("local", "up", "--yes", "--skip-preview")
    assert broken.code != 0
    assert "worker `ask`: `workers/ask.ts`: esbuild cannot compile it" in broken.text
    assert project.gatewright("local", "destroy", "--yes").code == 0


def test_a_worker_that_is_there_already_is_taken_over_only_when_told(project: Project) -> None:
    with running_cloudflare(project.path) as cloudflare, httpx.Client(trust_env=False) as client:
        token = read_token(cloudflare.emulator.token_file)
        assert put(on_port(client, cloudflare.emulator.port, token), "ask").status_code == 200
    refused = project.gatewright("local", "up", "--yes", "--skip-preview")
    assert refused.code != 0
    assert "GATEWRIGHT_ADOPT=workers/ask" in refused.text
    adopting = {"GATEWRIGHT_ADOPT": "workers/ask"}
    taken = project.gatewright("local", "up", "--yes", "--skip-preview", **adopting)
    assert taken.code == 0, taken.text
    assert "1 imported" in taken.text
    verified = project.gatewright("verify", "--local")
    assert "worker ask: 9 of 9 fields the same" in verified.out


def test_without_npm_all_but_the_workers_is_checked(project: Project, tmp_path: Path) -> None:
    bare_home, programs = tmp_path / "home", tmp_path / "bin"
    bare_home.mkdir()
    for name in ("engines", "pulumi"):
        (bare_home / name).symlink_to(home() / name)
    programs.mkdir()
    for folder in os.environ["PATH"].split(os.pathsep):
        for found in Path(folder).glob("*"):
            link = programs / found.name
            if found.name != "npm" and not link.is_symlink():
                link.symlink_to(found)
    without = {"PATH": str(programs), "GATEWRIGHT_HOME": str(bare_home), "CI": ""}
    done = project.gatewright("demo", **without)
    assert done.code == 0, done.text
    assert "warning: Workers do not run here: `npm` is not on PATH" in done.err
    assert "hint: install Node.js" in done.err
    assert "warning: Workers are not checked" in done.err
    assert "workers/ask" not in done.out
    assert " passed" in done.out
    required = project.gatewright("smoke", "--local", **without | {"CI": "true"})
    assert required.code == 8
    assert "`npm` is not on PATH" in required.err
