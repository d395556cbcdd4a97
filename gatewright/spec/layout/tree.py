"""A spec's text as a tree that forgets nothing a person wrote: styles, anchors, places.

The loader's own tree (``gatewright.spec.nodes``) gives values and has no more than
those need: an alias is the same object twice, a list item has no dash.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

try:
    from yaml import CSafeLoader as _Loader
except ImportError:
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]


#: What YAML passes over between the parts of a text; Python would take more for blank.
BLANK = " \t\n"
_EMPTY_LINES_BELOW = re.compile(r"(\n *)+\Z")


@dataclass(slots=True, kw_only=True)
class Node:
    """What stands from ``start`` to ``end`` (indexes of characters), its anchor included."""

    start: int
    end: int
    anchor: str | None = None


@dataclass(slots=True, kw_only=True)
class Scalar(Node):
    """A key or value; ``source`` is how it is written, without its anchor."""

    value: str
    source: str
    is_plain: bool

    @property
    def is_block(self) -> bool:
        """Whether it is written after ``|`` or ``>``."""
        return not self.is_plain and self.source[:1] in {"|", ">"}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written at all."""
        return self.is_plain and not self.source


@dataclass(slots=True, kw_only=True)
class Alias(Node):
    """The name of a value that is written elsewhere."""

    name: str


@dataclass(slots=True, kw_only=True)
class Entry:
    """A key with its value, or an item of a list, and the comments that are about it.

    ``head`` stands above, ``beside`` behind it, ``under`` below and further in; an
    empty text is an empty line. ``column`` counts from 0.
    """

    start: int
    column: int
    key: Scalar | Alias | None
    value: Node
    owner: "Collection"
    head: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    under: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Collection(Node):
    """A mapping or list; ``foot`` are the comments after its last entry."""

    is_mapping: bool
    is_flow: bool
    #: The entry whose value it is; None for the root.
    holder: Entry | None
    entries: list[Entry] = field(default_factory=list)
    foot: list[str] = field(default_factory=list)
    #: Whether a comment stands between its brackets.
    is_commented: bool = False


def parsed(text: str) -> Node | None:
    """The root of the one document in ``text``, which ``document.load`` has found sound."""
    return _Reading(text).root()


def has_alias(node: Node | None) -> bool:
    """Whether anything below is written elsewhere."""
    if isinstance(node, Collection):
        return any(has_alias(each.key) or has_alias(each.value) for each in node.entries)
    return isinstance(node, Alias)


class _Reading:
    def __init__(self, text: str) -> None:
        self._text = text
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=_Loader))
        tokens: Any = yaml.scan(text, Loader=_Loader)
        self._dashes: list[int] = [
            token.start_mark.index for token in tokens if isinstance(token, yaml.BlockEntryToken)
        ]

    def root(self) -> Node | None:
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                return self._node(next(self._events), None)
        return None

    def _node(self, event: Any, holder: Entry | None) -> Node:
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.AliasEvent):
            return Alias(start=start, end=end, name=str(event.anchor))
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, start, end)
        return self._collection(event, start, holder)

    def _scalar(self, event: yaml.ScalarEvent, start: int, end: int) -> Scalar:
        written = self._text[start:end]
        source = written[len(event.anchor) + 1 :].lstrip(BLANK) if event.anchor else written
        if source[:1] in {"|", ">"}:
            source = _without_lines_below(source)
        elif not event.style:
            source = source.rstrip(BLANK)
        return Scalar(
            start=start,
            end=start + written.find(source) + len(source),
            anchor=event.anchor,
            value=event.value,
            source=source,
            is_plain=not event.style,
        )

    def _collection(self, event: Any, start: int, holder: Entry | None) -> Collection:
        made = Collection(
            start=start,
            end=start,
            anchor=event.anchor,
            is_mapping=isinstance(event, yaml.MappingStartEvent),
            is_flow=bool(event.flow_style),
            holder=holder,
        )
        for child in self._events:
            if isinstance(child, yaml.CollectionEndEvent):
                end: Any = child.end_mark
                made.end = end.index
                break
            made.entries.append(self._entry(child, made))
        return made

    def _entry(self, event: Any, owner: Collection) -> Entry:
        entry = Entry(start=0, column=0, key=None, value=Node(start=0, end=0), owner=owner)
        if owner.is_mapping:
            key = self._node(event, entry)
            if not isinstance(key, Scalar | Alias):
                raise TypeError("a key is a text")
            entry.key, entry.start = key, key.start
            event = next(self._events)
        entry.value = self._node(event, entry)
        if not owner.is_mapping:
            entry.start = entry.value.start
            if not owner.is_flow:
                entry.start = self._dashes[bisect_left(self._dashes, entry.start) - 1]
        entry.column = entry.start - (self._text.rfind("\n", 0, entry.start) + 1)
        return entry


def _without_lines_below(source: str) -> str:
    """A block scalar without the empty lines below it, unless it keeps them."""
    header = source.split("\n", 1)[0].split("#", 1)[0]
    return source if "+" in header else _EMPTY_LINES_BELOW.sub("", source)
