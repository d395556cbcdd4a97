"""Comments that say of a finding that it is meant: `# gatewright: ignore[rule] reason`.

A comment holds for its own line or, alone on its line, for the next line that is
more than a comment. One that hides nothing is a finding, for what it was about has
changed; so is one without a reason, for nobody can judge it later.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gatewright.model import Finding, Location
from gatewright.spec.document import Document
from gatewright.spec.positions import Unparsed, span
from gatewright.spec.result import Suppressed
from gatewright.spec.rules import RULES, finding
from gatewright.spec.tree import Tree
from gatewright.spec.words import did_you_mean, quoted

_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#[ \t]*gatewright:[^\n]*", re.MULTILINE)
_FORM = re.compile(r"#[ \t]*gatewright:[ \t]*ignore\[(?P<rules>[^\]\n]*)\](?P<reason>[^\n]*)")
_RULE = re.compile(r"[^\s,]+")
_EXAMPLE = "write `# gatewright: ignore[rule] reason`"


class Suppression(NamedTuple):
    """One rule of one comment: where it is written, and the line it is about."""

    rule: str
    reason: str
    line: int
    place: Location


def read(document: Document) -> Iterator[Suppression | Finding]:
    """The suppressions in a file, and what is wrong with comments that want to be some.

    A file that is no YAML has no comments either.
    """
    text, positions = document.text, document.spec and document.spec.positions
    tree = positions.tree if isinstance(positions, Unparsed) else positions
    if text is None or not isinstance(tree, Tree):
        return
    for comment in _COMMENT.finditer(text):
        if not tree.is_within_scalar(comment.start()):
            yield from _parsed(document.file.name, text, comment.start(), comment[0].rstrip())


def _parsed(file: str, text: str, start: int, comment: str) -> Iterator[Suppression | Finding]:
    whole = span(file, text, start, start + len(comment))
    form = _FORM.fullmatch(comment)
    names = list(_RULE.finditer(form["rules"])) if form else []
    if form is None or not names:
        message = "this comment is for gatewright, but not in a form it knows"
        yield finding("bad-suppression", whole, message, hint=_EXAMPLE)
        return
    reason = form["reason"].strip()
    if not reason:
        message = "this comment does not say why the finding is to be ignored"
        yield finding("bad-suppression", whole, message, hint=_EXAMPLE)
        return
    line = _line_meant(text, start, whole.line)
    for name in names:
        begin = start + form.start("rules") + name.start()
        place = span(file, text, begin, begin + len(name[0]))
        if name[0] in RULES and RULES[name[0]].adjustable:
            yield Suppression(name[0], reason, line, place)
        else:
            yield _refused(name[0], place)


def _refused(name: str, place: Location) -> Finding:
    if name in RULES:
        message = f"a finding of {quoted(name)} cannot be ignored"
        hint = "there is nothing sound to deploy until it is mended"
        return finding("bad-suppression", place, message, hint=hint)
    adjustable = [rule.id for rule in RULES.values() if rule.adjustable]
    hint = did_you_mean(name, adjustable) or "`gatewright explain` lists the rules"
    return finding("bad-suppression", place, f"there is no rule {quoted(name)}", hint=hint)


def _line_meant(text: str, start: int, line: int) -> int:
    if text[text.rfind("\n", 0, start) + 1 : start].strip():
        return line
    for below in text.split("\n")[line:]:
        line += 1
        if not below.lstrip().startswith("#"):
            break
    return line


def applied(
    findings: Iterable[Finding], documents: Iterable[Document], *, is_complete: bool
) -> tuple[list[Finding], tuple[Suppressed, ...], list[Finding]]:
    """The findings that stay, those that are suppressed, and findings about the comments.

    Whether a comment hides anything is known only if all was looked at (``is_complete``).
    """
    comments = [each for document in documents for each in read(document)]
    about = [each for each in comments if isinstance(each, Finding)]
    by_place: dict[tuple[str, int, str], Suppression] = {}
    for each in comments:
        if isinstance(each, Suppression):
            first = by_place.setdefault((each.place.file, each.line, each.rule), each)
            if first is not each:
                about.append(_repeated(each, first))
    unused = dict.fromkeys(by_place.values())
    kept: list[Finding] = []
    suppressed: list[Suppressed] = []
    for found in findings:
        comment = by_place.get((found.location.file, found.location.line, found.rule))
        if comment:
            suppressed.append(Suppressed(found, comment.reason))
            unused.pop(comment, None)
        else:
            kept.append(found)
    if is_complete:
        about += [_unused(each) for each in unused]
    return kept, tuple(suppressed), about


def _unused(suppression: Suppression) -> Finding:
    return finding(
        "unused-suppression",
        suppression.place,
        f"there is no finding of {quoted(suppression.rule)} on line {suppression.line}",
        hint="remove the comment; it stands on the line of the finding, or on the line above",
    )


def _repeated(suppression: Suppression, first: Suppression) -> Finding:
    return finding(
        "unused-suppression",
        suppression.place,
        f"{quoted(suppression.rule)} is ignored there already, by line {first.place.line}",
        hint="keep one of the two",
    )
