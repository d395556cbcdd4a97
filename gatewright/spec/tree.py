"""Where the values of a spec are written: the positions in one text."""

from typing import Any

import yaml

from gatewright.model import Location
from gatewright.spec.positions import span
from gatewright.spec.rules import Path

_Child = tuple[yaml.Node | None, yaml.Node]


class Tree:
    """The positions in one text, from its node tree."""

    def __init__(
        self,
        file: str,
        text: str,
        root: yaml.Node | None,
        reported: set[int],
    ) -> None:
        self._file = file
        self._text = text
        self._root = root
        self._reported = reported
        self._children: dict[int, dict[str, _Child]] = {}

    def key(self, path: Path) -> Location:
        """See ``Positions``."""
        key, value = self._find(path)
        return self._span(key or value)

    def value(self, path: Path) -> Location:
        """See ``Positions``."""
        key, value = self._find(path)
        is_empty = value is not None and _end(value) == value.start_mark.index
        return self._span(key if key and is_empty else value)

    def written(self, path: Path) -> str:
        """See ``Positions``."""
        _, value = self._find(path)
        return self._text[value.start_mark.index : self._end(value)] if value else ""

    def is_reported(self, path: Path) -> bool:
        """See ``Positions``."""
        return id(self._find(path)[1]) in self._reported

    def origin(self, path: Path) -> Path:
        """See ``Positions``."""
        return path

    def is_within_scalar(self, index: int) -> bool:
        """Whether the character at ``index`` is part of a key or value, not of a comment."""
        met: set[int] = set()
        waiting: list[Any] = [self._root]
        while waiting:
            node = waiting.pop()
            if isinstance(node, tuple):
                waiting += node
            elif node is not None and id(node) not in met:
                met.add(id(node))
                if isinstance(node, yaml.CollectionNode):
                    waiting += node.value
                elif node.start_mark.index <= index < self._end(node):
                    return True
        return False

    def _span(self, node: Any) -> Location:
        if node is self._root:
            # All of a file says nothing to the eye: what it lacks is told where it begins.
            node = _first(node)
        if node is None:
            return Location(self._file)
        return span(self._file, self._text, node.start_mark.index, self._end(node))

    def _end(self, node: Any) -> int:
        start: int = node.start_mark.index
        return start + len(self._text[start : _end(node)].rstrip())

    def _find(self, path: Path) -> tuple[yaml.Node | None, yaml.Node | None]:
        """The key and value nodes at ``path``, or as far along it as there are any."""
        key, value = None, self._root
        for step in path:
            found = self._child(value, step)
            if found is None:
                break
            key, value = found
        return key, value

    def _child(self, node: yaml.Node | None, step: str | int) -> _Child | None:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            return (None, node.value[step]) if step < len(node.value) else None
        if isinstance(node, yaml.MappingNode) and isinstance(step, str):
            return self._children_of(node).get(step)
        return None

    def _children_of(self, node: yaml.MappingNode) -> dict[str, _Child]:
        if id(node) not in self._children:
            # Backwards, for the first of two equal keys is the one that counts.
            self._children[id(node)] = {
                key.value: (key, value)
                for key, value in reversed(node.value)
                if isinstance(key, yaml.ScalarNode)
            }
        return self._children[id(node)]


def _first(root: yaml.Node | None) -> yaml.Node | None:
    """The first key of a mapping, all of anything else; None if nothing is written."""
    if isinstance(root, yaml.MappingNode) and root.value:
        first: yaml.Node = root.value[0][0]
        return first
    return root if root is not None and root.value else None


def _end(node: Any) -> int:
    """Where the node's last character is, for the end of a block is the start of what follows."""
    while isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    end: int = node.end_mark.index
    return end
