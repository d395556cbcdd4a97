"""The command line."""

import gc
import sys

from gatewright.cli import lane

__all__ = ["main"]


def main() -> None:
    """Run the command line and exit with a code of `gatewright.errors.ExitCode`."""
    code = lane.run(sys.argv[1:])
    if code is None:
        from gatewright.cli import boundary  # noqa: PLC0415  # the lane is to be without it

        code = boundary.run(sys.argv[1:])
    # At its end Python looks for garbage among all that was ever made. For a short command
    # that is a tenth of its time, and the memory goes back with the process in any case.
    gc.freeze()
    sys.exit(code)
