"""Reports: pure functions of a result, and where they go."""

from gatewright.report_file import require_distinct
from gatewright.smoke.report.as_json import as_json, schema
from gatewright.smoke.report.comparison import comparison
from gatewright.smoke.report.curl import curl
from gatewright.smoke.report.file import FORMATS, ReportFile, redactor_of
from gatewright.smoke.report.html import html
from gatewright.smoke.report.junit import junit
from gatewright.smoke.report.markdown import markdown
from gatewright.smoke.report.plan import budget_line, plan
from gatewright.smoke.report.progress import Progress
from gatewright.smoke.report.prometheus import prometheus
from gatewright.smoke.report.terminal import table

__all__ = [
    "FORMATS",
    "Progress",
    "ReportFile",
    "as_json",
    "budget_line",
    "comparison",
    "curl",
    "html",
    "junit",
    "markdown",
    "plan",
    "prometheus",
    "redactor_of",
    "require_distinct",
    "schema",
    "table",
]
