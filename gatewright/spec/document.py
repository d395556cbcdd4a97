"""One spec file as read: its values, and where each of them is written.

What comes after parsing sees a ``Spec``: plain values and their ``Positions``,
not files. Values merged from several documents (defaults, stacks) are a ``Spec``
whose positions ask the documents in turn.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from gatewright.model import Finding, JsonValue
from gatewright.spec.files import CUSTOM_PROVIDER, Kind, SpecFile, read
from gatewright.spec.masking import masked, masked_lines
from gatewright.spec.nodes import compose
from gatewright.spec.positions import Positions, Tree, span
from gatewright.spec.problem import Problem, RefusedError
from gatewright.spec.rules import finding
from gatewright.spec.values import Construction


@dataclass(frozen=True, slots=True)
class Spec:
    """What one file declares, of whatever shape, still to be validated."""

    kind: Kind
    file: str
    stem: str
    data: JsonValue
    positions: Positions


@dataclass(frozen=True, slots=True)
class Document:
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


def load(spec_file: SpecFile) -> Document:
    """Read and parse a file; whatever is wrong with it is in the document."""
    content = read(spec_file)
    if isinstance(content, Finding):
        return Document(spec_file, None, unreadable=content)
    try:
        text = decoded(content)
    except UnicodeDecodeError as error:
        return Document(spec_file, None, unreadable=_not_utf8(spec_file, content, error.start))
    try:
        root, text = _composed(text, spec_file.kind)
    except RefusedError as refused:
        return Document(spec_file, None, masked_lines(text), problems=(refused.problem,))
    try:
        return _constructed(spec_file, root, text)
    except RefusedError as refused:
        return Document(spec_file, None, text, problems=(refused.problem,))


def decoded(content: bytes) -> str:
    """The text of a file, with lines as editors count them, whatever ends them.

    Raises:
        UnicodeDecodeError: it is not UTF-8.

    """
    return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def _composed(text: str, kind: Kind) -> tuple[yaml.Node | None, str]:
    """The tree, and the text without secrets."""
    try:
        root = compose(text)
    except RefusedError:
        # What is said of the text may quote it.
        text = masked_lines(text)
        root = compose(text)
    return root, masked(root, text, plain_headers=kind is CUSTOM_PROVIDER)


def _constructed(spec_file: SpecFile, root: yaml.Node | None, text: str) -> Document:
    construction = Construction(root, text)
    tree = Tree(spec_file.name, text, root, construction.reported)
    spec = Spec(spec_file.kind, spec_file.name, spec_file.stem, construction.value, tree)
    return Document(spec_file, spec, text, problems=construction.problems)


def _not_utf8(spec_file: SpecFile, content: bytes, start: int) -> Finding:
    before = content[:start].decode("utf-8-sig", "replace")
    where = span(spec_file.name, before + "?", len(before), len(before) + 1)
    message = f"byte 0x{content[start]:02X} here is not UTF-8"
    return finding("yaml-encoding", where, message, hint="save the file as UTF-8")
