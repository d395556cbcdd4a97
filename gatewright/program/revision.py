"""Which revision of the specs this is."""

import subprocess
from pathlib import Path

_TIMEOUT_SECONDS = 10


def of(folder: Path) -> str:
    """The git commit, with `-dirty` where files differ from it; `unknown` outside of git."""
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return described.stdout.strip()
