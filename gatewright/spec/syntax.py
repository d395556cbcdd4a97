"""What a YAML parser complains of, said so that its writer can mend it.

The parsers speak of tokens; libyaml and PyYAML's own word it differently. Each
complaint is known by words that both use. Sources: libyaml's scanner.c and
parser.c, PyYAML's scanner.py, parser.py and composer.py.
"""

import re
from collections.abc import Callable
from typing import Any

import yaml
from yaml.reader import Reader

from gatewright.spec.problem import Problem
from gatewright.spec.words import quoted

_DOCUMENT_END = re.compile(r"^\.\.\.", re.MULTILINE)
#: The first line that is more than a comment, and its indentation.
_FIRST = re.compile(r"^(?!---)( *)[^\s#]", re.MULTILINE)
_QUOTE_IT = "quote the value"
_BLOCK = re.compile(r"[|>][0-9+-]*")
_BYTE = 0x100
#: The last line, if it would be a key and its value with a space between them.
_NO_SPACE = re.compile(r"^(?P<indent> *)(?P<key>[\w-]+):[^\s/:][^\n]*\n\Z", re.MULTILINE)


def problem_of(error: yaml.MarkedYAMLError, text: str) -> Problem:
    """The complaint ``error`` about ``text`` as a problem with a span in characters."""
    complaint = f"{error.context or ''}: {error.problem or ''}"
    for words, explain in _EXPLANATIONS:
        if words in complaint:
            return explain(error, text)
    return _at(error.problem_mark, f"this is not YAML: {error.problem}")


def unprintable(text: str) -> Problem:
    """The problem of the first character in ``text`` that YAML does not allow."""
    # Found anew: one of the parsers gives the position in bytes.
    found = Reader.NON_PRINTABLE.search(text)
    index = found.start() if found else 0
    if text[index] == "\0":
        # Editors cannot show it, and nobody types it.
        message = "this is not text: it has a NUL byte"
        hint = "put the file's text back, or save it as UTF-8 if it was saved as UTF-16"
        return Problem("yaml-encoding", index, index + 1, message, hint)
    return Problem(
        "yaml-encoding",
        index,
        index + 1,
        f"the control character U+{ord(text[index]):04X} is not allowed in YAML",
        f'remove it, or write it as an escape in double quotes: "{_escape(text[index])}"',
    )


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < _BYTE else f"\\u{code:04x}"


def _at(mark: Any, message: str, hint: str | None = None, rule: str = "yaml-syntax") -> Problem:
    return Problem(rule, mark.index, mark.index + 1, message, hint)


def _line_of(mark: Any, text: str) -> int:
    return text.count("\n", 0, mark.index) + 1


def _bad_start(error: yaml.MarkedYAMLError, text: str) -> Problem:
    mark: Any = error.problem_mark
    if opened := _quote_before(text, mark.index - 1):
        return Problem(
            "yaml-syntax",
            mark.index - 1,
            mark.index,
            f"this quote ends a text that began on line {opened}",
            f"close the quote of line {opened} where its text ends",
        )
    if text[mark.index] == "\t":
        return _tab(error, text)
    word = re.split(r"[\s,\]}]", text[mark.index :], maxsplit=1)[0]
    hint = f"quote it: {quoted(chr(34) + word + chr(34))}" if word else _QUOTE_IT
    if _BLOCK.fullmatch(word):
        hint = "a block text cannot stand within `{…}` or `[…]`: write it line by line"
    return Problem(
        "yaml-syntax",
        mark.index,
        mark.index + max(len(word), 1),
        f"a value without quotes cannot start with {quoted(text[mark.index])}",
        hint,
    )


def _quote_before(text: str, index: int) -> int | None:
    """The line above on which the quote opened that ends at ``index``, if one does."""
    quote = text[index] if index >= 0 else ""
    if quote not in {'"', "'"}:
        return None
    lines = text[:index].split("\n")
    return next((n for n in range(len(lines) - 1, 0, -1) if lines[n - 1].count(quote) % 2), None)


def _second_colon(error: yaml.MarkedYAMLError, text: str) -> Problem:
    mark: Any = error.problem_mark
    line_start = text.rfind("\n", 0, mark.index) + 1
    above = _NO_SPACE.search(text, 0, line_start)
    key = text[line_start : mark.index]
    if above and len(above["indent"]) == len(key) - len(key.lstrip()):
        return Problem(
            "yaml-syntax",
            above.end("key"),
            above.end("key") + 1,
            "a colon without a space after it ends no key",
            f"add the space: {quoted(above['key'] + ': …')}",
        )
    return _at(
        mark,
        "a second `: ` on one line, or a wrong indentation",
        "quote a value that holds `: `; keys of one mapping start in the same column",
    )


def _tab(error: yaml.MarkedYAMLError, text: str) -> Problem:
    del text
    hint = "use spaces: YAML does not allow tabs in indentation"
    return _at(error.problem_mark, "a tab cannot indent", hint, "yaml-tab")


def _undefined_alias(error: yaml.MarkedYAMLError, text: str) -> Problem:
    del text
    hint = (
        "its anchor, `&name`, comes before it in the same file; quote a text that starts with `*`"
    )
    return _at(error.problem_mark, "this alias has no anchor", hint, "yaml-alias")


def _second_anchor(error: yaml.MarkedYAMLError, text: str) -> Problem:
    first = _line_of(error.context_mark, text)
    message = f"this anchor is already on line {first}"
    return _at(error.problem_mark, message, "give each anchor its own name", "yaml-alias")


def _second_document(error: yaml.MarkedYAMLError, text: str) -> Problem:
    del text
    hint = "a file declares one thing: move the second to a file of its own"
    return _at(error.problem_mark, "a second document starts here", hint, "yaml-documents")


def _after_the_end(error: yaml.MarkedYAMLError, text: str) -> Problem:
    mark: Any = error.problem_mark
    if _DOCUMENT_END.search(text, 0, mark.index):
        return _second_document(error, text)
    first = _FIRST.search(text)
    if first and len(first[1]) > mark.column:
        line = text.count("\n", 0, first.end()) + 1
        hint = "keys of one mapping start in the same column"
        return _at(mark, f"this starts further left than line {line}, where the value began", hint)
    return _at(mark, "the value has ended before this", "check the brackets and quotes before it")


def _open_quote(error: yaml.MarkedYAMLError, text: str) -> Problem:
    mark: Any = error.context_mark or error.problem_mark
    hint = f"write the second {quoted(text[mark.index])} where the text ends"
    return _at(mark, "this quote is never closed", hint)


def _open_bracket(error: yaml.MarkedYAMLError, text: str) -> Problem:
    mark: Any = error.context_mark
    opening = text[mark.index]
    closing = "}" if opening == "{" else "]"
    if _is_at_end(error, text):
        hint = f"write {quoted(closing)} where it ends"
        return _at(mark, f"this {quoted(opening)} is never closed", hint)
    message = f"expected `,` or `{closing}` here"
    hint = f"{quoted(opening)} of line {_line_of(mark, text)} is not closed before it"
    return _at(error.problem_mark, message, hint)


def _no_colon(error: yaml.MarkedYAMLError, text: str) -> Problem:
    mark: Any = error.context_mark
    line = text[mark.index :].split("\n", 1)[0].rstrip()
    return Problem(
        "yaml-syntax",
        mark.index,
        mark.index + max(len(line), 1),
        "this line is no `key: value`",
        "add the colon and a space, or indent the line if it goes on with the value above",
    )


def _no_value(error: yaml.MarkedYAMLError, text: str) -> Problem:
    if _is_at_end(error, text):
        last = len(text.rstrip())
        hint = "close the bracket or the quote"
        return Problem("yaml-syntax", last - 1, last, "the file ends within a value", hint)
    return _at(error.problem_mark, "a value without quotes cannot start like this", _QUOTE_IT)


def _is_at_end(error: yaml.MarkedYAMLError, text: str) -> bool:
    mark: Any = error.problem_mark
    return not text[mark.index :].strip()


def _always(message: str, hint: str | None) -> Callable[[yaml.MarkedYAMLError, str], Problem]:
    def explain(error: yaml.MarkedYAMLError, text: str) -> Problem:
        del text
        return _at(error.problem_mark, message, hint)

    return explain


_INDENTATION = "check the indentation, and the quotes and brackets before it"
_EXPLANATIONS: tuple[tuple[str, Callable[[yaml.MarkedYAMLError, str], Problem]], ...] = (
    ("duplicate anchor", _second_anchor),
    ("undefined alias", _undefined_alias),
    ("another document", _second_document),
    ("<document start>", _after_the_end),
    ("cannot start any token", _bad_start),
    ("found a tab character", _tab),
    ("quoted scalar: found unexpected end", _open_quote),
    ("while parsing a flow mapping", _open_bracket),
    ("while parsing a flow sequence", _open_bracket),
    ("could not find expected ':'", _no_colon),
    ("mapping values are not allowed", _second_colon),
    (
        "sequence entries are not allowed",
        _always("a list cannot start here", "start it on the next line, or write `[a, b]`"),
    ),
    ("while parsing a block mapping", _always("this is no key of the mapping above", _INDENTATION)),
    (
        "while parsing a block collection",
        _always("this is no item of the list above", _INDENTATION),
    ),
    ("escape", _always("no such escape in double quotes", "single quotes keep `\\` as it is")),
    ("node content", _no_value),
)
