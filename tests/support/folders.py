"""Which files a folder has."""

from pathlib import Path


def texts(folder: Path) -> dict[str, str]:
    """Every file below, but those of git, by its path there."""
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }
