"""A review as text, Markdown, JSON, SARIF and as a diagram; pure functions."""

from gatewright.review.report.as_json import as_json
from gatewright.review.report.markdown import markdown
from gatewright.review.report.mermaid import mermaid
from gatewright.review.report.sarif import sarif
from gatewright.review.report.svg import svg
from gatewright.review.report.text import text

__all__ = ["as_json", "markdown", "mermaid", "sarif", "svg", "text"]
