"""What is deployed to a stack as a graph, with what changes marked: the base of its pictures."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from gatewright.model import Deployment, Gateway, Token
from gatewright.review.difference import Operation
from gatewright.review.revision import StackReview
from gatewright.spec.words import printable

#: More gateways than a page has room for: those that do not change are left out.
_MOST_GATEWAYS = 30
#: The same of what belongs to gateways.
_MOST_PARTS = 80
#: Without it a token calls no gateway.
_CALLS = "AI Gateway Run"


class Column(IntEnum):
    """From who calls to who is called."""

    CALLERS = 0
    GATEWAYS = 1
    PARTS = 2
    PROVIDERS = 3


@dataclass(frozen=True, slots=True)
class Node:
    """A box; ``key`` is unique among those of its kind, ``label`` is what it shows."""

    column: Column
    kind: str
    key: str
    label: str
    mark: Operation | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """``parts`` are what belongs to each gateway, in the order of the gateways.

    ``edges`` lead from one node to another. ``everywhere`` are the tokens that may call
    all gateways.
    """

    callers: tuple[Node, ...]
    gateways: tuple[Node, ...]
    parts: Mapping[Node, tuple[Node, ...]]
    providers: tuple[Node, ...]
    edges: tuple[tuple[Node, Node], ...]
    everywhere: frozenset[Node] = field(default=frozenset())

    @property
    def nodes(self) -> Iterator[Node]:
        """All of them, each once."""
        shared = dict.fromkeys(part for parts in self.parts.values() for part in parts)
        yield from (*self.callers, *self.gateways, *shared, *self.providers)


def graph(stack: StackReview) -> Graph:
    """The graph of what is there after the change, and of what is removed by it."""
    return _Builder(stack).built()


class _Builder:
    def __init__(self, stack: StackReview) -> None:
        self._before, self._after = stack.before, stack.after
        self._marks = {(each.kind, each.key): each.operation for each in stack.differences}

    def built(self) -> Graph:
        shown = [*self._shown()]
        parts: dict[Node, tuple[Node, ...]] = {}
        edges: list[tuple[Node, Node]] = []
        of_gateway: dict[str, Node] = {}
        is_folded = sum(len([*_parts(gateway)]) for gateway in shown) > _MOST_PARTS
        for gateway in shown:
            node = self._node(Column.GATEWAYS, "gateway", gateway.id)
            of_gateway[gateway.id] = node
            found = [*self._parts_of(gateway, node.mark)]
            parts[node] = tuple(_folded(found, gateway.id) if is_folded else found)
            edges += [(node, part) for part in parts[node]]
        hidden = len(self._after.gateways) - sum(
            gateway in shown for gateway in self._after.gateways
        )
        if hidden:
            more = Node(Column.GATEWAYS, "gateway", "", f"{hidden} more, unchanged")
            parts[more] = ()
        callers, everywhere = [], []
        for token in _merged(self._before.tokens, self._after.tokens, "name"):
            callers.append(self._node(Column.CALLERS, "token", token.name))
            if _may_call(token):
                everywhere.append(callers[-1])
        for worker in _merged(self._before.workers, self._after.workers, "name"):
            callers.append(self._node(Column.CALLERS, "worker", worker.name))
            if worker.gateway.id in of_gateway:
                edges.append((callers[-1], of_gateway[worker.gateway.id]))
        providers = tuple(
            self._node(Column.PROVIDERS, "custom provider", each.slug)
            for each in _merged(self._before.custom_providers, self._after.custom_providers, "slug")
        )
        edges += self._to_providers(shown, parts, providers)
        return Graph(
            tuple(callers), tuple(parts), parts, providers, tuple(edges), frozenset(everywhere)
        )

    def _shown(self) -> Iterator[Gateway]:
        every = [*_merged(self._before.gateways, self._after.gateways, "id")]
        is_long = len(every) > _MOST_GATEWAYS
        yield from (each for each in every if not is_long or ("gateway", each.id) in self._marks)

    def _node(self, column: Column, kind: str, key: str) -> Node:
        return Node(column, kind, key, printable(key), self._marks.get((kind, key)))

    def _parts_of(self, gateway: Gateway, mark: Operation | None) -> Iterator[Node]:
        """What it has and had; all of what is new or gone is so too."""
        was = {(kind, key): part for kind, key, part in _parts(_of(self._before, gateway.id))}
        now = {(kind, key): part for kind, key, part in _parts(_of(self._after, gateway.id))}
        for kind, name in dict.fromkeys([*now, *was]):
            own = _mark(was.get((kind, name)), now.get((kind, name)))
            if mark in {Operation.ADDED, Operation.REMOVED} and kind != "cache policy":
                own = mark
            key = name if kind == "cache policy" else f"{gateway.id}/{name}"
            if kind == "cache policy":
                own = self._policy_mark(name)
            yield Node(Column.PARTS, kind, key, name, own)

    def _policy_mark(self, name: str) -> Operation | None:
        was, now = (
            next((each for each in side.cache_policies if each.name == name), None)
            for side in (self._before, self._after)
        )
        return _mark(was, now)

    def _to_providers(
        self,
        shown: Iterable[Gateway],
        parts: Mapping[Node, tuple[Node, ...]],
        providers: Iterable[Node],
    ) -> Iterator[tuple[Node, Node]]:
        by_name = {f"custom-{node.key}": node for node in providers}
        drawn = {node.key: node for each in parts.values() for node in each}
        for gateway in shown:
            for endpoint in gateway.endpoints:
                node = drawn.get(f"{gateway.id}/{endpoint.name}")
                if node and endpoint.provider in by_name:
                    yield node, by_name[endpoint.provider]


def _of(deployment: Deployment, gateway_id: str) -> Gateway | None:
    return next((each for each in deployment.gateways if each.id == gateway_id), None)


def _parts(gateway: Gateway | None) -> Iterator[tuple[str, str, Any]]:
    """Kind, name and the declared value of all that belongs to a gateway."""
    if gateway is None:
        return
    if gateway.cache and gateway.cache.name:
        yield "cache policy", gateway.cache.name, gateway.cache
    yield from (("route", each.name, each) for each in gateway.routes)
    yield from (("provider key", each.name, each) for each in gateway.provider_configs)
    yield from (("endpoint", each.name, each) for each in gateway.endpoints)


def _mark(before: Any, after: Any) -> Operation | None:
    if before is None:
        return Operation.ADDED
    if after is None:
        return Operation.REMOVED
    return None if before == after else Operation.CHANGED


def _merged(before: Iterable[Any], after: Iterable[Any], key: str) -> Iterator[Any]:
    """What is there after, and then what is there no more."""
    now = {getattr(each, key): each for each in after}
    yield from now.values()
    yield from (each for each in before if getattr(each, key) not in now)


def _may_call(token: Token) -> bool:
    return _CALLS in token.permissions


def _folded(parts: list[Node], gateway_id: str) -> Iterator[Node]:
    """Those that change, and one for all others."""
    changed = [part for part in parts if part.mark]
    yield from changed
    if rest := len(parts) - len(changed):
        yield Node(Column.PARTS, "part", f"{gateway_id}/", f"{rest} more, unchanged")
