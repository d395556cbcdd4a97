"""Where what is fetched or built once is kept, for all clones and wheels of one user."""

import os
import sys
from pathlib import Path

from gatewright.errors import CouldNotRunError


def home() -> Path:
    """``GATEWRIGHT_HOME``, or `gatewright` in the user's cache folder; not made here.

    Raises CouldNotRunError where the user has no home folder.
    """
    try:
        return _home()
    except RuntimeError:
        raise CouldNotRunError(
            "no home folder to keep the engine and the npm tools in",
            hint="set `GATEWRIGHT_HOME` to a folder with 5.5 GB of room",
        ) from None


def _home() -> Path:
    chosen = os.environ.get("GATEWRIGHT_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/gatewright"
    cache = Path(os.environ.get("XDG_CACHE_HOME", ""))
    # The XDG rules: a relative path there is to be ignored.
    return (cache if cache.is_absolute() else Path.home() / ".cache") / "gatewright"
