"""HTML in which no text can turn into markup: whatever is not `Html` is escaped."""

from html import escape
from typing import TypeAlias


class Html(str):
    """Markup that is safe as it is."""

    __slots__ = ()


#: `None` is left out.
Child: TypeAlias = "str | int | None"
Attribute: TypeAlias = "str | int | float | bool | None"

_VOID = frozenset(("br", "input", "link", "meta", "rect", "line"))


def tag(name: str, /, *children: Child, **attributes: Attribute) -> Html:
    """An element; ``class_`` stands for ``class``, ``aria_label`` for ``aria-label``.

    An attribute that is ``None`` or ``False`` is left out, ``True`` has no value.
    """
    opened = name + "".join(_attribute(*given) for given in attributes.items())
    # The slash ends an element of a picture; elsewhere it means nothing.
    return Html(f"<{opened}/>" if name in _VOID else f"<{opened}>{join(*children)}</{name}>")


def join(*children: Child) -> Html:
    """Children after one another."""
    return Html("".join(map(_text, children)))


def _text(child: Child) -> str:
    if child is None:
        return ""
    return child if isinstance(child, Html) else escape(str(child))


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
