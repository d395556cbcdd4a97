"""One fetch for all clones and wheels of a user."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from gatewright.errors import CouldNotRunError
from gatewright.npm.tool import Tool

_REGISTRY = "npm asks its registry: `npm ping` says whether it can be reached"
_SECONDS = 600
_OPTIONS = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def fetch(tool: Tool, home: Path, say: Callable[[str], None]) -> Path:
    """The program's path; fetched by npm into ``home`` if it is not there yet.

    Raises `CouldNotRunError`: no npm, no network, no package for this platform.
    """
    folder = home / "npm" / f"{tool.name}-{tool.version}"
    program = folder / tool.executable
    if program.is_file():
        return program
    npm = shutil.which("npm")
    if npm is None:
        raise CouldNotRunError(
            f"`npm` is not on PATH: it is needed, once, to fetch {tool.name}, which is needed "
            f"to {tool.purpose}",
            hint="install Node.js, which brings `npm`",
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if not program.is_file():
            say(f"{tool.name} {tool.version}: fetched by npm, once ({tool.size})")
            _install(npm, tool, folder)
    if not program.is_file():
        raise CouldNotRunError(f"npm's {tool.package} {tool.version} has no {tool.executable.name}")
    return program


def _install(npm: str, tool: Tool, folder: Path) -> None:
    """Into a folder beside, then all at once into place."""
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f"{tool.name}-") as text:
        making = Path(text)
        if _is_locked(tool):
            shutil.copytree(tool.lock, making, dirs_exist_ok=True)
            command = [npm, "ci", *_OPTIONS]
        else:
            # No checksum of ours for this platform: npm compares with the registry's own.
            package = f"{tool.package}@{tool.version}"
            command = [npm, "install", "--no-save", "--no-package-lock", *_OPTIONS, package]
        _run(command, making, tool)
        shutil.rmtree(folder, ignore_errors=True)
        made = making / "node_modules"
        folder.mkdir()
        made.rename(folder / "node_modules")


def _is_locked(tool: Tool) -> bool:
    lock = json.loads((tool.lock / "package-lock.json").read_text())
    return f"node_modules/{tool.package}" in lock["packages"]


def _run(command: list[str], folder: Path, tool: Tool) -> None:
    try:
        subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "NO_UPDATE_NOTIFIER": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        lines = (error.stderr or error.stdout or "").strip().splitlines()
        said = next((line for line in lines if line.strip()), "it did not say why")
        raise CouldNotRunError(
            f"npm could not fetch {tool.name} {tool.version}: {said.removeprefix('npm error ')}",
            hint=_REGISTRY,
        ) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CouldNotRunError(
            f"npm could not fetch {tool.name} {tool.version}: {error}", hint=_REGISTRY
        ) from error
