"""The one spelling of keys and single values."""

import json
import re

import yaml

from gatewright.spec import scalars
from gatewright.spec.layout.guide import Guide
from gatewright.spec.layout.tree import Scalar

#: The first characters are no indicator of YAML, the rest neither comment nor key.
_PLAIN = re.compile(r"(?!---|\.\.\.)[^\W_][^\n]*|[/.(_$][^\n]*")
_NOT_PLAIN = re.compile(r": | #|:$|[\t]|\s$")
_BRACKETS = re.compile(r"[,\[\]{}]|:(?=[,\[\]{}])")
_RESOLVERS = yaml.SafeLoader.yaml_implicit_resolvers
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
#: Of YAML's escapes with four digits.
_LARGEST_SHORT = 0xFFFF
_WORDS = {None: "null", True: "true", False: "false"}


def key(scalar: Scalar, *, in_flow: bool) -> str:
    """How a key is written."""
    return scalar.source if scalar.is_plain else _text(scalar, in_flow=in_flow, is_time=False)


def value(scalar: Scalar, guide: Guide, *, in_flow: bool) -> str:
    """How a value is written on one line."""
    meant = scalars.plain(scalar.value).value if scalar.is_plain else scalar.value
    if isinstance(meant, str | int) and not isinstance(meant, bool):
        spelled = guide.spelled(meant)
        if spelled is not None:
            return spelled if is_plain(spelled, in_flow=in_flow) else quoted(spelled)
    if scalar.is_empty:
        return ""
    if scalar.is_plain and (meant is None or isinstance(meant, bool)):
        return _WORDS[meant]
    if scalar.is_plain and "\n" not in scalar.source:
        return scalar.source
    return _text(scalar, in_flow=in_flow, is_time=guide.is_time)


def _text(scalar: Scalar, *, in_flow: bool, is_time: bool) -> str:
    text = scalar.value
    if is_plain(text, in_flow=in_flow, is_time=is_time):
        return text
    if not text.isprintable() and scalar.source.startswith('"') and "\n" not in scalar.source:
        # The author's own escapes say more than ours would.
        return scalar.source
    if text.isprintable() and ('"' in text or "\\" in text) and "'" not in text:
        return f"'{text}'"
    return quoted(text)


def is_plain(text: str, *, in_flow: bool, is_time: bool = False) -> bool:
    """Whether ``text`` without quotes is that text to every reader of YAML."""
    if not text.isprintable() or not _PLAIN.fullmatch(text) or _NOT_PLAIN.search(text):
        return False
    if in_flow and _BRACKETS.search(text):
        return False
    meaning = scalars.plain(text)
    if meaning.rule or meaning.value != text:
        return False
    tags = {tag for tag, form in _RESOLVERS.get(text[0], ()) if form.match(text)}
    return not tags or (is_time and tags == {_TIMESTAMP})


def quoted(text: str) -> str:
    """``text`` in double quotes; what cannot be printed as an escape."""
    escaped = json.dumps(text, ensure_ascii=False)
    return "".join(
        character if character.isprintable() else _escape(ord(character)) for character in escaped
    )


def _escape(code: int) -> str:
    return f"\\u{code:04x}" if code <= _LARGEST_SHORT else f"\\U{code:08x}"
