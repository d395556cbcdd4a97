"""The real wrangler, of the version that package.json pins."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from contract.account import Account

PROGRAM = Path(__file__).parents[1] / "node" / "node_modules" / ".bin" / "wrangler"
#: It would look for news of itself and send statistics otherwise.
_QUIET = {
    "CI": "1",
    "NO_COLOR": "1",
    "WRANGLER_HIDE_BANNER": "true",
    "WRANGLER_SEND_ERROR_REPORTS": "false",
    "WRANGLER_SEND_METRICS": "false",
}


def required() -> None:
    """Skip where there is no Node.js, except in CI."""
    if PROGRAM.exists() and shutil.which("node"):
        return
    why = "wrangler is missing: install Node.js with npm, then run `make node`"
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


def project(folder: Path, name: str, code: str, main: str = "worker.ts") -> Path:
    """A folder with a Worker and its configuration."""
    folder.mkdir(exist_ok=True)
    (folder / main).write_text(code)
    configuration = {
        "name": name,
        "main": main,
        "compatibility_date": "2026-02-01",
        "workers_dev": True,
        "ai": {"binding": "AI"},
    }
    (folder / "wrangler.json").write_text(json.dumps(configuration))
    return folder


def wrangler(
    folder: Path, account: Account, *arguments: str, token: str | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run it in a project, with the account in its environment."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "NO_PROXY": "127.0.0.1",
        "WRANGLER_LOG_PATH": str(folder / "logs"),
        "CLOUDFLARE_ACCOUNT_ID": account.id,
        "CLOUDFLARE_API_TOKEN": token or account.token,
        "CLOUDFLARE_API_BASE_URL": account.api_url,
    }
    return subprocess.run(
        [PROGRAM, *arguments],
        cwd=folder,
        env=environment | _QUIET,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
