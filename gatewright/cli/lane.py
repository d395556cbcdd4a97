"""The short way for `gatewright validate` as people, editors and hooks call it all day.

Click would take a third of its time. Only what is plain is parsed here: folders, files and
stacks, each option with its value as the next word. Everything else, `--help` and every
mistake too, goes the long way; the tests hold the two together.
"""

import gc
import os
from collections.abc import Sequence
from typing import NamedTuple

from gatewright.cli import console
from gatewright.errors import ExitCode

_VERB = "validate"
_OPTIONS = frozenset({"--project", "--stack"})


class Arguments(NamedTuple):
    """The arguments of `validate` that can be given here; see its help."""

    paths: tuple[str, ...]
    project: str
    stack: str | None


def run(words: Sequence[str]) -> int | None:
    """The exit code, or None where the long way is to be taken."""
    given = parsed(words)
    if given is None:
        return None
    try:
        return _validate(given)
    except Exception as error:  # noqa: BLE001  # the boundary knows what to say of each
        from gatewright.cli import boundary  # noqa: PLC0415  # only a mistake pays for the import

        return boundary.show(error)
    except KeyboardInterrupt:
        console.tell("interrupted")
        return ExitCode.INTERRUPTED


def parsed(words: Sequence[str]) -> Arguments | None:
    """What the words after `gatewright` ask for, if it is plain."""
    if not words or words[0] != _VERB or not all(words):
        return None
    paths: list[str] = []
    options: dict[str, str] = {}
    waiting = None
    for word in words[1:]:
        if waiting:
            options[waiting] = word
            waiting = None
        elif word in _OPTIONS:
            waiting = word
        elif word.startswith("-"):
            return None
        else:
            paths.append(word)
    project = options.get("--project", ".")
    if waiting or not os.path.isdir(project):
        return None
    return Arguments(tuple(paths), project, options.get("--stack"))


def _validate(given: Arguments) -> int:
    # What is made here is in use to the end, which is near: looking for garbage finds none.
    gc.disable()
    from gatewright.cli.verdict import checked, shown  # noqa: PLC0415  # other verbs do without

    return shown(checked(given.project, given.paths, stack=given.stack))
