"""`gatewright --version`: ours, and what a deployment would use."""

import importlib.metadata
import os
import platform
from pathlib import Path

from gatewright import __version__
from gatewright.engine import MINIMUM, at_hand


def text() -> str:
    """Versions of gatewright, Python, engine and provider; nothing is fetched or made."""
    return (
        f"gatewright {__version__}\n"
        f"python     {platform.python_version()}\n"
        f"engine     {_engine()}\n"
        f"provider   {_provider()}"
    )


def _engine() -> str:
    found = at_hand()
    if found:
        return found.description
    return f"none yet: `gatewright env` gets one, or install Pulumi {MINIMUM} or newer"


def _provider() -> str:
    version = importlib.metadata.version("pulumi-cloudflare")
    # Asking the engine takes half a second; where it looks is documented: `pulumi plugin install`.
    pulumi = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    is_there = (pulumi / "plugins" / f"resource-cloudflare-v{version}").is_dir()
    said = "its plugin is installed" if is_there else "its plugin is not installed yet"
    return f"pulumi-cloudflare {version}, {said}"
