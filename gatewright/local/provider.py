"""Which `cloudflare` provider plugin the engine uses: the official one where it can be had."""

import importlib.metadata
import json
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gatewright.engine import Engine
from gatewright.local.folder import Folder

EXECUTABLE = "pulumi-resource-cloudflare"

_INSTALL_SECONDS = 300
_TRY_AGAIN_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class ProviderPlugin:
    """The plugin in use: one line for people, and the folder its PATH needs, if any."""

    description: str
    official: bool
    folder: Path | None = None


def choose(engine: Engine, environment: Mapping[str, str], folder: Folder) -> ProviderPlugin:
    """The official plugin if the engine has it or can install it, else the stand-in."""
    version = importlib.metadata.version("pulumi-cloudflare")
    if _installed(engine, environment, version) or _install(engine, environment, version, folder):
        return _official(version)
    return _stand_in(version, folder, "could not be installed")


def present(home: Path, folder: Folder) -> ProviderPlugin:
    """The official plugin if Pulumi's ``home`` has it, else the stand-in: nothing is fetched."""
    version = importlib.metadata.version("pulumi-cloudflare")
    if (home / "plugins" / f"resource-cloudflare-v{version}").is_dir():
        return _official(version)
    return _stand_in(version, folder, "is not installed here")


def _official(version: str) -> ProviderPlugin:
    return ProviderPlugin(f"pulumi-cloudflare {version}, the official plugin", official=True)


def _stand_in(version: str, folder: Folder, why: str) -> ProviderPlugin:
    said = f"gatewright's stand-in for pulumi-cloudflare {version}, because the official plugin"
    return ProviderPlugin(f"{said} {why}", official=False, folder=_write_launcher(folder))


def _installed(engine: Engine, environment: Mapping[str, str], version: str) -> bool:
    listed = _pulumi(engine, environment, "plugin", "ls", "--json")
    if listed is None:
        return False
    return any(
        plugin["name"] == "cloudflare" and plugin.get("version") == version
        for plugin in json.loads(listed)
    )


def _install(engine: Engine, environment: Mapping[str, str], version: str, folder: Folder) -> bool:
    """Try, but not at every start: where the vendor's site is out of reach it costs seconds."""
    refused = folder.provider / f"official-{version}-not-available"
    if refused.exists() and time.time() - refused.stat().st_mtime < _TRY_AGAIN_SECONDS:
        return False
    if _pulumi(engine, environment, "plugin", "install", "resource", "cloudflare", version) is None:
        refused.touch()
        return False
    return True


def _pulumi(engine: Engine, environment: Mapping[str, str], *arguments: str) -> str | None:
    """Standard output, or None if the command failed."""
    try:
        done = subprocess.run(
            [str(engine.executable), *arguments],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_INSTALL_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def _write_launcher(folder: Folder) -> Path:
    """The engine runs an executable of this name from PATH when no plugin is installed."""
    launcher = folder.provider / EXECUTABLE
    text = f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m gatewright.provider "$@"\n'
    if not launcher.exists() or launcher.read_text() != text:
        launcher.write_text(text)
        launcher.chmod(0o755)
    return folder.provider
