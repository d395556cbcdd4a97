"""A folder to install and build in: one process at a time, and nothing left of it."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from gatewright.engine.heartbeat import Heartbeat, duration
from gatewright.engine.surroundings import Surroundings
from gatewright.errors import CouldNotRunError

GO_CACHE = "go-cache"
"""The one entry of the workplace that can be kept."""

_WAIT_LIMIT = 3600.0
_TICK = 0.25
_REMOVE_ATTEMPTS = 3


@contextlib.contextmanager
def workplace(home: Path, around: Surroundings) -> Iterator[Path]:
    """An empty folder in ``home`` that this process has to itself.

    Another process that has it is waited for, at most an hour; a killed
    one's leftovers are removed. Raises CouldNotRunError if the folder cannot be had.
    """
    folder = home / "build"
    lock = FileLock(home / "engine.lock")
    try:
        home.mkdir(parents=True, exist_ok=True)
        _acquire(lock, around)
        _clear(folder, keep_cache=around.keep_build_cache)
        folder.mkdir(exist_ok=True)
    except OSError as error:
        lock.release()
        raise CouldNotRunError(
            f"cannot write to `{home}`, where the engine is kept: {error.strerror or error}",
            hint="set `GATEWRIGHT_HOME` to a folder of yours with 5.5 GB of room",
        ) from None
    try:
        yield folder
    finally:
        _clear(folder, keep_cache=around.keep_build_cache)
        lock.release()


def _acquire(lock: FileLock, around: Surroundings) -> None:
    doing = "waiting for another process that is making the engine"
    heartbeat = Heartbeat(doing, say=around.say, clock=around.clock)
    with contextlib.suppress(Timeout):
        lock.acquire(timeout=0)
        return
    around.say(doing)
    while heartbeat.elapsed <= _WAIT_LIMIT:
        with contextlib.suppress(Timeout):
            lock.acquire(timeout=_TICK)
            return
        heartbeat.beat()
    raise CouldNotRunError(
        f"another process has been making the engine for {duration(_WAIT_LIMIT)}",
        hint="stop that process, or set `GATEWRIGHT_HOME` to another folder",
    )


def _clear(folder: Path, *, keep_cache: bool) -> None:
    entries = list(folder.iterdir()) if folder.is_dir() else []
    for entry in entries:
        if not (keep_cache and entry.name == GO_CACHE):
            _remove(entry)
    with contextlib.suppress(OSError):
        folder.rmdir()


def _remove(path: Path) -> None:
    # More than once: a process that was just killed may have made one more file.
    for _ in range(_REMOVE_ATTEMPTS):
        with contextlib.suppress(OSError):
            if not path.is_dir():
                path.unlink(missing_ok=True)
                return
            # Go makes the folders of its module cache read-only.
            for parent, _folders, _files in os.walk(path):
                Path(parent).chmod(0o700)
            shutil.rmtree(path)
