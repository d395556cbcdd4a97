"""For a terminal."""

from collections.abc import Iterator

from gatewright.model import Finding
from gatewright.paint import Paint, Style, plain
from gatewright.review.difference import Difference, Effect, Operation, Risk
from gatewright.review.report import words
from gatewright.review.revision import Review, StackReview
from gatewright.spec.words import printable

_STYLES = {
    Risk.NONE: Style.DIM,
    Risk.LOW: Style.OK,
    Risk.MEDIUM: Style.WARNING,
    Risk.HIGH: Style.ERROR,
}


def text(review: Review, paint: Paint = plain) -> str:
    """Grouped by stack and object, effects before fields, the checksum last."""
    lines: list[str] = []
    if review.broken:
        lines.append(f"{review.broken} does not compile: no stack of it can be compared")
    if not (review.stacks or review.broken):
        lines += ["nothing that is deployed changes", ""]
    for stack in review.stacks:
        lines += _stack(stack, paint, is_only=len(review.stacks) == 1)
    lines += _findings("new findings", review.new_findings, paint, Style.ERROR)
    lines += _findings("fixed findings", review.fixed_findings, paint, Style.OK)
    lines.append(f"risk: {paint(review.risk.word, _STYLES[review.risk])}")
    return "\n".join(lines)


def _stack(stack: StackReview, paint: Paint, *, is_only: bool) -> Iterator[str]:
    yield paint(words.heading(stack, is_only=is_only), Style.BOLD)
    if not stack.differences:
        yield "  nothing that is deployed changes"
    for each in stack.differences:
        yield from _difference(each, paint)
    for effect in stack.account:
        yield f"  {_effect(effect, paint)}"
    for name, checksum in zip(stack.stacks, stack.checksums, strict=True):
        if name or len(stack.stacks) == 1:
            yield paint(f"  checksum {name + ' ' if name else ''}{checksum}", Style.DIM)
    yield ""


def _difference(each: Difference, paint: Paint) -> Iterator[str]:
    sign = words.SIGNS[each.operation]
    yield f"  {sign} {paint(f'{each.kind} {printable(each.key)}', Style.BOLD)} {each.operation}"
    for effect in each.effects:
        yield f"      {_effect(effect, paint)}"
    if each.operation is Operation.CHANGED:
        yield from (f"      {line}" for line in words.changes(each))


def _effect(effect: Effect, paint: Paint) -> str:
    return f"{paint(f'{effect.risk.word}:', _STYLES[effect.risk])} {effect.said}"


def _findings(
    title: str, findings: tuple[Finding, ...], paint: Paint, style: Style
) -> Iterator[str]:
    if not findings:
        return
    yield paint(title, Style.BOLD)
    for each in findings:
        where = f"{each.location.file}:{each.location.line}:{each.location.column}"
        yield f"  {where}: {paint(each.severity, style)} {each.rule}: {each.message}"
    yield ""
