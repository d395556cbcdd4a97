"""What a build from Go modules is made of: the module files and the commands' arguments."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gatewright.engine.found import LANGUAGE_HOST
from gatewright.engine.version import PINNED

_MODULES = Path(__file__).with_name("modules")

SDK_MODULE = "github.com/pulumi/pulumi/sdk/v3"
"""Carries, beside Go code, the files of `EXTRA_FILES`."""

EXTRA_FILES = (
    "python/cmd/pulumi-language-python-exec",
    "python/dist/pulumi-resource-pulumi-python",
)
"""What the language host starts, and what a program with a dynamic resource starts."""

LINKER_FLAGS = f"-s -w -X {SDK_MODULE}/go/common/version.Version={PINNED}"


@dataclass(frozen=True, slots=True)
class Target:
    """A program, the folder of module files it is built in, and its Go package."""

    program: str
    module: str
    package: str


ENGINE = Target("pulumi", "engine", "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi")

# A module of its own: the last release that had the language host in a tagged module is far
# older than the engine, and one build cannot hold two versions of the SDK's Go module.
HOST = Target(LANGUAGE_HOST, "language_host", f"{SDK_MODULE}/python/cmd/pulumi-language-python")

TARGETS = (ENGINE, HOST)


def module_files() -> Iterator[tuple[str, bytes]]:
    """Each module file as (path relative to the modules' folder, content)."""
    for target in TARGETS:
        for name in ("go.mod", "go.sum"):
            yield f"{target.module}/{name}", (_MODULES / target.module / name).read_bytes()


def write_modules(folder: Path) -> None:
    """Copy the module files, for the package's own folder may be read-only."""
    for name, content in module_files():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def fingerprint() -> str:
    """Changes with anything that changes what is built."""
    digest = hashlib.sha256(repr((TARGETS, EXTRA_FILES, LINKER_FLAGS)).encode())
    for name, content in module_files():
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]
