"""What can be fetched, and as which package for which platform."""

import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gatewright.errors import CouldNotRunError

_MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True, slots=True)
class Tool:
    """A program of one version; ``packages`` are its npm packages by platform.

    ``purpose`` completes "needed to …".
    """

    name: str
    version: str
    purpose: str
    size: str
    packages: Mapping[str, str]

    @property
    def package(self) -> str:
        """The package for this machine; raises `CouldNotRunError` where there is none."""
        key = f"{sys.platform}-{_MACHINES.get(platform.machine().lower(), '')}"
        if key not in self.packages:
            raise CouldNotRunError(f"there is no {self.name} for {sys.platform} on this machine")
        return self.packages[key]

    @property
    def executable(self) -> Path:
        """The program below the folder that npm filled."""
        return Path("node_modules", self.package, "bin", self.name)

    @property
    def lock(self) -> Path:
        """The folder with package.json and package-lock.json, which pins checksums."""
        return Path(__file__).with_name(self.name)


WORKERD = Tool(
    "workerd",
    "1.20261117.1",
    "run Workers on this machine",
    "47 MB",
    {
        "linux-x64": "@cloudflare/workerd-linux-64",
        "linux-arm64": "@cloudflare/workerd-linux-arm64",
        "darwin-x64": "@cloudflare/workerd-darwin-64",
        "darwin-arm64": "@cloudflare/workerd-darwin-arm64",
    },
)
ESBUILD = Tool(
    "esbuild",
    "0.28.2",
    "deploy a Worker written in TypeScript",
    "4 MB",
    {
        "linux-x64": "@esbuild/linux-x64",
        "linux-arm64": "@esbuild/linux-arm64",
        "darwin-x64": "@esbuild/darwin-x64",
        "darwin-arm64": "@esbuild/darwin-arm64",
    },
)
