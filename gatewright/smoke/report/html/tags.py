"""Markup by functions: text is escaped, children are markup already."""

import html
import re
from collections.abc import Iterable


def escaped(text: str) -> str:
    """``text`` for between tags and for attributes."""
    return html.escape(text)


def prose(text: str) -> str:
    """``text`` escaped, with what is between backticks as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escaped(text))


def element(tag: str, *children: str, **attributes: str | float) -> str:
    """`<tag …>children</tag>`; an attribute `class_` is `class`, `_` in others is `-`."""
    shown = "".join(
        f' {"class" if name == "class_" else name.replace("_", "-")}="{escaped(f"{value}")}"'
        for name, value in attributes.items()
    )
    return f"<{tag}{shown}>{''.join(children)}</{tag}>"


def joined(parts: Iterable[str]) -> str:
    """Markup one after another, each on its own line."""
    return "\n".join(parts)
