"""Files written all, or none."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from gatewright.errors import CouldNotRunError
from gatewright.scaffold.tree import File


def in_the_way(files: Sequence[File]) -> list[Path]:
    """What is where a file is to be, or where its folder is; the same text is not in the way."""
    return sorted({path for file in files for path in _in_the_way(file)})


def write(files: Sequence[File]) -> int:
    """Write them, with their folders; what is there already is left alone. How many were written.

    Raises `CouldNotRunError`, with nothing left behind, if one cannot be written.
    """
    made: list[Path] = []
    try:
        for file in files:
            if not _is_there(file):
                _make_folders(file.path.parent, made)
                with file.path.open("xb") as stream:
                    made.append(file.path)
                    stream.write(file.content)
                if file.is_executable:
                    _make_executable(file.path)
    except OSError as error:
        for path in reversed(made):
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        raise CouldNotRunError(
            f"cannot write `{error.filename}`: {(error.strerror or '').lower()}; nothing was left",
        ) from error
    return sum(path.is_file() for path in made)


def _in_the_way(file: File) -> Iterator[Path]:
    for folder in reversed(file.path.parents):
        if _is_anything(folder) and not folder.is_dir():
            yield folder
    if _is_anything(file.path) and not _is_there(file):
        yield file.path


def _is_anything(path: Path) -> bool:
    """Also a link that leads nowhere."""
    return path.exists() or path.is_symlink()


def _is_there(file: File) -> bool:
    return file.path.is_file() and file.path.read_bytes() == file.content


def _make_folders(folder: Path, made: list[Path]) -> None:
    """Make what is missing, and note it in ``made``, the outermost first."""
    for each in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
        each.mkdir()
        made.append(each)


def _make_executable(path: Path) -> None:
    """Whoever may read it may run it."""
    mode = path.stat().st_mode
    path.chmod(mode | (mode & 0o444) >> 2)
