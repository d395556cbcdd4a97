"""Which revision of the specs this is."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

_TIMEOUT_SECONDS = 10
_DESCRIBE = ("describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")
_NEW = ("ls-files", "--others", "--exclude-standard", "--")


def of(folder: Path, sources: Iterable[str]) -> str:
    """The git commit, with `-dirty` where files differ from it; `unknown` outside of git.

    ``sources`` are the files and folders below ``folder`` that are deployed: what is new
    there is in no commit either.
    """
    try:
        described = _git(folder, *_DESCRIBE)
        is_new = not described.endswith("-dirty") and _git(folder, *_NEW, *sources)
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return f"{described}-dirty" if is_new else described


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_SECONDS,
        check=True,
    )
    return done.stdout.strip()
