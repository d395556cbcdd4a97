"""Make `docs/images/dashboard.png` anew: an emulator with some calls, in headless Chromium.

    python docs/screenshot.py [FOLDER]

With a folder, the three kinds of pages go there instead, light and dark, wide and narrow.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"
IMAGE = Path(__file__).parent / "images" / "dashboard.png"

_CALLS = 260
_MODELS = ("@cf/meta/llama-3.1-8b-instruct", "@cf/meta/llama-3.3-70b-instruct-fp8-fast")
_QUESTIONS = (
    "What is a gateway?",
    "Summarize this page.",
    "Translate `hello` into French.",
    "Write a haiku about caches.",
    "Which model is cheapest?",
    "Explain rate limits to a child.",
    "Is this review kind?",
)

_GATEWAY = {
    "cache_invalidate_on_update": False,
    "cache_ttl": 600,
    "collect_logs": True,
    "rate_limiting_interval": 60,
    "rate_limiting_limit": 100,
    "authentication": True,
}
_BUDGET = {
    "enabled": True,
    "rules": [{"id": "team", "limit": 0.05, "limitType": "cost", "window": 86_400}],
}
_PERMISSIONS = ("644535f4ed854494a59cb289d634b257", "a92d2450e05d4e7bb7d0a64968f83d11")


@contextlib.contextmanager
def emulator(folder: Path) -> Iterator[httpx.Client]:
    """A running emulator, and a client with its deploying token."""
    command = [sys.executable, "-m", "gatewright.emulator", "--exit-with-stdin"]
    command += ["--token-file", str(folder / "token")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        line = json.loads((process.stdout or sys.stdin).readline())
        token = (folder / "token").read_text().strip()
        url, headers = f"http://127.0.0.1:{line['port']}", {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=url, headers=headers, trust_env=False) as client:
            yield client
        process.terminate()


def fill(client: httpx.Client) -> str:
    """Gateways and calls to look at; returns the path of a log's page."""
    api = f"/client/v4/accounts/{ACCOUNT}"
    gateways = (("production", {"spend_limits": _BUDGET}), ("staging", {}), ("nightly", {}))
    for name, more in gateways:
        body = {"id": name, **_GATEWAY, **more}
        client.post(f"{api}/ai-gateway/gateways", json=body).raise_for_status()
    value = client.post(f"{api}/tokens", json=_token()).json()["result"]["value"]
    fault = {"path": "^workers-ai/", "nth": 23, "status": 503, "times": 3, "at": "provider"}
    client.post("/_emulator/faults", json=[fault])
    for number in range(_CALLS):
        client.post("/_emulator/clock", json={"advance": 3 + number * 7 % 23})
        gateway = "staging" if number % 5 == 1 else "production"
        model = _MODELS[number % len(_MODELS)]
        _ask(client, value, f"{gateway}/workers-ai/{model}", _QUESTIONS[number * number % 11 % 7])
    client.post("/_emulator/clock", json={"advance": 2})
    logs = client.get(f"{api}/ai-gateway/gateways/production/logs").json()["result"]
    return f"/dashboard/gateways/production/logs/{logs[0]['id']}"


def shoot(
    client: httpx.Client, path: str, target: Path, *, width: int, height: int, dark: bool
) -> None:
    """One picture of one page."""
    browser = shutil.which("chromium") or sys.exit(
        "error: needs Chromium: apt-get install chromium"
    )
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        command += [f"--user-data-dir={profile}", f"--window-size={width},{height}"]
        command += ["--force-dark-mode"] if dark else []
        command += [f"--screenshot={target}", f"{client.base_url}{path}"]
        subprocess.run(command, check=True, capture_output=True, env=dict(os.environ, HOME=profile))


def main() -> None:
    """All pictures."""
    with tempfile.TemporaryDirectory() as folder, emulator(Path(folder)) as client:
        log = fill(client)
        if len(sys.argv) == 1:
            shoot(client, "/?live=off", IMAGE, width=1280, height=900, dark=False)
            return
        pages = {"overview": "/", "gateway": "/dashboard/gateways/production", "log": log}
        for name, path in pages.items():
            for width in (360, 1280):
                for dark in (False, True):
                    target = Path(sys.argv[1]) / f"{name}-{width}-{'dark' if dark else 'light'}.png"
                    shoot(client, f"{path}?live=off", target, width=width, height=1400, dark=dark)


def _token() -> dict[str, Any]:
    groups = [{"id": one} for one in _PERMISSIONS]
    resources = {f"com.cloudflare.api.account.{ACCOUNT}": "*"}
    policy = {"effect": "allow", "permission_groups": groups, "resources": resources}
    return {"name": "screenshot", "policies": [policy]}


def _ask(client: httpx.Client, value: str, rest: str, prompt: str) -> None:
    bearer = f"Bearer {value}"
    headers = {"Authorization": bearer, "cf-aig-authorization": bearer}
    client.post(f"/v1/{ACCOUNT}/{rest}", json={"prompt": prompt}, headers=headers)


if __name__ == "__main__":
    main()
