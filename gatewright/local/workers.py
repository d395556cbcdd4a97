"""What runs the Workers of a project on this machine: Cloudflare's own runtime, by npm."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gatewright import npm
from gatewright.errors import CouldNotRunError
from gatewright.places import home

_SPECS = Path("gateways", "workers")


@dataclass(frozen=True, slots=True)
class Runtime:
    """workerd's path; without one, ``missing`` says why, if anything here needs it."""

    path: Path | None = None
    missing: str | None = None


def runtime(project: Path, say: Callable[[str], None]) -> Runtime:
    """workerd, fetched once, for a project that declares Workers.

    Where it cannot be had that is said, and all but the Workers goes on. Raises
    `CouldNotRunError` in CI, where nothing may be left unchecked.
    """
    folder = project / _SPECS
    return fetched(say) if any(folder.glob("*.y*ml")) else Runtime()


def fetched(say: Callable[[str], None]) -> Runtime:
    """The same whatever is declared."""
    try:
        return Runtime(npm.fetch(npm.WORKERD, home(), say))
    except CouldNotRunError as error:
        if os.environ.get("CI"):
            raise
        say(f"warning: Workers do not run here: {error}")
        if error.hint:
            say(f"hint: {error.hint}")
        return Runtime(missing=str(error))
