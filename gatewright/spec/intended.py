"""What an unknown key was probably meant to be."""

import re
from collections.abc import Collection
from typing import NamedTuple

from gatewright.spec import api_names
from gatewright.spec.files import Kind
from gatewright.spec.words import nearest, quoted

#: The keys that name what a file declares: each kind has one of them.
_IDENTITIES = frozenset({"id", "name", "slug"})

#: A key without its colon, or without the space after it, and the start of its value.
_GLUED = re.compile(r"([A-Za-z_]+)(?:[: ]*[\[{]|[: ]+\S)")


class Intended(NamedTuple):
    """Looks for the meaning of keys of one mapping; ``kind`` if it is all of a file."""

    kind: Kind | None
    known: Collection[str]
    written: Collection[str]

    def path(self, key: str) -> tuple[str | None, ...]:
        """The path it was meant to be: another kind's name, the API's, or the nearest."""
        kind = self.kind
        if kind and key in _IDENTITIES and kind.key in self.known and kind.key not in self.written:
            return (kind.key,)
        path = api_names.FIELDS.get(kind.noun, {}).get(key) if kind else None
        return path or (nearest(key, self.known) or self._glued(key),)

    def hint(self, key: str) -> str | None:
        """The hint that says so, if anything is near."""
        name, *inner = self.path(key)
        if name and name == self._glued(key):
            return f"write a colon and a space: {quoted(f'{name}: …')}"
        if inner:
            return f"Cloudflare's {quoted(key)} is {quoted(f'{name}: {{{inner[0]}: …}}')} here"
        return f"did you mean {quoted(name)}?" if name else None

    def _glued(self, key: str) -> str | None:
        found = _GLUED.match(key)
        return found[1] if found and found[1] in self.known else None
