"""Secrets that somebody wrote into a spec are masked before anybody sees them.

It happens in the node tree, before values are made of it: so no message, excerpt,
report or model can show what was written. The mask is as long as the text, for the
places of everything else must stay what they are.
"""

import re

import yaml

from gatewright.spec import secret_places
from gatewright.spec.nodes import PLAIN, QUOTED

MASK = "•"
#: What the other keys mean that mean something: in a section everything is masked that
#: is not known to be harmless; free keys are what people choose, and mean nothing to
#: us; below names the spec starts anew.
_PLACES = {
    **secret_places.SECTIONS,
    "body": "free",
    "endpoints": "free",
    "routes": "free",
    "metadata": "free",
    "stacks": "names",
}
_HIDING = frozenset({"section", "names of keys", "keys", "secret"})
_ANYTHING = re.compile(".*", re.DOTALL)
_REFERENCES = {
    "env": re.compile("[A-Z_][A-Z0-9_]*"),
    "config": re.compile("[A-Za-z][A-Za-z0-9_-]*"),
}
_ADDRESS = re.compile("[^@]*")
#: One that takes no query may hold none of a key either.
_BASE = re.compile("[^@?#]*")
_HARMLESS: dict[str, dict[str, re.Pattern[str]]] = {
    "section": {"url": _ADDRESS, "content_type": _ANYTHING, "payload": _ANYTHING},
    "keys": {
        **dict.fromkeys(
            ("provider", "alias", "default", "rate_limit", "rate_limit_period"), _ANYTHING
        ),
        # An id looks like many a secret, but not like one that says what it is.
        "secret_id": re.compile("(?!(?:sk|pk|rk|gh[a-z]|xox[a-z])[-_]|eyJ).*", re.DOTALL),
    },
}
#: Names of headers, and values, that prove who is sending.
_PROVING = re.compile(
    r"(?:^|[-_])(?:auth|authorization|key|apikey|token|secret|password|cookie|credentials?)"
    r"(?:$|[-_])",
    re.IGNORECASE,
)
_CREDENTIAL = re.compile(
    r"(?:bearer|basic|token)\s+\S|\b(?:sk|pk|rk|gh[a-z]|xox[a-z]|cf[a-z]{1,3}t|eyJ)[-_]?\w{8}"
    r"|(?=[\w+/=-]*[0-9])(?=[\w+/=-]*[A-Za-z])[\w+/=-]{24}",
    re.IGNORECASE,
)
_WORDS = "|".join(sorted(secret_places.KEYS | secret_places.SECTIONS.keys()))
#: A key that goes on after a word that secrets are found by.
_GLUED = re.compile(rf".*\b(?:{_WORDS})\b[ \t:{{\[]+")
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
#: What a text that is no YAML may show of a secret.
_LINE = re.compile(
    r"""(?P<key>\b(?:authori[sz]ation|secret|token|password|cookie|credentials?|api_?key|[\w-]*-key"""
    r"""|value)["']?[ \t]*:[ \t]*)"""
    r"""(?P<value>"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|["'][^\n]*|[^\s,{}\[\]#][^\n,{}\[\]]*)""",
    re.IGNORECASE,
)


_UNMARKED = re.compile(rf"(?P<key>\b(?:{_WORDS})[ \t{{\[]+)(?P<value>[^\s,{{}}\[\]#]+)")
_LOOSE = re.compile(
    r"""(?P<key>://(?=[^\s/@]*@)|\b(?:bearer|basic)[ \t]+)(?P<value>[^\s/@,"'}\]]+)""",
    re.IGNORECASE,
)


def secrets(
    root: yaml.Node | None, text: str, *, plain_headers: bool = False
) -> list[tuple[int, int]]:
    """Mask the secrets in the tree of ``root``; where in its ``text`` they are.

    With ``plain_headers``, ``headers`` at the top may hold texts that prove nothing.
    """
    if root is None or not secret_places.may_be_in(text):
        return []
    return sorted(_Search(plain_headers=plain_headers).spans(root))


def masked(text: str, spans: list[tuple[int, int]]) -> str:
    """``text`` with a mask at each of the ``spans``."""
    pieces, last = [], 0
    for start, end in spans:
        pieces += [text[last:start], _mask(text[start:end])]
        last = end
    return "".join([*pieces, text[last:]])


def masked_lines(text: str) -> str:
    """``text``, of which there is no tree, without what is probably a secret."""
    for form in (_LINE, _LOOSE):
        text = form.sub(lambda found: found["key"] + _mask(found["value"]), text)
    return _UNMARKED.sub(
        lambda found: (
            found["key"] + _mask(found["value"]) if _CREDENTIAL.search(found["value"]) else found[0]
        ),
        text,
    )


def _mask(text: str) -> str:
    return re.sub(r"[^\n]", MASK, text)


class _Search:
    """Walks a tree once for each way in which a node may be meant."""

    def __init__(self, *, plain_headers: bool) -> None:
        self._plain_headers = plain_headers
        self._met: set[tuple[int, str, str]] = set()
        self._spans: set[tuple[int, int]] = set()

    def spans(self, root: yaml.Node) -> set[tuple[int, int]]:
        """The spans of the scalars that were masked."""
        self._visit(root, "", "")
        return self._spans

    def _visit(self, node: yaml.Node, place: str, key: str) -> None:
        """``place`` is a word for what is above, ``key`` the nearest key above."""
        if isinstance(node, yaml.ScalarNode):
            self._scalar(node, place, key)
            return
        if (id(node), place, key) in self._met:
            return
        self._met.add((id(node), place, key))
        for item in node.value:
            if isinstance(item, tuple):
                if glued := self._glued(item[0], place):
                    self._hide_rest(item[0], glued.end())
                    self._visit(item[1], "secret", "")
                    continue
                if place == "secret" and key != "headers":
                    self._name(item[0])
                self._visit(item[1], *self._below(place, item[0]))
            else:
                self._visit(item, place, key)

    def _scalar(self, node: yaml.ScalarNode, place: str, key: str) -> None:
        if (node.tag is PLAIN and node.value in _NOTHING) or self._is_harmless(node, place, key):
            return
        self._hide(node)

    def _name(self, node: yaml.Node) -> None:
        """Mask the key within a reference if the secret itself stands there."""
        if isinstance(node, yaml.ScalarNode) and _CREDENTIAL.search(node.value):
            self._hide(node)

    def _glued(self, key: yaml.Node, place: str) -> "re.Match[str] | None":
        """The start of a key that has a value in it, for want of a colon or of a space after it."""
        is_key = isinstance(key, yaml.ScalarNode) and place != "free"
        return _GLUED.match(key.value) if is_key else None

    def _hide_rest(self, node: yaml.ScalarNode, index: int) -> None:
        """Mask what of a key comes after ``index``; all of it unless it is written as it is."""
        start, end = node.start_mark.index, node.end_mark.index
        if end - start != len(node.value):
            index = 0
        if index < len(node.value):
            self._spans.add((start + index if index else start, end))
            node.value = node.value[:index] + MASK * (len(node.value) - index)

    def _hide(self, node: yaml.ScalarNode) -> None:
        self._spans.add((node.start_mark.index, node.end_mark.index))
        node.value = MASK * len(node.value)
        node.tag = QUOTED  # type: ignore[assignment]  # the stubs know texts only

    def _is_harmless(self, node: yaml.ScalarNode, place: str, key: str) -> bool:
        if place == "header":
            return not (_PROVING.search(key) or _CREDENTIAL.search(node.value))
        if place not in _HIDING:
            is_address = place != "free" and key in secret_places.ADDRESSES
            form = _BASE if key == "base_url" else _ADDRESS
            return not is_address or bool(form.fullmatch(node.value))
        known = _REFERENCES.get(key) or _HARMLESS.get(place, {}).get(key)
        return bool(known and known.fullmatch(node.value))

    def _below(self, place: str, key: yaml.Node) -> tuple[str, str]:
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        if place == "names":
            return "", name
        if place == "names of keys":
            return "keys", name
        if place in {"headers", "header"}:
            return ("header" if place == "headers" else "secret"), name
        if not place and name == "headers" and self._plain_headers:
            return "headers", name
        if place == "secret" or (name in secret_places.KEYS and place != "free"):
            return "secret", name
        return place or _PLACES.get(name, ""), name
