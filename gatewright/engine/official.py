"""The second way: Pulumi's own installer, through its Python SDK."""

from pathlib import Path

from gatewright.engine import process, store
from gatewright.engine.closed import WayClosedError
from gatewright.engine.found import Engine, Origin
from gatewright.engine.heartbeat import Heartbeat
from gatewright.engine.surroundings import Surroundings
from gatewright.engine.version import PINNED

_LIMIT = 600.0


def install(work: Path, home: Path, around: Surroundings) -> Engine:
    """Install the pinned engine under ``home``; WayClosedError if that fails or takes 10 min.

    A child process does it: it imports Pulumi, and what it or Pulumi's script
    writes beside the engine goes to a home folder that is thrown away.
    """
    around.say(f"trying Pulumi's official installer for `pulumi` {PINNED}")
    made, scratch, log = work / "installed", work / "scratch", work / "installer.log"
    scratch.mkdir()
    code = process.run(
        [*around.installer, str(made), PINNED],
        folder=scratch,
        environ={
            **around.environ,
            "HOME": str(scratch),
            "PULUMI_HOME": str(scratch),
            "TMPDIR": str(scratch),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        },
        log=log,
        limit=_LIMIT,
        heartbeat=Heartbeat("installing", say=around.say, clock=around.clock),
    )
    if code != 0:
        raise WayClosedError(process.tail(log) or f"it exits with {code}")
    return store.adopt(made, home, origin=Origin.INSTALLER, environ=around.environ)
