"""The tree as text, in the one form."""

import re

from gatewright.spec.layout import spelling
from gatewright.spec.layout.comments import Surroundings
from gatewright.spec.layout.guide import Guide
from gatewright.spec.layout.tree import BLANK, Alias, Collection, Entry, Node, Scalar

#: As for the lines of our code: what is wider does not fit beside another file.
WIDEST = 100
_STEP = "  "
#: In the first line of a block: how far its lines are indented.
_INDICATOR = re.compile("[1-9]")


def printed(
    root: Collection | None, guide: Guide, around: Surroundings, *, keep_order: bool
) -> str:
    """The whole file. ``keep_order``: keys stay where they are."""
    lines = [f"# yaml-language-server: $schema={around.schema}"] if around.schema else []
    lines += around.header
    if root:
        lines += _Printer(keep_order=keep_order).collection(root, guide, "")
    return "".join(f"{line}\n" for line in lines)


class _Printer:
    def __init__(self, *, keep_order: bool) -> None:
        self._keep_order = keep_order

    def collection(self, node: Collection, guide: Guide, indent: str) -> list[str]:
        lines: list[str] = []
        for entry in self._ordered(node, guide):
            made = self._entry(entry, _below(entry, guide), indent)
            if not lines:
                # A collection starts with no empty line.
                while made and not made[0]:
                    made.pop(0)
            lines += made
        return lines + _comments(node.foot, indent)

    def _ordered(self, node: Collection, guide: Guide) -> list[Entry]:
        names = [_name(entry) for entry in node.entries]
        if self._keep_order or not node.is_mapping or None in names:
            return node.entries
        by_name = dict(zip(names, node.entries, strict=True))
        return [by_name[name] for name in guide.order(str(name) for name in names)]

    def _entry(self, entry: Entry, guide: Guide, indent: str) -> list[str]:
        head = _comments(entry.head, indent)
        beside = list(entry.beside)
        value = entry.value
        lead = indent + _lead(entry)
        inside = indent + _STEP
        under = _comments(entry.under, inside)
        if isinstance(value, Collection) and value.entries:
            flow = self._fitting(value, guide, lead)
            if flow is None:
                return head + self._block(entry, guide, indent) + under
            return head + _line(indent, f"{lead} {_anchored(value, flow)}", beside) + under
        if isinstance(value, Collection):
            text = _anchored(value, "{}" if value.is_mapping else "[]")
            lines = _line(indent, f"{lead} {text}", beside)
            return head + lines + _comments(value.foot, inside) + under
        if isinstance(value, Scalar) and "\n" in value.source:
            return head + _lines(entry, value, indent) + under
        text = _anchored(value, self._flow(value, guide) or "")
        return head + _line(indent, f"{lead} {text}".rstrip(BLANK), beside) + under

    def _block(self, entry: Entry, guide: Guide, indent: str) -> list[str]:
        value = entry.value
        if not isinstance(value, Collection):
            raise TypeError(value)
        lead = indent + _lead(entry)
        body = self.collection(value, guide, indent + _STEP)
        if entry.key is not None or value.anchor:
            return [*_line(indent, _anchored(value, lead, is_before=True), entry.beside), *body]
        # A list's item starts on the line of its dash; comments above its first line go higher.
        first = next(i for i, line in enumerate(body) if line and line.lstrip(BLANK)[0] != "#")
        above = [line.lstrip(BLANK) for line in body[:first]]
        start = body[first].removeprefix(indent + _STEP)
        return [
            *_comments([*entry.beside, *above], indent),
            f"{lead} {start}",
            *body[first + 1 :],
        ]

    def _fitting(self, node: Collection, guide: Guide, lead: str) -> str | None:
        """The collection on the line that starts with ``lead``, if it was so and has room."""
        if not node.is_flow or node.is_commented:
            return None
        flow = self._flow(node, guide)
        if flow is None or len(lead) + 1 + len(_anchored(node, flow)) > WIDEST:
            return None
        return flow

    def _flow(self, node: Node, guide: Guide) -> str | None:
        """The node on one line; None if it cannot be."""
        if isinstance(node, Alias):
            return f"*{node.name}"
        if isinstance(node, Scalar):
            return spelling.value(node, guide, in_flow=False)
        if not isinstance(node, Collection):
            raise TypeError(node)
        texts: list[str] = []
        for entry in self._ordered(node, guide):
            text = self._flow_entry(entry, _below(entry, guide))
            if text is None:
                return None
            texts.append(text)
        return f"{{{', '.join(texts)}}}" if node.is_mapping else f"[{', '.join(texts)}]"

    def _flow_entry(self, entry: Entry, guide: Guide) -> str | None:
        value = entry.value
        text = (
            spelling.value(value, guide, in_flow=True)
            if isinstance(value, Scalar)
            else self._flow(value, guide)
        )
        if not text:
            # Nothing is written: not even between brackets can that be seen.
            return None
        text = _anchored(value, text)
        return text if entry.key is None else f"{_key(entry.key, in_flow=True)}: {text}"


def _line(indent: str, line: str, beside: list[str]) -> list[str]:
    """The line with its comment; of several, the last stays and the others go above."""
    *above, last = beside or [""]
    return [*_comments(above, indent), f"{line} {last}".rstrip(BLANK)]


def _lines(entry: Entry, value: Scalar, indent: str) -> list[str]:
    """A text on several lines, which stay as they are but for their indentation."""
    first, *rest = value.source.split("\n")
    inside = indent + _STEP
    if value.is_block:
        header, margin = _header(entry, first, rest)
        lead = f"{indent}{_lead(entry)} {_anchored(value, header)}"
        if rest and not rest[-1]:
            # Of a block that keeps the empty lines below it, each but the last has its own.
            rest.pop()
        lines = [inside + line[margin:] if len(line) > margin else "" for line in rest]
        return [*_comments(entry.beside, indent), lead, *lines]
    *above, last = entry.beside or [""]
    lines = [f"{inside}{line.strip(BLANK)}".rstrip(BLANK) for line in rest]
    lines[-1] = f"{lines[-1]} {last}".rstrip(BLANK)
    lead = f"{indent}{_lead(entry)} {_anchored(value, first.rstrip(BLANK))}"
    return [*_comments(above, indent), lead, *lines]


def _header(entry: Entry, line: str, lines: list[str]) -> tuple[str, int]:
    """The first line of a block, and how far its others were indented."""
    style, sign, comment = line.partition("#")
    indicator = _INDICATOR.search(style)
    if indicator:
        margin = entry.column + int(indicator[0])
        style = _INDICATOR.sub(str(len(_STEP)), style)
    else:
        text = next((each for each in lines if each.strip(" ")), "")
        margin = len(text) - len(text.lstrip(" "))
    return f"{style.rstrip(BLANK)} {sign}{comment}".rstrip(BLANK), margin


def _below(entry: Entry, guide: Guide) -> Guide:
    name = _name(entry)
    return guide.item() if name is None else guide.key(name)


def _name(entry: Entry) -> str | None:
    return entry.key.value if isinstance(entry.key, Scalar) else None


def _lead(entry: Entry) -> str:
    if entry.key is None:
        return "-"
    text = _key(entry.key, in_flow=False)
    # The colon behind an alias would be part of its name.
    return f"{text} :" if isinstance(entry.key, Alias) else f"{text}:"


def _key(key: Scalar | Alias, *, in_flow: bool) -> str:
    if isinstance(key, Alias):
        return f"*{key.name}"
    return _anchored(key, spelling.key(key, in_flow=in_flow))


def _anchored(node: Node, text: str, *, is_before: bool = False) -> str:
    if not node.anchor:
        return text
    return f"{text} &{node.anchor}" if is_before else f"&{node.anchor} {text}".rstrip(BLANK)


def _comments(lines: list[str], indent: str) -> list[str]:
    return [f"{indent}{line}".rstrip(BLANK) if line else "" for line in lines]
