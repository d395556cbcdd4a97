"""Property paths as ``ignore_changes`` writes them: ``a.b``, ``a["b"]``, ``a[0]``, ``a[*]``."""

import re
from typing import Any

from gatewright.plugin.values import Properties

_STEP = re.compile(r'\[(\d+)\]|\["([^"]*)"\]|\[(\*)\]|([^.\[\]]+)')

Step = str | int


def parse(path: str) -> tuple[Step, ...]:
    """The steps of ``path``."""
    return tuple(
        int(index) if index else quoted or star or name
        for index, quoted, star, name in _STEP.findall(path)
    )


def restored(new: Properties, old: Properties, paths: tuple[str, ...]) -> Properties:
    """``new`` with what lies at ``paths`` as it is in ``old``, absent where it is absent there."""
    result: Any = new
    for path in paths:
        result = _restore(result, old, parse(path))
    return dict(result)


def _restore(new: Any, old: Any, steps: tuple[Step, ...]) -> Any:
    if not steps:
        return old
    step, rest = steps[0], steps[1:]
    match new, old:
        case dict(), dict():
            keys = [key for key in {**new, **old} if step in ("*", key)]
            changed = {key: _restore(new.get(key), old.get(key), rest) for key in keys}
            return {key: item for key, item in {**new, **changed}.items() if item is not None}
        case list(), list():
            return [
                _restore(item, old[index], rest)
                if step in ("*", index) and index < len(old)
                else item
                for index, item in enumerate(new)
            ]
        case _:
            return new
