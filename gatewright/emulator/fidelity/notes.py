"""What the code says of itself, collected from its comments and docstrings.

A note begins with ``Fidelity:`` where Cloudflare's behaviour is not known, with
``Fidelity, differs:`` or ``Fidelity, not modelled:`` where it is; it ends with its comment,
its paragraph or its docstring.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gatewright.emulator.fidelity.claim import Standing

_EMULATOR = Path(__file__).parents[1]
_NOTE = re.compile(r"Fidelity(?:, (differs|not modelled))?: (.*)")


@dataclass(frozen=True, slots=True)
class Note:
    """A note, where it is (file below the emulator and name), and what follows for that place."""

    place: str
    text: str
    standing: Standing


def notes() -> Iterator[Note]:
    """All of them, file by file."""
    for file in sorted(_EMULATOR.rglob("*.py")):
        if file.parent != Path(__file__).parent:
            name = file.relative_to(_EMULATOR).as_posix()
            yield from notes_in(file.read_text("utf-8"), name)


def notes_in(code: str, name: str) -> Iterator[Note]:
    """The notes of one file."""
    lines = code.splitlines()
    names = _names(ast.parse(code))
    for number, line in enumerate(lines, start=1):
        match = _NOTE.search(line)
        if match:
            standing = Standing(match[1]) if match[1] else Standing.UNVERIFIED
            text = _text(match[2], lines[number:], comment=line.lstrip().startswith("#"))
            place = f"{name}: {names[number]}" if number in names else name
            yield Note(place, text, standing)


def _text(first: str, following: list[str], *, comment: bool) -> str:
    parts = [first]
    for line in following:
        ended = '"""' in parts[-1] or not line.strip()
        if ended or (comment and not line.lstrip().startswith("#")):
            break
        parts.append(line.strip().lstrip("#: "))
    text = " ".join(" ".join(parts).partition('"""')[0].split())
    return re.sub(r"``(.+?)``", r"`\1`", text)


def _names(tree: ast.Module) -> dict[int, str]:
    """The innermost function or class that a line is in."""
    found: dict[int, str] = {}
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    # An outer one comes before those within, which write over it.
    for node in ast.walk(tree):
        if isinstance(node, kinds) and node.end_lineno is not None:
            found |= dict.fromkeys(range(node.lineno, node.end_lineno + 1), node.name)
    return found
