"""A diagram as SVG, for where a picture is wanted: no library, no script, light and dark.

The layout is the simplest that fits: a column each for who calls, the gateways, what
belongs to them, and custom providers; each gateway beside its own parts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources

from gatewright.review.diagram import Column, Graph, Node, graph
from gatewright.review.difference import Operation
from gatewright.review.report import words
from gatewright.review.revision import StackReview
from gatewright.xml_text import xml_text

_CLASSES = {Operation.ADDED: "added", Operation.CHANGED: "changed", Operation.REMOVED: "removed"}
_LOOSE = frozenset({"cache policy", "provider key"})
#: In pixels. A character is on average narrower than its share of this.
_CHARACTER = 6.8
_LONGEST = 36
_HEIGHT = 26
_ROW = 34
_PADDING = 10
_GAP = 72
_MARGIN = 16
_TITLE = 30
_FRAME = 14


@dataclass(frozen=True, slots=True)
class _Box:
    """Where a node is drawn: its left upper corner, and its width."""

    x: float
    y: float
    width: float

    @property
    def left(self) -> tuple[float, float]:
        return self.x, self.y + _HEIGHT / 2

    @property
    def right(self) -> tuple[float, float]:
        return self.x + self.width, self.y + _HEIGHT / 2


def svg(stacks: Sequence[StackReview]) -> str:
    """One picture, a part below the other for each group of stacks."""
    parts: list[str] = []
    top, width = float(_MARGIN), 0.0
    for stack in stacks:
        drawn = _Drawing(graph(stack), top)
        title = words.heading(stack, is_only=len(stacks) == 1)
        parts += [_text(_MARGIN, top + 14, title, "title"), *drawn.elements()]
        top, width = drawn.bottom + _MARGIN, max(width, drawn.right)
    parts += [*_legend(top)]
    height, width = top + _ROW, max(width + _MARGIN, 360)
    style = resources.files(__package__).joinpath("picture.css").read_text(encoding="utf-8")
    size = f'width="{width:.0f}" height="{height:.0f}"'
    box = f'viewBox="0 0 {width:.0f} {height:.0f}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} role="img">',
        "<title>Gateways and what belongs to them, with what changes marked</title>",
        f"<style>\n{style}</style>",
        f'<rect class="paper" {size}/>',
        *parts,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


class _Drawing:
    """One graph below ``top``."""

    def __init__(self, drawn: Graph, top: float) -> None:
        self._graph = drawn
        self._boxes: dict[Node, _Box] = {}
        columns: dict[Column, list[Node]] = {column: [] for column in Column}
        for node in drawn.nodes:
            columns[node.column].append(node)
        widths = {column: _width(nodes) for column, nodes in columns.items()}
        lefts = _lefts(widths)
        first = top + _TITLE + _FRAME
        rows = self._place_gateways(lefts, widths, first)
        self._stack(drawn.callers, lefts, widths, first, rows)
        self._stack(drawn.providers, lefts, widths, first, rows)
        lowest = max((box.y for box in self._boxes.values()), default=first - _ROW)
        self.bottom = lowest + _ROW + _FRAME
        self.right = max((box.x + box.width for box in self._boxes.values()), default=0.0)
        middle = [self._boxes[node] for node in drawn.gateways]
        self._frame = (
            lefts[Column.GATEWAYS] - _FRAME,
            first - _FRAME,
            widths[Column.GATEWAYS] + 2 * _FRAME,
            max((box.y for box in middle), default=first) + _HEIGHT - first + 2 * _FRAME,
        )

    def elements(self) -> Iterator[str]:
        """Edges below boxes."""
        x, y, width, height = self._frame
        if self._graph.gateways:
            yield (
                f'<rect class="frame" x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" '
                f'height="{height:.0f}" rx="8"/>'
            )
        for start, end in self._graph.edges:
            loose = " loose" if end.kind in _LOOSE else ""
            yield _curve(self._boxes[start].right, self._boxes[end].left, f"edge{loose}")
        for node in self._graph.callers:
            if node in self._graph.everywhere and self._graph.gateways:
                where = self._boxes[node].right
                inside = min(max(where[1], y + _FRAME), y + height - _FRAME)
                yield _curve(where, (x, inside), "edge")
                yield f'<circle class="end" cx="{x:.0f}" cy="{inside:.0f}" r="3"/>'
        for node, box in self._boxes.items():
            yield _drawn(node, box)

    def _place_gateways(
        self, lefts: dict[Column, float], widths: dict[Column, float], first: float
    ) -> int:
        """Each beside its parts; returns the number of rows. What is shared is drawn once."""
        row = 0
        for gateway in self._graph.gateways:
            own = [part for part in self._graph.parts[gateway] if part not in self._boxes]
            for place, part in enumerate(own):
                y = first + (row + place) * _ROW
                self._boxes[part] = _Box(lefts[Column.PARTS], y, widths[Column.PARTS])
            height = max(1, len(own))
            y = first + (row + (height - 1) / 2) * _ROW
            self._boxes[gateway] = _Box(lefts[Column.GATEWAYS], y, widths[Column.GATEWAYS])
            row += height
        return row

    def _stack(
        self,
        nodes: Sequence[Node],
        lefts: dict[Column, float],
        widths: dict[Column, float],
        first: float,
        rows: int,
    ) -> None:
        """In the middle of the height."""
        start = max(0.0, (rows - len(nodes)) / 2)
        for place, node in enumerate(nodes):
            y = first + (start + place) * _ROW
            self._boxes[node] = _Box(lefts[node.column], y, widths[node.column])


def _lefts(widths: dict[Column, float]) -> dict[Column, float]:
    """Where each column begins; an empty one takes no room."""
    left, found = float(_MARGIN), {}
    for column, width in widths.items():
        found[column] = left
        left += width + _GAP if width else 0.0
    return found


def _width(nodes: Sequence[Node]) -> float:
    longest = max((len(_label(node)) for node in nodes), default=0)
    return longest * _CHARACTER + 2 * _PADDING if longest else 0.0


def _label(node: Node) -> str:
    sign = f"{words.SIGNS[node.mark]} " if node.mark else ""
    return f"{sign}{node.kind} {_short(node.label)}"


def _short(said: str) -> str:
    return said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"


def _drawn(node: Node, box: _Box) -> str:
    mark = _CLASSES[node.mark] if node.mark else ""
    sign = f"{words.SIGNS[node.mark]} " if node.mark else ""
    x, y = box.x + _PADDING, box.y + 17
    return (
        f'<g class="{mark}"><title>{_escaped(f"{node.kind} {node.label} {mark}".strip())}</title>'
        f'<rect class="box" x="{box.x:.0f}" y="{box.y:.0f}" width="{box.width:.0f}" '
        f'height="{_HEIGHT}" rx="5"/>'
        f'<text x="{x:.0f}" y="{y:.0f}">{sign}<tspan class="kind">{node.kind} </tspan>'
        f"{_escaped(_short(node.label))}</text></g>"
    )


def _curve(start: tuple[float, float], end: tuple[float, float], css: str) -> str:
    middle = (start[0] + end[0]) / 2
    return (
        f'<path class="{css}" d="M{start[0]:.0f} {start[1]:.0f} C{middle:.0f} {start[1]:.0f} '
        f'{middle:.0f} {end[1]:.0f} {end[0]:.0f} {end[1]:.0f}"/>'
    )


def _legend(top: float) -> Iterator[str]:
    for place, (operation, css) in enumerate(_CLASSES.items()):
        x = _MARGIN + place * 110
        yield (
            f'<g class="{css}"><rect class="box" x="{x}" y="{top:.0f}" width="100" height="20" '
            f'rx="4"/><text x="{x + 8}" y="{top + 14:.0f}">'
            f"{words.SIGNS[operation]} {operation}</text></g>"
        )


def _text(x: float, y: float, said: str, css: str) -> str:
    return f'<text class="{css}" x="{x:.0f}" y="{y:.0f}">{_escaped(said)}</text>'


def _escaped(said: str) -> str:
    return escape(xml_text(said))
