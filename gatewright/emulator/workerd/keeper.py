"""A small process between the stand-in and workerd: whoever of them dies, no workerd stays.

    python keeper.py FD COMMAND…

Its standard input is a pipe whose other end the stand-in holds: when that closes, for
whatever reason, ``kill -9`` included, workerd is ended. When this process is killed
itself, Linux ends workerd for it. ``FD`` is handed on to workerd and closed here, so that
its end of file tells of workerd's death. Run by path and without site packages: it imports
nothing of ours and starts in milliseconds.
"""

import ctypes
import os
import signal
import sys
import time
from types import FrameType

_PR_SET_PDEATHSIG = 1
#: Seconds that workerd has to end by itself.
_PATIENCE = 2.0


def main(descriptor: int, command: list[str]) -> None:
    """Run ``command`` until standard input ends or it does; exits with its code."""
    keeper = os.getpid()
    pid = os.fork()
    if pid == 0:
        _become(descriptor, command, keeper)
    os.close(descriptor)

    def ended(signum: int, frame: FrameType | None) -> None:
        del signum, frame
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            os._exit(os.waitstatus_to_exitcode(status) & 0xFF)

    def told(signum: int, frame: FrameType | None) -> None:
        del signum, frame
        _end(pid)

    signal.signal(signal.SIGCHLD, ended)
    signal.signal(signal.SIGTERM, told)
    ended(0, None)  # it may have died before anybody listened
    while os.read(0, 4096):
        pass
    _end(pid)


def _become(descriptor: int, command: list[str], keeper: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != keeper:  # it died before this was asked for
            os._exit(1)
    os.set_inheritable(descriptor, True)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    try:
        os.execv(command[0], command)  # noqa: S606 - a program without a shell, as wanted
    except OSError as error:
        os.write(2, f"cannot run {command[0]}: {error.strerror}\n".encode())
    os._exit(127)


def _end(pid: int) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if os.waitpid(pid, os.WNOHANG)[0]:
            os._exit(0)
        time.sleep(0.005)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
