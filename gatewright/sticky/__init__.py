"""The one comment on a pull request: found by its mark, edited in place."""

from gatewright.sticky.body import Run, body, deciding, mark, nothing, reports
from gatewright.sticky.github import Head, Repository

__all__ = ["Head", "Repository", "Run", "body", "deciding", "mark", "nothing", "reports"]
