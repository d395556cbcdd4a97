"""The values that an update or a replacement changes, read from the engine's events.

The engine writes `[secret]` in place of each secret, so none is ever in here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gatewright.model import JsonValue

#: The key by which an object is known to stand for something else. Source: Pulumi's SDK.
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "[secret]"  # noqa: S105  # the engine's own word for one
_CAPITAL = re.compile(r"(?<=[a-z0-9])([A-Z])")


@dataclass(frozen=True, slots=True)
class Property:
    """One value, by the API's name for it; None where there was or is none.

    ``replaces`` says that the object is replaced because of it.
    """

    path: str
    before: JsonValue
    after: JsonValue
    replaces: bool = False


def properties(metadata: Mapping[str, Any]) -> tuple[Property, ...]:
    """The inputs that differ, in the order of their names; none without an old and a new state."""
    old, new = metadata.get("old"), metadata.get("new")
    if not old or not new:
        return ()
    before, after = old.get("inputs") or {}, new.get("inputs") or {}
    causes = set(metadata.get("keys") or ())
    found: list[Property] = []
    for name in sorted(metadata.get("diffs") or ()):
        is_cause = name in causes
        for path, was, will in _leaves(spelled(name), before.get(name), after.get(name)):
            found.append(Property(path, was, will, is_cause))
    return tuple(found)


def _leaves(path: str, before: Any, after: Any) -> Iterator[tuple[str, JsonValue, JsonValue]]:
    before, after = _masked(before), _masked(after)
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted(before.keys() | after.keys()):
            if before.get(name) != after.get(name):
                yield from _leaves(f"{path}.{spelled(name)}", before.get(name), after.get(name))
        return
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, (was, will) in enumerate(zip(before, after, strict=True)):
            if was != will:
                yield from _leaves(f"{path}.{place}", was, will)
        return
    yield path, before, after


def _masked(value: Any) -> Any:
    """``value`` with the engine's form of a secret, which says nothing, as a word."""
    if isinstance(value, dict):
        if _SIGNATURE in value:
            return _SECRET
        return {name: _masked(each) for name, each in value.items()}
    return [_masked(each) for each in value] if isinstance(value, list) else value


def spelled(name: str) -> str:
    """`rateLimitingLimit`, which is Pulumi's, as the API and our reports spell it."""
    return _CAPITAL.sub(r"_\1", name).lower()
