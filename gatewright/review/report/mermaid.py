"""A diagram in Mermaid."""

from collections.abc import Iterator, Sequence

from gatewright.review.diagram import Graph, Node, graph
from gatewright.review.difference import Operation
from gatewright.review.report import words
from gatewright.review.revision import StackReview

_CLASSES = {Operation.ADDED: "added", Operation.CHANGED: "changed", Operation.REMOVED: "removed"}
#: Legible on light and on dark: the text brings its own background.
_STYLES = (
    "classDef added fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
    "classDef changed fill:#fff8c5,stroke:#9a6700,color:#1f2328",
    "classDef removed fill:#ffebe9,stroke:#cf222e,color:#1f2328,stroke-dasharray:4",
)
_SHAPES = {
    "token": "([{}])",
    "worker": "[[{}]]",
    "gateway": "[{}]",
    "cache policy": "[/{}/]",
    "route": "{{{{{}}}}}",
    "provider key": "[({})]",
}
_OTHER_SHAPE = "({})"


def mermaid(stacks: Sequence[StackReview]) -> str:
    """One flowchart, with a part for each group of stacks where there are several."""
    names = _Names()
    lines = ["flowchart LR"]
    for number, stack in enumerate(stacks):
        names.of_stack(number)
        drawn = _drawn(graph(stack), names, f"all{number}")
        if len(stacks) == 1:
            lines += drawn
            continue
        title = _escaped(words.heading(stack, is_only=False))
        lines += [f'  subgraph stack{number}["{title}"]', *drawn, "  end"]
    lines += [f"  {style}" for style in _STYLES]
    return "\n".join(lines)


def _drawn(graph: Graph, names: "_Names", frame: str) -> Iterator[str]:
    for node in graph.callers:
        yield _box(node, names)
    yield f'  subgraph {frame}["gateways of the account"]'
    yield from (_box(node, names) for node in graph.gateways)
    yield "  end"
    for node in graph.callers:
        if node in graph.everywhere:
            yield f"  {names.of(node)} --> {frame}"
    shown = {*graph.callers, *graph.gateways}
    yield from (_box(node, names) for node in graph.nodes if node not in shown)
    for start, end in graph.edges:
        line = "-.-" if end.kind in {"cache policy", "provider key"} else "-->"
        yield f"  {names.of(start)} {line} {names.of(end)}"


def _box(node: Node, names: "_Names") -> str:
    suffix = f":::{_CLASSES[node.mark]}" if node.mark else ""
    sign = f"{words.SIGNS[node.mark]} " if node.mark else ""
    shape = _SHAPES.get(node.kind, _OTHER_SHAPE)
    said = _escaped(f"{sign}{node.kind}: {node.label}")
    return f"  {names.of(node)}" + shape.format(f'"{said}"') + suffix


def _escaped(said: str) -> str:
    """What people name things may hold anything."""
    line = " ".join(said.split())
    return line.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


class _Names:
    """Node ids, of which each group of stacks has its own."""

    def __init__(self) -> None:
        self._ids: dict[tuple[int, str, str], str] = {}
        self._stack = 0

    def of_stack(self, number: int) -> None:
        self._stack = number

    def of(self, node: Node) -> str:
        key = self._stack, node.kind, node.key
        return self._ids.setdefault(key, f"n{len(self._ids)}")
