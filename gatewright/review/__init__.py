"""What a change of the specs means: not its lines, but its consequences."""

from gatewright.review import report
from gatewright.review.compare import compare
from gatewright.review.difference import Difference, Effect, FieldChange, Operation, Risk
from gatewright.review.revision import Review, StackReview, review

__all__ = [
    "Difference",
    "Effect",
    "FieldChange",
    "Operation",
    "Review",
    "Risk",
    "StackReview",
    "compare",
    "report",
    "review",
]
