"""One spec file as read: its values, and where each of them is written.

What comes after parsing sees a ``Spec``: plain values and their ``Positions``,
not files. Values merged from several documents (defaults, stacks) are a ``Spec``
whose positions ask the documents in turn.
"""

from collections.abc import Iterator
from typing import NamedTuple

from gatewright.model import Finding, JsonValue
from gatewright.spec import plain
from gatewright.spec.files import Kind, SpecFile, read
from gatewright.spec.positions import Positions, Unparsed, span
from gatewright.spec.problem import Problem
from gatewright.spec.rules import finding


class Spec(NamedTuple):
    """What one file declares, of whatever shape, still to be validated."""

    kind: Kind
    file: str
    stem: str
    data: JsonValue
    positions: Positions


class Document(NamedTuple):
    """The outcome of reading a file: a spec unless it was refused, and its text if it has one.

    Secrets that were written into it are masked in both.
    """

    file: SpecFile
    spec: Spec | None
    text: str | None = None
    unreadable: Finding | None = None
    problems: tuple[Problem, ...] = ()

    def findings(self) -> Iterator[Finding]:
        """What is wrong with the file and its YAML."""
        if self.unreadable:
            yield self.unreadable
        for problem in self.problems:
            where = span(self.file.name, self.text or "", problem.start, problem.end)
            yield finding(problem.rule, where, problem.message, hint=problem.hint)


def load(spec_file: SpecFile, like: Document | None = None) -> Document:
    """Read and parse a file; whatever is wrong with it is in the document.

    ``like`` is the document of a file of the same name, from another revision: it is
    returned where that had the same bytes.
    """
    content = read(spec_file)
    if isinstance(content, Finding):
        return Document(spec_file, None, unreadable=content)
    if like and like.file.content == content:
        return like
    try:
        text = decoded(content)
    except UnicodeDecodeError as error:
        return Document(spec_file, None, unreadable=_not_utf8(spec_file, content, error.start))
    data = plain.read(text)
    if data is None:
        from gatewright.spec import parsing  # noqa: PLC0415  # where all is plain, unused

        return parsing.document(spec_file, text)
    positions = Unparsed(spec_file.name, text)
    spec = Spec(spec_file.kind, spec_file.name, spec_file.stem, data, positions)
    return Document(spec_file, spec, text)


def decoded(content: bytes) -> str:
    """The text of a file, with lines as editors count them, whatever ends them.

    Raises:
        UnicodeDecodeError: it is not UTF-8; indexes are those of ``content``.

    """
    text = content.decode().removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _not_utf8(spec_file: SpecFile, content: bytes, start: int) -> Finding:
    before = content[:start].decode().removeprefix("\ufeff")
    where = span(spec_file.name, before + "?", len(before), len(before) + 1)
    message = f"byte 0x{content[start]:02X} here is not UTF-8"
    return finding("yaml-encoding", where, message, hint="save the file as UTF-8")
