"""Ways into a JSON document, as people write them.

The singular queries of JSONPath: names and indexes, and nothing that could find several
values. The `$.` at the beginning may be left out. Source: RFC 9535, section 2.3.5.1.
"""

import re

from gatewright.model import JsonPath

#: One step: `name`, `[0]`, `[-1]`, `["any name"]` or `['any name']`. Compiled when it is used:
#: few specs have a path.
_STEP = (
    r"""\.?(?P<name>[A-Za-z_\u0080-\U0010ffff][\w-]*)"""
    r"""|\[(?P<index>0|-?[1-9][0-9]{0,8})\]"""
    r"""|\["(?P<double>[^"\\]+)"\]|\['(?P<single>[^'\\]+)'\]"""
)


def parse(text: str) -> JsonPath | None:
    """The steps of ``text``; None if it is no such path."""
    rest = text[1:] if text.startswith("$") else f".{text}".replace(".[", "[", 1)
    steps: list[str | int] = []
    while rest:
        found = re.match(_STEP, rest)
        if not found or (found["name"] and not rest.startswith(".")):
            return None
        index = found["index"]
        steps.append(int(index) if index else found["name"] or found["double"] or found["single"])
        rest = rest[found.end() :]
    return tuple(steps) or None
