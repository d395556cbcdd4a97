"""What leaves an object that stays: pulumi-cloudflare sends it as null."""

from collections.abc import Iterator, Mapping
from typing import Any

#: The objects of a gateway in which Cloudflare's API types have no null.
OBJECTS = ("guardrails", "dlp")


def nulls(olds: Mapping[str, Any], news: Mapping[str, Any]) -> tuple[str, ...]:
    """Where something was, by the state ``olds``, and is not any more, by the inputs ``news``."""
    return tuple(place for name in OBJECTS for place in _left(name, olds.get(name), news.get(name)))


def _left(place: str, old: Any, new: Any) -> Iterator[str]:
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return
    for key, value in old.items():
        if value is not None and new.get(key) is None:
            yield f"{place}.{key}"
        else:
            yield from _left(f"{place}.{key}", value, new.get(key))
