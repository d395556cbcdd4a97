"""What an engine that died at once leaves behind."""

import os
import signal
from pathlib import Path

_MARK = "GATEWRIGHT_RUN"


def mark() -> dict[str, str]:
    """The environment variable by which the children of this process are known."""
    return {_MARK: str(os.getpid())}


def end() -> None:
    """End what carries our mark and still runs; where there is /proc, that is.

    Interrupted at its very start, or killed, the engine does not stop its language host.
    """
    marked = f"{_MARK}={os.getpid()}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if marked in (entry / "environ").read_bytes().split(b"\0"):
                os.kill(int(entry.name), signal.SIGTERM)
        except OSError:
            continue
