"""For machines."""

import json
from typing import Any

from gatewright import __version__
from gatewright.model import Finding
from gatewright.review.difference import Difference, Effect
from gatewright.review.revision import Review, StackReview

#: Raised when a field is removed or changes its meaning; new fields do not raise it.
VERSION = 1


def as_json(review: Review) -> str:
    """A document that schemas/review-report.schema.json describes."""
    document = {
        "version": VERSION,
        "gatewright": __version__,
        "risk": review.risk.word,
        "broken": review.broken,
        "stacks": [_stack(each) for each in review.stacks],
        "new_findings": [finding_object(each) for each in review.new_findings],
        "fixed_findings": [finding_object(each) for each in review.fixed_findings],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _stack(stack: StackReview) -> dict[str, Any]:
    return {
        "stacks": [
            {"name": name, "checksum": checksum}
            for name, checksum in zip(stack.stacks, stack.checksums, strict=True)
        ],
        "risk": stack.risk.word,
        "effects": [_effect(each) for each in stack.account],
        "differences": [_difference(each) for each in stack.differences],
    }


def _difference(each: Difference) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "key": each.key,
        "operation": str(each.operation),
        "risk": each.risk.word,
        "effects": [_effect(effect) for effect in each.effects],
        "fields": [
            {"path": change.path, "before": change.before, "after": change.after}
            for change in each.fields
        ],
    }


def _effect(effect: Effect) -> dict[str, str]:
    return {"risk": effect.risk.word, "said": effect.said}


def finding_object(found: Finding) -> dict[str, Any]:
    """A finding of `validate`, for machines."""
    return {
        "file": found.location.file,
        "line": found.location.line,
        "column": found.location.column,
        "rule": found.rule,
        "severity": str(found.severity),
        "message": found.message,
    }
