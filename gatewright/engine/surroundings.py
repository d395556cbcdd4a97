"""What the search for an engine touches of its machine, in one place for tests to replace."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_INSTALLER = Path(__file__).with_name("install_child.py")


def free_bytes(folder: Path) -> int:
    """Bytes that this user may still write where ``folder`` lies."""
    return shutil.disk_usage(folder).free


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The environment variables, the listener, the clock (in s), the disk and the installer."""

    say: Callable[[str], None]
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    clock: Callable[[], float] = time.monotonic
    free_bytes: Callable[[Path], int] = free_bytes
    # -P: the folder of the script is no place to import from.
    installer: tuple[str, ...] = (sys.executable, "-P", str(_INSTALLER))

    @property
    def keep_build_cache(self) -> bool:
        """Whether Go's caches outlive the build: 3.6 GB that make the next one short."""
        return self.environ.get("GATEWRIGHT_KEEP_BUILD_CACHE") == "1"
