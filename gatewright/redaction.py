"""Keeping secrets out of everything that people or machines read.

A secret is masked twice: by its value, in each form in which it travels, and by its
shape, for the ones nobody told us about.
"""

import base64
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

MASK = "[redacted]"

#: Below this a value is no secret, and masking it would only eat ordinary text.
_SHORTEST_VALUE = 4
#: A fragment of base64 shorter than this turns up by chance.
_SHORTEST_BASE64 = 8


class Secret:
    """A value that shows itself only to ``reveal``."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value, for the one place that sends it."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


def is_sendable(token: str) -> bool:
    """Whether it can stand in a header: no token is empty or has a line break, for example."""
    return bool(token) and all("!" <= char <= "~" for char in token)


class Redactor:
    """Masks secrets in text; ordinary text survives, and masked text stays as it is.

    By value: each of ``secrets`` (of at least four characters) as it is, JSON-escaped,
    URL-encoded and in base64, also within a longer base64 text such as basic
    authentication. By shape: Cloudflare's prefixed tokens, bearer values, and user and
    password in a URL.
    """

    __slots__ = ("_known", "_secrets")

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = tuple(secrets)
        long = [value for value in self._secrets if len(value) >= _SHORTEST_VALUE]
        forms = {form for value in long for form in _forms(value)}
        longest_first = sorted(forms, key=lambda form: (-len(form), form))
        self._known = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def with_more(self, secrets: Iterable[str]) -> "Redactor":
        """One that masks ``secrets`` too."""
        return Redactor((*self._secrets, *secrets))

    def text(self, text: str) -> str:
        """``text`` with ``[redacted]`` in place of each secret."""
        if self._known:
            text = self._known.sub(MASK, text)
        for shape, replacement in _SHAPES:
            text = shape.sub(replacement, text)
        return text


_SHAPES = (
    # User, account, OAuth tokens and the global key. Source: Cloudflare, token formats.
    (re.compile(r"\bcf(?:ut|at|oat|k)_[A-Za-z0-9_-]{16,}"), MASK),
    # A bearer value: not words in plain lower case ("bearer authentication-token"), which no
    # random token is, and not a shell variable.
    (
        re.compile(
            r"\b(bearer(?:\s+|%20|\+))(?![a-z-]+(?![A-Za-z0-9._~+/=-]))[A-Za-z0-9._~+/=-]{16,}",
            re.IGNORECASE,
        ),
        rf"\1{MASK}",
    ),
    (re.compile(r"(://)[^/\s:@\[\]]*:[^/\s@\[\]]+(?=@)"), rf"\1{MASK}"),
)


def _forms(value: str) -> Iterator[str]:
    yield value
    for only_ascii in (True, False):
        yield json.dumps(value, ensure_ascii=only_ascii)[1:-1]
    octets = value.encode("utf-8", "surrogatepass")
    for encoded in (quote(octets), quote(octets, safe=""), quote_plus(octets)):
        yield encoded
        yield re.sub(r"%[0-9A-F]{2}", lambda match: match[0].lower(), encoded)
    yield from (form for form in _base64_forms(octets) if len(form) >= _SHORTEST_BASE64)


def _base64_forms(octets: bytes) -> Iterator[str]:
    """``octets`` in base64: whole, and the part that is the same within any longer text."""
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(octets).decode()
        for before in range(3):
            padded = encode(bytes(before) + octets).decode()
            first = -(-before * 8 // 6)
            last = (before + len(octets)) * 8 // 6
            yield padded[first:last]
