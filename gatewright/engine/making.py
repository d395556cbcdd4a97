"""How an engine is made where there is none: installed or built, one process at a time."""

import textwrap
from collections.abc import Mapping
from pathlib import Path

from gatewright.engine import go_build, official, store, toolchain
from gatewright.engine.closed import WayClosedError
from gatewright.engine.found import Engine
from gatewright.engine.surroundings import Surroundings
from gatewright.engine.version import MINIMUM
from gatewright.engine.workplace import workplace
from gatewright.errors import CouldNotRunError

_INSTALLER = "Pulumi's official installer"


def make(home: Path, around: Surroundings, *, not_on_path: str) -> Engine:
    """An engine newly kept under ``home``, or made by another process in the meantime.

    Raises CouldNotRunError if it cannot be; ``not_on_path``, why the one on PATH will
    not do, is then part of the account.
    """
    with workplace(home, around) as work:
        kept = store.cached(home, environ=around.environ)
        if kept is not None:
            return kept
        try:
            return official.install(work, home, around)
        except (WayClosedError, OSError) as error:
            not_installed = str(error)
            around.say(f"cannot use {_INSTALLER}: {not_installed}")
        try:
            return go_build.build(work, home, around)
        except (WayClosedError, OSError) as error:
            not_built = str(error)
    ways = {
        "`pulumi` on PATH": not_on_path,
        _INSTALLER: not_installed,
        "a build from Go modules": not_built,
    }
    raise CouldNotRunError(
        f"no Pulumi engine could be found or made{_listed(ways)}",
        hint=f"install Pulumi {MINIMUM} or newer (https://www.pulumi.com/docs/install/) "
        f"or Go {toolchain.needed()} or newer, and run the command again",
    )


def _listed(ways: Mapping[str, str]) -> str:
    return "".join(
        f"\n  {number}. {way}: {textwrap.indent(reason, '     ').lstrip()}"
        for number, (way, reason) in enumerate(ways.items(), start=1)
    )
