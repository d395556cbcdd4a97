"""Texts, lists and mappings that are too long, too short, or have something twice."""

from collections.abc import Iterator

from gatewright.model import Finding
from gatewright.spec.explain.mistake import Mistake, example
from gatewright.spec.rules import finding
from gatewright.spec.words import listed, quoted


def too_long(mistake: Mistake) -> Iterator[Finding]:
    """A text of too many characters."""
    length = len(mistake.value)
    message = f"{mistake.subject} has {length} characters; at most {mistake.wanted} are allowed"
    yield mistake.finding("out-of-range", message)


def too_short(mistake: Mistake) -> Iterator[Finding]:
    """A text of too few characters."""
    if not mistake.value:
        yield from empty(mistake)
        return
    length = len(mistake.value)
    message = f"{mistake.subject} has {length} characters; at least {mistake.wanted} are needed"
    yield mistake.finding("out-of-range", message)


def too_many(mistake: Mistake) -> Iterator[Finding]:
    """A list or mapping of too many entries."""
    count = len(mistake.value)
    if mistake.wanted == 1 and isinstance(mistake.value, dict):
        message = f"{mistake.subject} has {listed(mistake.value, 'and')}, where one is meant"
        yield mistake.finding("out-of-range", message, _merged(mistake) or "keep one of them")
        return
    message = f"{mistake.subject} has {count} entries; the most is {mistake.wanted}"
    yield mistake.finding("out-of-range", message)


def _merged(mistake: Mistake) -> str | None:
    """A hint about a key that is not written beside the others, but comes from what is shared."""
    positions, path = mistake.spec.positions, mistake.path
    own = (positions.value(path).file, positions.origin(path))
    for key in mistake.value:
        place, origin = positions.key((*path, key)), positions.origin((*path, key))
        if (place.file, origin[:-1]) != own:
            where = quoted(f"{place.file}:{place.line}")
            return f"{quoted(key)} comes from {where}: remove it here with {quoted(f'{key}: null')}"
    return None


def empty(mistake: Mistake) -> Iterator[Finding]:
    """A list or mapping of nothing."""
    hint = example(mistake.schema, mistake.path)
    yield mistake.finding("out-of-range", f"{mistake.subject} is empty", hint)


def repeated(mistake: Mistake) -> Iterator[Finding]:
    """A finding at each text that the list has already."""
    seen: set[str] = set()
    for index, item in enumerate(mistake.value):
        if not isinstance(item, str):
            continue
        if item in seen:
            path = (*mistake.path, index)
            location = mistake.spec.positions.value(path)
            message = f"{mistake.subject} has {quoted(item)} twice"
            yield finding("not-allowed", location, message, hint="remove one of them", path=path)
        seen.add(item)
