"""Which files of a project the paths on a command line mean."""

import os
from collections.abc import Iterable, Sequence

from gatewright.errors import UsageError
from gatewright.spec import files
from gatewright.spec.words import quoted

StrPath = str | os.PathLike[str]


def names(root: StrPath, only: Sequence[StrPath], known: Iterable[str]) -> set[str]:
    """Those of the ``known`` files that are, or are below, one of the paths of ``only``.

    Raises:
        UsageError: one of the paths is none of the project.

    """
    every = set(known)
    chosen: set[str] = set()
    for path in only:
        name = name_below(root, path)
        below = every if name == "." else {each for each in every if _is_in(each, name)}
        if not below:
            raise UsageError(
                f"{quoted(path)} is no spec of this project",
                hint=f"specs are YAML files in {quoted(os.path.join(root, files.FOLDER))}",
            )
        chosen |= below
    return chosen


def name_below(root: StrPath, path: StrPath) -> str:
    """The path as seen from ``root``, with forward slashes."""
    # Not resolved: a symbolic link has the name it is found by.
    return os.path.relpath(path, root).replace(os.sep, "/")


def _is_in(name: str, folder: str) -> bool:
    return name == folder or name.startswith(folder + "/")
