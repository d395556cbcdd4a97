"""Secrets that somebody wrote into a spec are masked before anybody sees them.

It happens in the node tree, before values are made of it: so no message, excerpt,
report or model can show what was written. The mask is as long as the text, for the
places of everything else must stay what they are.
"""

import re

import yaml

from gatewright.spec.nodes import PLAIN, QUOTED

MASK = "•"
#: Below these keys everything is a secret, in whatever section and however deep.
_SECRET_KEYS = frozenset({"authorization", "headers"})
#: What the other keys mean that mean something: in a section everything is masked that
#: is not known to be harmless; free keys are what people choose, and mean nothing to
#: us; below names the spec starts anew.
_PLACES = {
    "otel": "section",
    "stripe": "section",
    "endpoints": "free",
    "metadata": "free",
    "stacks": "names",
}
_HIDING = frozenset({"section", "secret"})
_ANYTHING = re.compile(".*", re.DOTALL)
_REFERENCES = {
    "env": re.compile("[A-Z_][A-Z0-9_]*"),
    "config": re.compile("[A-Za-z][A-Za-z0-9_-]*"),
}
_HARMLESS = {
    # An address may hold a user and a password.
    "url": re.compile("[^@]*"),
    "content_type": _ANYTHING,
    "payload": _ANYTHING,
}
#: A text without these holds no secret that we would know.
_WORDS = ("otel", "stripe", *_SECRET_KEYS)
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
#: What a text that is no YAML may show of a secret.
_LINE = re.compile(
    r"""(?P<key>\bauthori[sz]ation["']?[ \t]*:[ \t]*)"""
    r"""(?P<value>"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|["'][^\n]*|[^\s,{}\[\]#][^\n,{}\[\]]*)""",
    re.IGNORECASE,
)


def masked(root: yaml.Node | None, text: str) -> str:
    """``text`` without the secrets in it, which are masked in the tree of ``root`` too."""
    if root is None or not any(word in text for word in _WORDS):
        return text
    spans = sorted(_Search().spans(root))
    pieces, last = [], 0
    for start, end in spans:
        pieces += [text[last:start], _mask(text[start:end])]
        last = end
    return "".join([*pieces, text[last:]])


def masked_lines(text: str) -> str:
    """``text``, of which there is no tree, without what is probably a secret."""
    return _LINE.sub(lambda found: found["key"] + _mask(found["value"]), text)


def _mask(text: str) -> str:
    return re.sub(r"[^\n]", MASK, text)


class _Search:
    """Walks a tree once for each way in which a node may be meant."""

    def __init__(self) -> None:
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
                self._visit(item[1], *_below(place, item[0]))
            else:
                self._visit(item, place, key)

    def _scalar(self, node: yaml.ScalarNode, place: str, key: str) -> None:
        if place not in _HIDING or (node.tag is PLAIN and node.value in _NOTHING):
            return
        form = _REFERENCES.get(key) or (_HARMLESS.get(key) if place == "section" else None)
        if form and form.fullmatch(node.value):
            return
        self._spans.add((node.start_mark.index, node.end_mark.index))
        node.value = MASK * len(node.value)
        node.tag = QUOTED  # type: ignore[assignment]  # the stubs know texts only


def _below(place: str, key: yaml.Node) -> tuple[str, str]:
    name = key.value if isinstance(key, yaml.ScalarNode) else ""
    if place == "names":
        return "", name
    if place == "secret" or (name in _SECRET_KEYS and place != "free"):
        return "secret", name
    return place or _PLACES.get(name, ""), name
