"""The ways to an engine, in order."""

import os
from collections.abc import Callable
from pathlib import Path

from gatewright import places
from gatewright.engine import on_path, store
from gatewright.engine.closed import WayClosedError
from gatewright.engine.found import Engine
from gatewright.engine.surroundings import Surroundings


def find(*, home: Path | None = None, say: Callable[[str], None]) -> Engine:
    """The engine to use: from PATH, kept from an earlier run, installed, or built.

    ``home`` is where engines are kept; None means `places.home`. ``say`` is
    given one line at a time: which engine it is, why a way was not taken, and
    signs of life while one is being made. Raises CouldNotRunError, naming each
    way and why it is closed.
    """
    return search(places.home() if home is None else home.absolute(), Surroundings(say))


def at_hand() -> Engine | None:
    """The engine that `find` would give without making one; None if it would make one."""
    home = places.home()
    try:
        return on_path.find(os.environ, own=home)
    except WayClosedError:
        return store.cached(home, environ=os.environ)


def search(home: Path, around: Surroundings) -> Engine:
    """`find` in given surroundings."""
    engine = _search(home, around)
    around.say(f"engine: {engine.description}")
    return engine


def _search(home: Path, around: Surroundings) -> Engine:
    try:
        return on_path.find(around.environ, own=home)
    except WayClosedError as error:
        not_on_path = error.reason
        if error.noteworthy:
            around.say(f"cannot use `pulumi` on PATH: {not_on_path}")
    kept = store.cached(home, environ=around.environ)
    if kept is not None:
        return kept
    # Locks, the installer and Go are of the first run only: others need not wait for them.
    from gatewright.engine.making import make  # noqa: PLC0415 (as the line above says)

    return make(home, around, not_on_path=not_on_path)
