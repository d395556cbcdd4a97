"""The first way: the `pulumi` that the user has."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from gatewright.engine.closed import WayClosedError
from gatewright.engine.found import LANGUAGE_HOST, Engine, Origin
from gatewright.engine.version import MINIMUM, ask, is_too_old


def find(environ: Mapping[str, str], *, own: Path) -> Engine:
    """The engine on PATH; WayClosedError if there is none, or none that will do.

    Folders inside ``own`` do not count: a shell prepared by us has the engine
    kept there on its PATH, and that one is known better from its manifest.
    """
    path = _without(own, environ.get("PATH", ""))
    found = shutil.which("pulumi", path=path)
    if found is None:
        raise WayClosedError("there is none", noteworthy=False)
    executable = Path(found).absolute()
    version = ask(executable, environ=environ)
    if is_too_old(version):
        raise WayClosedError(f"`{executable}` is {version}, older than {MINIMUM}")
    host = _language_host(executable, path)
    if host is None:
        raise WayClosedError(
            f"`{executable}` ({version}) has no `{LANGUAGE_HOST}` beside it or on PATH"
        )
    entries = tuple(dict.fromkeys((executable.parent, host.parent)))
    return Engine(executable, version, Origin.PATH, entries)


def _without(own: Path, path: str) -> str:
    kept = (
        entry
        for entry in path.split(os.pathsep)
        if entry and not Path(entry).resolve().is_relative_to(own.resolve())
    )
    return os.pathsep.join(kept)


def _language_host(executable: Path, path: str) -> Path | None:
    # In the engine's own order: PATH, then beside the program behind the links.
    beside = os.pathsep.join((str(executable.parent), str(executable.resolve().parent)))
    host = shutil.which(LANGUAGE_HOST, path=f"{path}{os.pathsep}{beside}")
    return None if host is None else Path(host).absolute()
