"""The plain block style that most specs are written in, read line by line.

No more than a glance at each line: several times faster than a YAML parser, which is
not even imported where all files are plain. Whatever has another form, is not certain
or is wrong is not read here but given up for the parser, which says what it is. So there
is one authority on YAML, and this is a shortcut to what it would give; the tests hold
the two together.
"""

import re
from functools import lru_cache
from typing import Any

from gatewright.spec.scalars import plain
from gatewright.spec.secret_places import WORDS

_KEY = r"[A-Za-z_][A-Za-z0-9_./-]{0,99}"
_LINE = re.compile(rf"( *)(- )?(?:({_KEY}):(?: +|$))?(.*)")
_QUOTED = re.compile(r"""(?:"([^"\\]*)"|'([^']*)')(?: +#.*)?""")
#: Lists and mappings on one line, of words without quotes.
_FLOW = re.compile(r"([\[{])([A-Za-z0-9_/., :+?!-]*)[\]}](?: +#.*)?")
_FLOW_PAIR = re.compile(rf" *({_KEY}): +([A-Za-z0-9_/][^:]*)")
#: What a scalar without quotes may start with here; YAML allows more.
_FIRST = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_/(+")
#: Deeper ones are the parser's, which knows how deep is too deep.
_DEEPEST = 20
_SHORT = 100
_CLOSING = {"[": "]", "{": "}"}


class _NotPlainError(Exception):
    """The text is not, or not certainly, in the plain style."""


def read(text: str) -> dict[str, Any] | None:
    """The mapping that ``text`` is, if it is in the plain style; else None."""
    if not text.replace("\n", "").isprintable():
        return None
    try:
        return _Reader().read(text)
    except _NotPlainError:
        return None


class _Reader:
    """What is open at the current line: collections, each in the one before it."""

    def __init__(self) -> None:
        self.root: dict[str, Any] = {}
        self.top: dict[str, Any] | list[Any] = self.root
        self.indent = 0
        self.outer: list[tuple[int, dict[str, Any] | list[Any]]] = []

    def read(self, text: str) -> dict[str, Any]:  # noqa: C901  # calls would double its time
        """The root mapping."""
        waiting: str | None = None
        started = False
        for line in text.split("\n"):
            parts = _LINE.fullmatch(line)
            if parts is None:
                raise _NotPlainError
            spaces, dash, key, rest = parts.groups()
            if key is None and not dash:
                if not rest or rest[0] == "#":
                    continue
                if started or line != "---":
                    raise _NotPlainError
                started = True
                continue
            started = True
            indent = len(spaces)
            if waiting or dash or indent != self.indent or self.top.__class__ is list:
                self._enter(indent, is_item=dash is not None, key=waiting)
                waiting = None
            if dash:
                if key is None:
                    self.top.append(_value(rest))  # type: ignore[union-attr]  # a list: entered
                    continue
                self._open_item()
            if key in self.top or key in WORDS:
                raise _NotPlainError
            if not rest or rest[0] == "#":
                waiting = key
            else:
                self.top[key] = _value(rest)  # type: ignore[index]  # a mapping: entered
        if waiting is not None or not self.root:
            raise _NotPlainError
        return self.root

    def _enter(self, indent: int, *, is_item: bool, key: str | None) -> None:
        """Make the collection that a line belongs to the top; ``key`` still has no value."""
        if key is not None:
            if indent < self.indent or (indent == self.indent and not is_item):
                raise _NotPlainError
            value: dict[str, Any] | list[Any] = [] if is_item else {}
            self.top[key] = value  # type: ignore[call-overload]  # only mappings have keys
            self._push(indent, value)
            return
        while indent < self.indent:
            self.indent, self.top = self.outer.pop()
        if not is_item and isinstance(self.top, list) and self.outer:
            # A list may stand in the column of its key.
            self.indent, self.top = self.outer.pop()
        if indent != self.indent or is_item is not isinstance(self.top, list):
            raise _NotPlainError

    def _open_item(self) -> None:
        item: dict[str, Any] = {}
        self.top.append(item)  # type: ignore[union-attr]  # a list: entered
        self._push(self.indent + 2, item)

    def _push(self, indent: int, value: dict[str, Any] | list[Any]) -> None:
        if len(self.outer) == _DEEPEST:
            raise _NotPlainError
        self.outer.append((self.indent, self.top))
        self.indent, self.top = indent, value


def _value(text: str) -> Any:
    if text[:1] not in _CLOSING:
        return _known(text) if len(text) < _SHORT else _scalar(text)
    flow = _FLOW.fullmatch(text.rstrip(" "))
    if flow is None or _CLOSING[flow[1]] != text[flow.end(2)]:
        raise _NotPlainError
    return _words(flow[2]) if flow[1] == "[" else _pairs(flow[2])


def _scalar(text: str) -> bool | float | str | None:
    first = text[:1]
    if first in _FIRST or first > "\x7f":
        if " #" in text:
            text = text[: text.index(" #")]
        text = text.rstrip(" ")
        if ": " in text or text[-1] == ":":
            raise _NotPlainError
        return _meaning(text)
    quoted = _QUOTED.fullmatch(text.rstrip(" "))
    if quoted is None:
        raise _NotPlainError
    return quoted[1] if quoted[2] is None else quoted[2]


#: The same few stand in all files.
_known = lru_cache(maxsize=4096)(_scalar)


def _meaning(text: str) -> bool | float | str | None:
    scalar = plain(text)
    if scalar.rule:
        raise _NotPlainError
    return scalar.value


def _words(text: str) -> list[Any]:
    words = [word.strip(" ") for word in text.split(",")] if text.strip(" ") else []
    if any(not word or word[0] not in _FIRST or ":" in word for word in words):
        raise _NotPlainError
    return [_scalar(word) for word in words]


def _pairs(text: str) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for pair in text.split(","):
        parts = _FLOW_PAIR.fullmatch(pair)
        if parts is None or parts[1] in result or parts[1] in WORDS:
            raise _NotPlainError
        result[parts[1]] = _scalar(parts[2].rstrip(" "))
    return result
