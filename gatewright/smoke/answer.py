"""What is in the body of an answer beyond its shape."""

import json
import re
from collections.abc import Callable, Iterable, Sequence

from gatewright.model import JsonExpectation, JsonPath, JsonValue

_ABSENT = object()


def unmet(
    documents: Sequence[JsonValue],
    wanted: Iterable[JsonExpectation],
    fit: Callable[[str], str],
) -> tuple[str, ...]:
    """What is seen in place of each value that is not as wanted, in the order of ``wanted``.

    Of several documents, the events of a stream, one has to hold it. ``fit`` makes a
    stranger's text fit to print: the whole of it, for a part may be a part of a secret.
    """
    return tuple(
        f"`{each.written}` {_seen(documents, each, fit)}"
        for each in wanted
        if not any(_holds(_at(document, each.path), each) for document in documents)
    )


def tokens(documents: Sequence[JsonValue]) -> tuple[int, int] | None:
    """The tokens read and written, as the answer counts them; None if it does not."""
    for document in reversed(documents):
        for place in (("usage",), ("result", "usage")):
            match _at(document, place):
                case {"prompt_tokens": int() as read, "completion_tokens": int() as written}:
                    return read, written
                case {"prompt_tokens": int() as read, "total_tokens": int()}:  # embeddings
                    return read, 0
    return None


def _at(document: JsonValue, path: JsonPath) -> object:
    value: object = document
    for step in path:
        if isinstance(step, int) and isinstance(value, list):
            value = value[step] if -len(value) <= step < len(value) else _ABSENT
        elif isinstance(step, str) and isinstance(value, dict):
            value = value.get(step, _ABSENT)
        else:
            return _ABSENT
    return value


def _holds(value: object, wanted: JsonExpectation) -> bool:
    if value is _ABSENT:
        return False
    if wanted.equals is not None and not _same(value, wanted.equals):
        return False
    return wanted.matches is None or re.search(wanted.matches, _text(value)) is not None


def _same(value: object, wanted: object) -> bool:
    """As in JSON: 1 and 1.0 are one number, 1 and true are not the same."""
    return value == wanted and isinstance(value, bool) is isinstance(wanted, bool)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _seen(
    documents: Sequence[JsonValue], wanted: JsonExpectation, fit: Callable[[str], str]
) -> str:
    values = [_at(document, wanted.path) for document in documents]
    there = [value for value in values if value is not _ABSENT]
    return f"is `{fit(_text(there[0]))}`" if there else "is not there"
