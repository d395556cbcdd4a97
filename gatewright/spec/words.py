"""Words of the messages: values as people wrote them, lists, the nearest name."""

import json
import re
from collections.abc import Iterable
from typing import Any

_LONGEST = 60
#: Texts of examples that need no quotes, not even between brackets.
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.'?-]*")


def printable(text: str) -> str:
    """``text`` with everything that could steer a terminal written as an escape."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def quoted(value: Any) -> str:
    """A key or value for a message: in backticks, on one line, not too long."""
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    text = printable(str(value))
    return f"`{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}`"


def listed(values: Iterable[Any], conjunction: str = "or") -> str:
    """``a``, ``b`` or ``c``, each in backticks."""
    *first, last = [quoted(value) for value in values]
    return f"{', '.join(first)} {conjunction} {last}" if first else last


def there_is(names: Iterable[str]) -> str:
    """A hint that names all there is; at least one."""
    known = sorted(names)
    return f"there {'is' if len(known) == 1 else 'are'} {listed(known, 'and')}"


def as_yaml(value: Any) -> str:
    """A value of an example on one line, in YAML's flow style."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {as_yaml(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(as_yaml, value))}]"
    is_plain = isinstance(value, str) and _PLAIN.fullmatch(value)
    return str(value) if is_plain else json.dumps(value, ensure_ascii=False)


def dotted(path: Iterable[str | int]) -> str:
    """A JSON path as people write it: ``endpoints.answer.body``, ``permissions[0]``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The name in ``known`` that ``word`` was probably meant to be."""
    from difflib import get_close_matches  # noqa: PLC0415  # only a mistake pays for the import

    by_folded = {name.casefold(): name for name in known}
    close = get_close_matches(word.casefold(), by_folded, n=1)
    return by_folded[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The hint with the nearest name, if one is near."""
    name = nearest(word, known)
    return f"did you mean {quoted(name)}?" if name else None
