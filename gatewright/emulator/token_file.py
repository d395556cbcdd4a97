"""The file that holds the deploying token's value.

Raises `StartError` with one sentence for a file that can't be used.
"""

import os
from pathlib import Path

from gatewright.emulator.failure import StartError
from gatewright.emulator.identity import new_value

#: Any value Cloudflare has ever given out is longer than this.
_SHORTEST = 40


def read_or_create(path: Path) -> str:
    """The value in the file; a file that does not exist is made, readable by its owner only."""
    try:
        value = path.read_text("utf-8").strip()
    except FileNotFoundError:
        return _create(path)
    except (OSError, ValueError) as error:
        raise StartError(f"cannot read token file `{path}`: {_reason(error)}") from error
    if len(value) < _SHORTEST or not value.isascii() or not value.isprintable() or " " in value:
        raise StartError(f"token file `{path}` does not hold an API token")
    return value


def _create(path: Path) -> str:
    value = new_value()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another emulator was quicker
        return read_or_create(path)
    except OSError as error:
        raise _unwritten(path, error) from error
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(value + "\n")
    except OSError as error:
        path.unlink()  # half a token would be in the way of the next start
        raise _unwritten(path, error) from error
    return value


def _unwritten(path: Path, error: OSError) -> StartError:
    return StartError(f"cannot write token file `{path}`: {_reason(error)}")


def _reason(error: Exception) -> str:
    reason = error.strerror if isinstance(error, OSError) else None
    return (reason or "it is not text").lower()
