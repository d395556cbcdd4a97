"""A browser as people use it: headless Chromium, spoken to in the WebDriver protocol."""

import os
import re
import shutil
import subprocess
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

#: Seconds that anything on a page may take on a busy machine.
PATIENCE = 30

_READY = re.compile(r"started successfully on port (\d+)")
_SCRIPTS_OFF = 2


class Browser:
    def __init__(self, client: httpx.Client, session: str) -> None:
        self._client = client
        self._session = session

    def open(self, url: str) -> None:
        self._post("url", {"url": url})

    def resize(self, width: int, height: int = 900) -> None:
        """The inside of the window, which `window/rect` can't make narrow."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.command("Emulation.setDeviceMetricsOverride", metrics)

    def prefer(self, scheme: str) -> None:
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.command("Emulation.setEmulatedMedia", {"features": [feature]})

    def command(self, name: str, params: dict[str, Any]) -> Any:
        return self._post("goog/cdp/execute", {"cmd": name, "params": params})

    def run(self, script: str, *arguments: Any) -> Any:
        return self._post("execute/sync", {"script": script, "args": list(arguments)})

    def run_async(self, script: str) -> Any:
        return self._post("execute/async", {"script": script, "args": []})

    def source(self) -> str:
        return self._get("source")

    def errors(self) -> list[str]:
        """What the browser complained about since it was asked last."""
        entries = self._post("se/log", {"type": "browser"})
        return [one["message"] for one in entries if one["level"] == "SEVERE"]

    def screenshot(self) -> bytes:
        return b64decode(self._get("screenshot"))

    def close(self) -> None:
        self._client.delete(f"/session/{self._session}")

    def _get(self, name: str) -> Any:
        return self._value(self._client.get(f"/session/{self._session}/{name}"))

    def _post(self, name: str, body: dict[str, Any]) -> Any:
        return self._value(self._client.post(f"/session/{self._session}/{name}", json=body))

    @staticmethod
    def _value(answer: httpx.Response) -> Any:
        assert answer.status_code == 200, answer.text
        return answer.json()["value"]


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for what a page does by itself."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.05)


@contextmanager
def browser(folder: Path, *, scripts: bool = True) -> Iterator[Browser]:
    """A browser with a profile of its own; without one no test runs, and in CI it fails."""
    driver, chromium = shutil.which("chromedriver"), shutil.which("chromium")
    if driver is None or chromium is None:
        reason = "needs Chromium: `apt-get install chromium chromium-driver`"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    process = subprocess.Popen(
        [driver, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{_port(process)}", trust_env=False, timeout=60
        ) as client:
            opened = Browser(client, _session(client, chromium, folder, scripts=scripts))
            try:
                yield opened
            finally:
                opened.close()
    finally:
        process.terminate()
        process.communicate()


def _port(process: subprocess.Popen[str]) -> int:
    for line in process.stdout or ():
        found = _READY.search(line)
        if found:
            return int(found[1])
    raise AssertionError("chromedriver ended without listening")


def _session(client: httpx.Client, chromium: str, folder: Path, *, scripts: bool) -> str:
    options: dict[str, Any] = {
        "binary": chromium,
        "args": [
            "--headless=new",
            "--no-sandbox",  # CI's user is root
            "--disable-gpu",
            "--disable-dev-shm-usage",
            f"--user-data-dir={folder}",
        ],
    }
    if not scripts:
        options["prefs"] = {"profile.managed_default_content_settings.javascript": _SCRIPTS_OFF}
    wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
    answer = client.post("/session", json={"capabilities": {"alwaysMatch": wanted}})
    assert answer.status_code == 200, answer.text
    session: str = answer.json()["value"]["sessionId"]
    return session
