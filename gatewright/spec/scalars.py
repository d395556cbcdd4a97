"""What a plain (unquoted) scalar means.

The rules are YAML 1.2's, as editors read them. Where YAML 1.1, which most
Python programs still speak, gives another value, the scalar is refused: nobody
can know which of the two its writer meant.
"""

import math
import re
from typing import NamedTuple

from gatewright.spec.words import quoted

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(
    ("false", "False", "FALSE"), False
)
_OLD_BOOLEANS = {"yes": "true", "on": "true", "no": "false", "off": "false"}
#: Any other first character makes a text: most scalars are decided here.
_SPECIAL_FIRST = frozenset("~+-.0123456789nNtTfFyYoO")

_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?")
_OTHER_BASE = re.compile(r"[-+]?(?:0o[0-7_]+|0x[0-9a-fA-F_]+|0b[01_]+)")
_DISPUTED = (
    (_OTHER_BASE, "is a number in another base"),
    (re.compile(r"[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?"), "is a number with underscores"),
    (re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"), "is a number in base 60"),
    (re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"), "is no finite number"),
)
#: Larger integers are not exact in JSON, and longer ones Python refuses to read.
_LARGEST = 2**53 - 1
_MOST_DIGITS = 16


class Scalar(NamedTuple):
    """A value; if ``rule`` is set it is refused, ``value`` being the best guess."""

    value: bool | int | float | str | None
    rule: str | None = None
    message: str = ""
    hint: str = ""


def plain(text: str) -> Scalar:
    """The meaning of the plain scalar ``text``."""
    if text and text[0] not in _SPECIAL_FIRST:
        return Scalar(text)
    if text in _NULL:
        return Scalar(None)
    if text in _BOOLEANS:
        return Scalar(_BOOLEANS[text])
    if text.lower() in _OLD_BOOLEANS:
        return _old_boolean(text)
    if text[0].isalpha() or text[0] == "~":
        return Scalar(text)
    return _number(text)


def _old_boolean(text: str) -> Scalar:
    meant = _OLD_BOOLEANS[text.lower()]
    return Scalar(
        _BOOLEANS[meant],
        "yaml-boolean",
        f"{quoted(text)} is a boolean to some YAML readers and a text to others",
        f'write `{meant}`, or quote the text: `"{text}"`',
    )


def _number(text: str) -> Scalar:
    if _LEADING_ZERO.fullmatch(text):
        return _refused(text, "is octal to some YAML readers and decimal to others")
    if _NUMBER.fullmatch(text):
        return _decimal(text)
    for pattern, what in _DISPUTED:
        if pattern.fullmatch(text):
            return _refused(text, f"{what} to some YAML readers")
    return Scalar(text)


def _decimal(text: str) -> Scalar:
    if _INTEGER.fullmatch(text):
        too_long = len(text) > _MOST_DIGITS + 1
        if too_long or abs(int(text)) > _LARGEST:
            return _refused(text, "is too large to be kept exactly")
        return Scalar(int(text))
    number = float(text)
    if not math.isfinite(number):
        return _refused(text, "is too large")
    # 100.0 is the number 100: JSON knows no difference, and neither do the schemas.
    return Scalar(int(number) if number.is_integer() and abs(number) <= _LARGEST else number)


def _refused(text: str, why: str) -> Scalar:
    meant = _decimal_of(text)
    number = f"write {quoted(meant)}" if meant else "write a plain decimal number"
    return Scalar(
        text,
        "yaml-number",
        f"{quoted(text)} {why}",
        f"{number}, or quote the text: {quoted(chr(34) + text + chr(34))}",
    )


def _decimal_of(text: str) -> str | None:
    """The decimal that ``text`` certainly means to whoever takes it for a number."""
    digits = text.replace("_", "")
    if len(digits) > _MOST_DIGITS:
        return None
    if _OTHER_BASE.fullmatch(text):
        try:
            return str(int(digits, 0))
        except ValueError:
            return None
    return digits if "_" in text and _NUMBER.fullmatch(digits) and digits[0] != "0" else None
