"""A spec with its misspelt keys read as what they were meant to be.

A rule that misses a field is wrong where that is there and misspelt. So what rules say
of a spec with unknown keys is told only if they say it of this reading too.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from gatewright.model import JsonValue
from gatewright.spec import schemas
from gatewright.spec.document import Spec
from gatewright.spec.explain.mistake import Mistake
from gatewright.spec.intended import Intended
from gatewright.spec.rules import MOST_PER_FILE

#: No field of ours is deeper.
_DEEPEST = 10


def meant(spec: Spec) -> Spec:
    """``spec`` with the names that its unknown keys were probably meant to be."""
    data = _copied(spec.data)
    for _ in range(_DEEPEST):
        # What stands below a misspelt key is looked at only when that has its name.
        if not _respelt(spec._replace(data=data)):
            break
    return spec._replace(data=data)


def _copied(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _respelt(spec: Spec) -> bool:
    """Rename the keys in place; whether any was."""
    # As many as are told, all found before the first is renamed.
    found = list(islice(_unknown(spec), MOST_PER_FILE))
    return sum(_rename(mapping, key, intended.path(key)) for mapping, key, intended in found) > 0


def _unknown(spec: Spec) -> Iterator[tuple[dict[str, Any], str, Intended]]:
    for error in schemas.errors(spec.kind, spec.data):
        if error.validator == "additionalProperties":
            mistake = Mistake(error, spec)
            known = mistake.schema["properties"]
            for key in mistake.value:
                if key not in known:
                    yield mistake.value, key, mistake.intended(known)


def _rename(mapping: dict[str, Any], key: str, path: tuple[str | None, ...]) -> bool:
    """Whether there was a place for it: a key that is there twice is not guessed at."""
    *outer, name = path
    target: Any = mapping
    for step in outer:
        target = target.setdefault(step, {}) if isinstance(target, dict) else None
    if not isinstance(target, dict) or name is None or name in target:
        return False
    target[name] = mapping.pop(key)
    return True
