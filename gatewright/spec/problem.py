"""What is wrong with a YAML text, before it is anybody's finding."""

from typing import NamedTuple


class Problem(NamedTuple):
    """A rule's id, the span as indexes of characters, one sentence, and a hint."""

    rule: str
    start: int
    end: int
    message: str
    hint: str | None = None


class RefusedError(Exception):
    """A problem after which the text has no value; never leaves this package."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem
