"""Paths to endpoints: one dictionary look-up a segment, however many routes there are."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import unquote

T = TypeVar("T")


@dataclass(slots=True)
class _Node(Generic[T]):
    literals: dict[str, "_Node[T]"] = field(default_factory=dict)
    parameter: "tuple[str, _Node[T]] | None" = None
    methods: dict[str, T] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """What a path leads to: an endpoint a method, and the decoded parameters."""

    methods: dict[str, T]
    parameters: dict[str, str]


class Router(Generic[T]):
    """Patterns like ``/accounts/{account_id}/tokens``; a literal goes before a parameter."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def add(self, method: str, pattern: str, endpoint: T) -> None:
        """Lead ``method`` on ``pattern`` to ``endpoint``; raise `ValueError` if one is there."""
        node = self._root
        for segment in _segments(pattern):
            if not segment.startswith("{"):
                node = node.literals.setdefault(segment, _Node())
                continue
            if node.parameter is None:
                node.parameter = (segment[1:-1], _Node())
            node = node.parameter[1]
        if method in node.methods:
            raise ValueError(f"there are two endpoints for {method} {pattern}")
        node.methods[method] = endpoint

    def find(self, path: str) -> Match[T] | None:
        """Route an undecoded path: ``%2F`` is part of a parameter, not a slash."""
        node, parameters = self._root, {}
        for segment in _segments(path):
            literal = node.literals.get(segment)
            if literal is not None:
                node = literal
            elif node.parameter is not None and segment:
                name, node = node.parameter
                parameters[name] = unquote(segment)
            else:
                return None
        return Match(node.methods, parameters) if node.methods else None


def _segments(path: str) -> list[str]:
    return path.removeprefix("/").split("/")
