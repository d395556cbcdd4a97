"""The engines kept in the home folder: one folder each, valid only with its manifest.

HOME/engines/3.259.0-go-linux-x86_64-<fingerprint>/manifest.json
                                                   bin/pulumi …
"""

import json
import platform
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gatewright.engine.closed import WayClosedError
from gatewright.engine.found import LANGUAGE_HOST, Engine, Origin
from gatewright.engine.recipe import fingerprint
from gatewright.engine.version import PINNED, ask

_MANIFEST = "manifest.json"
# In the order of preference.
_KEPT = (Origin.INSTALLER, Origin.GO_BUILD)


def cached(home: Path, *, environ: Mapping[str, str]) -> Engine | None:
    """An engine made earlier and unchanged since; None if there is none."""
    for origin in _KEPT:
        folder = _folder(home, origin)
        if _is_whole(folder, environ):
            return _engine(folder, origin)
    return None


def adopt(made: Path, home: Path, *, origin: Origin, environ: Mapping[str, str]) -> Engine:
    """Check the engine in ``made``/bin and move the folder to its place, in one step.

    ``made`` lies in a folder that is thrown away, and an invalid engine in
    the way goes there too. Raises WayClosedError if the engine is not the one wanted.
    """
    version = ask(made / "bin" / "pulumi", environ=environ)
    if version != PINNED:
        raise WayClosedError(f"it made `pulumi` {version}, not {PINNED}")
    if not (made / "bin" / LANGUAGE_HOST).is_file():
        raise WayClosedError(f"it made no `{LANGUAGE_HOST}`")
    (made / _MANIFEST).write_text(json.dumps(_measured(made / "bin"), indent=1))
    place = _folder(home, origin)
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        place.rename(made.with_name("replaced"))
    made.rename(place)
    return _engine(place, origin)


def _folder(home: Path, origin: Origin) -> Path:
    machine = f"{sys.platform}-{platform.machine()}"
    if origin is Origin.INSTALLER:
        return home / "engines" / f"{PINNED}-installer-{machine}"
    return home / "engines" / f"{PINNED}-go-{machine}-{fingerprint()}"


def _engine(folder: Path, origin: Origin) -> Engine:
    return Engine(folder / "bin" / "pulumi", PINNED, origin, (folder / "bin",))


def _measured(folder: Path) -> dict[str, dict[str, int]]:
    status = {file.name: file.stat() for file in sorted(folder.iterdir())}
    return {
        name: {"size": found.st_size, "mtime_ns": found.st_mtime_ns}
        for name, found in status.items()
    }


def _is_whole(folder: Path, environ: Mapping[str, str]) -> bool:
    try:
        expected: Any = json.loads((folder / _MANIFEST).read_bytes())
        actual = _measured(folder / "bin")
        if actual == expected:
            return True
        # Copied or restored from an archive: the times are new, the rest is as it was.
        return _sizes(actual) == _sizes(expected) and _runs(folder, environ)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return False


def _sizes(files: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    return {name: file["size"] for name, file in files.items()}


def _runs(folder: Path, environ: Mapping[str, str]) -> bool:
    try:
        return ask(folder / "bin" / "pulumi", environ=environ) == PINNED
    except WayClosedError:
        return False
