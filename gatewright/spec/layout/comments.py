"""Which comment belongs to what.

One on a line with a key or value is about that. One alone on its line is about the
entry below it, unless it stands further in than that: then it ends what is above. An
empty line is kept (one of several) before what follows it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from gatewright.spec.layout.tree import BLANK, Collection, Entry, Node, Scalar

_SCHEMA = re.compile(r"#[ \t]*yaml-language-server:[ \t]*\$schema[ \t]*=[ \t]*(\S+)[ \t]*")


@dataclass(slots=True)
class Comment:
    """A comment, or an empty line if ``text`` is empty; ``column`` counts from 0."""

    start: int
    text: str
    column: int
    is_alone: bool


@dataclass(slots=True)
class Surroundings:
    """What belongs to no entry: the schema's address, and what stands above all."""

    schema: str | None = None
    header: list[str] = field(default_factory=list)


def found(text: str, root: Node | None) -> list[Comment]:
    """All comments and empty lines in ``text``, in their order."""
    spans = sorted((each.start, each.end) for each in _scalars(root)) if root else []
    comments: list[Comment] = []
    last = 0
    for start, end in [*spans, (len(text), len(text))]:
        comments += _between(text, last, start)
        last = max(last, end)
    return comments


def texts(text: str, root: Node | None) -> list[str]:
    """The comments alone, sorted; those of a block scalar's first line too, no schema's."""
    own = [
        each.text for each in found(text, root) if each.text and not _SCHEMA.fullmatch(each.text)
    ]
    blocks = (each for each in _scalars(root) if each.is_block) if root else ()
    behind = [each.source.split("\n", 1)[0].partition("#")[2].rstrip(BLANK) for each in blocks]
    return sorted([*own, *(f"#{comment}" for comment in behind if comment)])


def attached(text: str, root: Node | None) -> Surroundings:
    """Give each comment to the entry or collection of the tree that it is about."""
    surroundings = Surroundings()
    comments = _without_schema(found(text, root), surroundings)
    if not isinstance(root, Collection) or not root.entries:
        for comment in comments:
            if comment.text or (surroundings.header and surroundings.header[-1]):
                surroundings.header.append(comment.text)
        while surroundings.header and not surroundings.header[-1]:
            surroundings.header.pop()
        return surroundings
    _Attaching(root).attach(comments)
    _split_header(root.entries[0], surroundings)
    return surroundings


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Collection):
        for entry in node.entries:
            if isinstance(entry.key, Scalar):
                yield entry.key
            yield from _scalars(entry.value)


def _between(text: str, start: int, end: int) -> Iterator[Comment]:
    """The comments and empty lines in a stretch of ``text`` without any scalar."""
    position = start
    while position < end:
        stop = text.find("\n", position, end)
        stop = end if stop < 0 else stop
        line_start = text.rfind("\n", 0, position) + 1
        sign = text.find("#", position, stop)
        if sign >= 0:
            is_alone = not text[line_start:sign].strip(BLANK)
            yield Comment(sign, text[sign:stop].rstrip(BLANK), sign - line_start, is_alone)
        elif position == line_start and stop < end and not text[position:stop].strip(BLANK):
            yield Comment(position, "", 0, is_alone=True)
        position = stop + 1


def _without_schema(comments: list[Comment], surroundings: Surroundings) -> list[Comment]:
    kept: list[Comment] = []
    for comment in comments:
        form = _SCHEMA.fullmatch(comment.text) if comment.is_alone else None
        if form and surroundings.schema in {None, form[1]}:
            surroundings.schema = form[1]
        else:
            kept.append(comment)
    return kept


def _split_header(first: Entry, surroundings: Surroundings) -> None:
    """What an empty line separates from the first entry is about the file."""
    while first.head and not first.head[0]:
        first.head.pop(0)
    if "" in first.head:
        last = len(first.head) - first.head[::-1].index("")
        surroundings.header, first.head = first.head[:last], first.head[last:]


class _Attaching:
    def __init__(self, root: Collection) -> None:
        self._root = root
        self._entries = list(_entries(root))
        self._starts = [entry.start for entry in self._entries]
        #: The entry whose head has begun: what follows in the gap is its too.
        self._begun: Entry | None = None

    def attach(self, comments: list[Comment]) -> None:
        """Give each comment, and the empty lines above them, its place."""
        for before, comment in pairwise([None, *comments, None]):
            entry = self._next(before) if before and not before.text else None
            is_between = entry and not (comment and comment.start < entry.start)
            if entry and is_between:
                entry.head.append("")
            if comment and comment.text:
                target = self._target(comment)
                if before and not before.text and not is_between and comment.is_alone:
                    target.append("")
                target.append(comment.text)

    def _next(self, comment: Comment) -> Entry | None:
        index = bisect_right(self._starts, comment.start)
        return self._entries[index] if index < len(self._entries) else None

    def _target(self, comment: Comment) -> list[str]:
        index = bisect_right(self._starts, comment.start)
        before = self._entries[index - 1] if index else None
        after = self._entries[index] if index < len(self._entries) else None
        flow = _flow_around(self._root, before, comment.start)
        if flow:
            _mark_commented(flow)
        if not comment.is_alone and before:
            return self._beside(before, comment.start)
        if flow:
            return after.head if after and after.start < flow.end else flow.foot
        return self._alone(comment, before, after)

    def _beside(self, entry: Entry, position: int) -> list[str]:
        """Of the entry, or of that one whose value has ended with it."""
        while entry.owner.is_flow and entry.owner.end <= position:
            if entry.owner.holder is None:
                return self._root.foot
            entry = entry.owner.holder
        return entry.beside

    def _alone(self, comment: Comment, before: Entry | None, after: Entry | None) -> list[str]:
        if before is None or (after and after.owner.holder is before):
            return after.head if after else self._root.foot
        if after and (self._begun is after or comment.column <= _column(after.owner)):
            self._begun = after
            return after.head
        return self._end_of(before, comment.column, after)

    def _end_of(self, before: Entry, column: int, after: Entry | None) -> list[str]:
        """The end of what stands above at ``column``, or of what has it."""
        entry: Entry | None = before
        while entry and entry.owner.is_flow:
            entry = entry.owner.holder
        # Below a block of text nothing can stand further in: it would be part of the text.
        if entry and column > _column(entry.owner) and not _is_block(entry.value):
            return entry.under
        while entry and not (after and after.owner is entry.owner):
            if column >= _column(entry.owner):
                return entry.owner.foot
            entry = entry.owner.holder
        if after:
            self._begun = after
            return after.head
        return self._root.foot


def _is_block(node: Node) -> bool:
    if isinstance(node, Scalar):
        return node.is_block
    return isinstance(node, Collection) and bool(node.entries) and not node.is_flow


def _column(collection: Collection) -> int:
    return collection.entries[0].column


def _entries(collection: Collection) -> Iterator[Entry]:
    """In the order of the text, each before those within it."""
    for entry in collection.entries:
        yield entry
        if isinstance(entry.value, Collection):
            yield from _entries(entry.value)


def _flow_around(root: Collection, before: Entry | None, position: int) -> Collection | None:
    """The innermost collection in brackets around ``position``."""
    inner: Collection | None = root
    if before:
        value = before.value
        inner = value if isinstance(value, Collection) else before.owner
    while inner:
        if inner.is_flow and inner.start < position < inner.end:
            return inner
        inner = inner.holder.owner if inner.holder else None
    return None


def _mark_commented(collection: Collection) -> None:
    inner: Collection | None = collection
    while inner and inner.is_flow:
        inner.is_commented = True
        inner = inner.holder.owner if inner.holder else None
