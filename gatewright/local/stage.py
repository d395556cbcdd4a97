"""A local Cloudflare for one use, with a backend of its own: nothing of it is kept.

What runs on it may be a stranger's: it gets no more of this process's environment than a
program needs to start, and proxies that lead nowhere, so that what honours them reaches
loopback only.
"""

import os
import shutil
import site
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from gatewright import engine
from gatewright.local import emulator, provider, workers
from gatewright.local.folder import Folder
from gatewright.local.session import environment_of

_PREFIX = "gatewright-rehearsal-"
#: A younger folder without a lock may be one that is just being made.
_OLD_SECONDS = 3600

#: By name, for what begins alike may be anybody's: `PYTHON_INDEX_TOKEN`, say.
_PASSED_ON = frozenset(
    {
        *("CI", "LANG", "LANGUAGE", "LOGNAME", "PATH", "SHELL", "TERM", "TZ", "USER"),
        *("LD_LIBRARY_PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH"),
        *("PYTHONPYCACHEPREFIX", "PYTHONSAFEPATH", "PYTHONUTF8", "PYTHONWARNINGS"),
    }
)
_LOCALE = "LC_"
_NOWHERE = "http://127.0.0.1:9"
_PROXIES = {
    spelled: _NOWHERE
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    for spelled in (name, name.lower())
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A running local Cloudflare; ``environment`` is all that the engine's children get."""

    engine: engine.Engine
    emulator: emulator.Emulator
    provider: provider.ProviderPlugin
    environment: Mapping[str, str]
    workers: workers.Runtime


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone in the end; what a killed process left of its own goes first."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        _sweep(left)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        with FileLock(folder / "lock"):
            yield folder


@contextmanager
def open_stage(
    folder: Path,
    found: engine.Engine,
    runtime: workers.Runtime,
    more: Mapping[str, str],
    *,
    emulator_options: Sequence[str] = (),
) -> Iterator[Stage]:
    """Start a local Cloudflare that keeps all in ``folder``; it is stopped in the end.

    ``more`` are environment variables for the program; none takes the place of what it needs.
    """
    own = Folder(folder)
    base = _environment(folder)
    with emulator.running(own, runtime.path, emulator_options, base) as running:
        home = _pulumi_home(folder)
        environment = environment_of(found, running, own, {**more, **base}, home)
        plugin = provider.present(home, own)
        if plugin.folder:
            environment["PATH"] = os.pathsep.join([str(plugin.folder), environment["PATH"]])
        # A plugin that is not there is not fetched.
        environment["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] = "true"
        yield Stage(found, running, plugin, environment, runtime)


def _environment(folder: Path) -> dict[str, str]:
    passed = {
        name: value
        for name, value in os.environ.items()
        if name in _PASSED_ON or name.startswith(_LOCALE)
    }
    places = {name: folder / name.lower() for name in ("HOME", "TMPDIR")}
    for place in places.values():
        place.mkdir()
    return {
        "PYTHONUSERBASE": site.getuserbase(),  # it would be looked for in the other HOME
        **passed,
        **_PROXIES,
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "GATEWRIGHT_HOME": str(engine.home()),
        **{name: str(place) for name, place in places.items()},
    }


def _pulumi_home(folder: Path) -> Path:
    """Its own, for Pulumi writes down there which stacks were used; with the plugins of all."""
    home, shared = folder / "pulumi", engine.home() / "pulumi" / "plugins"
    home.mkdir()
    if shared.is_dir():
        (home / "plugins").symlink_to(shared)
    return home


def _sweep(left: Path) -> None:
    try:
        if time.time() - left.stat().st_mtime < _OLD_SECONDS:
            return
        with FileLock(left / "lock", timeout=0):
            shutil.rmtree(left, ignore_errors=True)
    except (OSError, Timeout):
        return
