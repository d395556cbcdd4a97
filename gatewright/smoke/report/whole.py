"""Files that are replaced whole."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write(path: Path, octets: bytes) -> None:
    """Whoever reads the file meets the old or the new, never a part; raises `OSError`."""
    if path.exists() and not path.is_file():  # a pipe, /dev/stderr
        path.write_bytes(octets)
        return
    target = path.resolve()  # a link stays one
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(octets)
        Path(name).chmod(_mode(target))
        Path(name).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _mode(path: Path) -> int:
    """The file's own permissions, or those any new file gets."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
