"""What a change of the specs means: not its lines, but its consequences."""

from gatewright.review import moved, report
from gatewright.review.compare import compare
from gatewright.review.difference import Difference, Effect, FieldChange, Operation, Risk
from gatewright.review.revision import Origin, Review, StackReview, grouped, review
from gatewright.review.sides import Side, held, sides

__all__ = [
    "Difference",
    "Effect",
    "FieldChange",
    "Operation",
    "Origin",
    "Review",
    "Risk",
    "Side",
    "StackReview",
    "compare",
    "grouped",
    "held",
    "moved",
    "report",
    "review",
    "sides",
]
