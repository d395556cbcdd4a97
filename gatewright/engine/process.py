"""A long child process: bounded, with a sign of life, and gone with all its own children."""

import contextlib
import os
import re
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from gatewright.engine.closed import WayClosedError
from gatewright.engine.heartbeat import Heartbeat, duration

_TICK = 0.25
_TAIL_LINES = 15
_USER_IN_URL = re.compile(r"://[^/@\s]+@")


def run(
    command: Sequence[str],
    *,
    folder: Path,
    environ: Mapping[str, str],
    log: Path,
    limit: float,
    heartbeat: Heartbeat,
) -> int:
    """Run ``command`` in ``folder`` with its output in ``log``; its exit code.

    After ``limit`` seconds (counted by the heartbeat's clock), and whenever the wait is
    interrupted, the child and its descendants are killed: they work in a
    folder that is thrown away. Raises WayClosedError at the limit or if the program
    does not start.
    """
    with log.open("wb") as output:
        try:
            child = subprocess.Popen(
                command,
                cwd=folder,
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise WayClosedError(f"`{command[0]}` does not start: {error.strerror}") from None
        with child:
            try:
                return _wait(child, command, limit, heartbeat)
            finally:
                _kill_group(child)


def tail(log: Path) -> str:
    """The last lines of ``log``, without log-in names and passwords in addresses."""
    lines = log.read_text(errors="replace").strip().splitlines()
    return _USER_IN_URL.sub("://…@", "\n".join(lines[-_TAIL_LINES:]))


def _wait(
    child: subprocess.Popen[bytes], command: Sequence[str], limit: float, heartbeat: Heartbeat
) -> int:
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return child.wait(timeout=_TICK)
        if heartbeat.elapsed > limit:
            program = Path(command[0]).name
            raise WayClosedError(f"`{program}` was stopped: not finished in {duration(limit)}")
        heartbeat.beat()


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    # A child that was waited for has given up its number: the group may be another's by now.
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
