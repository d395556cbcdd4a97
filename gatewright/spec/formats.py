"""What our own keywords and patterns ask of a text: one answer for both who look at schemas.

``verdict`` says at once whether a value fits; ``keywords`` extends jsonschema, which says why not.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from gatewright.spec import durations, times

UNITS = {"s": 1_000, "ms": 1}


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # The schemas' `$` is ECMA-262's: Python's would let a last line end pass.
    return re.compile(re.sub(r"\$$", r"\\Z", pattern))


def matches(pattern: str, text: str) -> bool:
    """Whether ``pattern`` of a schema is found in ``text``."""
    return _compiled(pattern).search(text) is not None


def is_whole(text: str, unit: str) -> bool:
    """Whether a duration is a whole number of its ``unit``; what is none is left to the pattern."""
    total = durations.milliseconds(text)
    return total is None or not total % UNITS[unit]


def is_in_range(text: str, unit: str, schema: Mapping[str, Any]) -> bool:
    """Whether a duration is between the schema's ``minimum`` and ``maximum``, as far as it is."""
    total = durations.milliseconds(text)
    if total is None:
        return True
    factor = UNITS[unit]
    least, most = schema.get("minimum"), schema.get("maximum")
    return (least is None or total >= least * factor) and (most is None or total <= most * factor)


def exists(name: str, text: str, pattern: str) -> bool:
    """Whether what a text of this ``x-format`` names exists; bad form is left to the pattern."""
    return not matches(pattern, text) or FORMATS[name](text)


def _network(text: str) -> bool:
    from ipaddress import ip_network  # noqa: PLC0415  # slow to import, and seldom needed

    try:
        # Cloudflare takes addresses with host bits for their network.
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _regex(text: str) -> bool:
    try:
        re.compile(text)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def _json_path(text: str) -> bool:
    from gatewright.spec import json_path  # noqa: PLC0415  # seldom needed

    return json_path.parse(text) is not None


FORMATS: dict[str, Callable[[str], bool]] = {
    "time": lambda text: times.end(text) is not None,
    "network": _network,
    "json-path": _json_path,
    "regex": _regex,
}
