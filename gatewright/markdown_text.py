"""Text in GitHub's kind of Markdown, where what comes from specs must stay text."""

import re

#: What Markdown or a table in it would read as more than text.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~&@!])")
#: GitHub looks for people and numbers in what the Markdown has become, so a backslash keeps
#: nobody from being called; a space of no width does.
_CALL = re.compile(r"(?<=[@#])(?=\w)")
_APART = "&#8203;"
_SPAN = re.compile(r"(`[^`|]+`)")
_FENCE = "```"
_FOLD, _FOLD_END = "<details>", "</details>"


def plain(text: str) -> str:
    """One line of nothing but text: no markup in it, nobody is called, no cell ends."""
    return _escaped(" ".join(text.split()))


def sentence(text: str) -> str:
    """The same, but what stands in backquotes is code where it cannot end a cell."""
    parts = _SPAN.split(" ".join(text.split()))
    return "".join(part if index % 2 else _escaped(part) for index, part in enumerate(parts))


def code(text: str) -> str:
    """``text`` as code in one line, whatever is in it; not for a cell of a table."""
    line = " ".join(text.split())
    longest = max(map(len, re.findall("`+", line)), default=0)
    ticks = "`" * (longest + 1)
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{space}{line}{space}{ticks}"


def cut(text: str, most: int, note: str = "") -> str:
    """At most ``most`` characters in whole lines; what is open there is closed, before the note."""
    if len(text) <= most:
        return text
    ends = f"\n{_FENCE}\n\n{_FOLD_END}\n"
    lines = text[: max(0, most - len(ends) - len(note))].split("\n")[:-1]
    is_fenced = sum(line.startswith(_FENCE) for line in lines) % 2
    is_folded = sum(line.startswith(_FOLD) - (line == _FOLD_END) for line in lines)
    closing = (f"\n{_FENCE}" if is_fenced else "") + (f"\n\n{_FOLD_END}\n" if is_folded > 0 else "")
    return "\n".join(lines) + closing + note


def _escaped(text: str) -> str:
    return _CALL.sub(_APART, _SPECIAL.sub(r"\\\1", text))
