"""For a comment under a pull request and for a job's summary."""

from collections.abc import Iterator

from gatewright.markdown_text import code, cut, plain, sentence
from gatewright.model import Finding
from gatewright.review.difference import Difference, Operation, Risk
from gatewright.review.report import words
from gatewright.review.report.mermaid import mermaid
from gatewright.review.revision import Review, StackReview
from gatewright.spec.words import printable

#: By this line a CI job finds its own comment again.
MARK = "<!-- gatewright review -->"
_MARKS = {Risk.NONE: "⚪", Risk.LOW: "🟢", Risk.MEDIUM: "🟡", Risk.HIGH: "🔴"}
#: GitHub refuses a comment of 65,536 characters.
_LONGEST = 60_000
_CUT = "\n\n*The rest is cut off: `gatewright review` shows all of it.*\n"


def markdown(review: Review) -> str:
    """One comment: the verdict first, then what a reviewer must know, the fields folded."""
    lines = [MARK, f"### gatewright review: {_MARKS[review.risk]} {review.risk.word} risk", ""]
    if review.broken:
        lines += [f"{review.broken} does not compile: no stack of it can be compared.", ""]
    if not (review.stacks or review.broken):
        lines += ["Nothing that is deployed changes.", ""]
    for stack in review.stacks:
        lines += _stack(stack, is_only=len(review.stacks) == 1)
    lines += _findings("New findings", review.new_findings)
    lines += _findings("Fixed findings", review.fixed_findings)
    return cut("\n".join(lines).rstrip() + "\n", _LONGEST, _CUT)


def _stack(stack: StackReview, *, is_only: bool) -> Iterator[str]:
    heading = plain(words.heading(stack, is_only=is_only))
    yield f"#### {heading[:1].upper()}{heading[1:]}"
    yield ""
    if not stack.differences:
        yield "Nothing that is deployed changes."
        yield ""
        return
    for effect in stack.account:
        yield f"{_MARKS[effect.risk]} {sentence(effect.said)}"
        yield ""
    yield "| | object | effect |"
    yield "|---|---|---|"
    for each in stack.differences:
        effects = "<br>".join(sentence(effect.said) for effect in each.effects) or "no known risk"
        title = f"**{plain(printable(each.key))}** ({each.kind} {each.operation})"
        yield f"| {_MARKS[each.risk]} | {title} | {effects} |"
    yield ""
    yield from _fields(stack.differences)
    yield from ("<details><summary>Diagram</summary>", "", "```mermaid", mermaid([stack]), "```")
    yield from ("", "</details>", "")
    for name, checksum in zip(stack.stacks, stack.checksums, strict=True):
        if name or len(stack.stacks) == 1:
            yield code(f"gatewright deploy {words.options(name or 'NAME')} --checksum {checksum}")
    yield ""


def _fields(differences: tuple[Difference, ...]) -> Iterator[str]:
    changed = [each for each in differences if each.operation is Operation.CHANGED]
    if not changed:
        return
    yield "<details><summary>Fields</summary>"
    yield ""
    for each in changed:
        yield f"- **{plain(printable(each.key))}**"
        yield from (f"  - {code(line)}" for line in words.changes(each))
    yield from ("", "</details>", "")


def _findings(title: str, findings: tuple[Finding, ...]) -> Iterator[str]:
    if not findings:
        return
    yield f"#### {title}"
    yield ""
    for each in findings:
        where = code(f"{each.location.file}:{each.location.line}")
        yield f"- {where} {each.severity} `{each.rule}`: {sentence(each.message)}"
    yield ""
