"""Reports: pure functions of a result, and where they go.

    json        for programs; smoke-report.schema.json beside this module describes it
    junit       a suite for each gateway, for CI servers
    markdown    for a job summary
    prometheus  for the node exporter's textfile collector
    html        for people: one file that needs nothing else

A run waits for its answers most of the time: what only a report needs is imported then.
"""

from typing import TYPE_CHECKING

from gatewright.lazy import names_of
from gatewright.smoke.report.formats import FORMATS, module_of, render, write

if TYPE_CHECKING:
    from gatewright.smoke.report.as_json import schema
    from gatewright.smoke.report.command import curl
    from gatewright.smoke.report.compared import comparison
    from gatewright.smoke.report.cost import budget_line
    from gatewright.smoke.report.masking import redactor_of
    from gatewright.smoke.report.planned import plan
    from gatewright.smoke.report.progress import Progress
    from gatewright.smoke.report.terminal import table

__all__ = [
    "FORMATS",
    "Progress",
    "budget_line",
    "comparison",
    "curl",
    "module_of",
    "plan",
    "redactor_of",
    "render",
    "schema",
    "table",
    "write",
]

if not TYPE_CHECKING:
    __getattr__ = names_of(
        __name__,
        {
            "Progress": "progress",
            "budget_line": "cost",
            "comparison": "compared",
            "curl": "command",
            "plan": "planned",
            "redactor_of": "masking",
            "schema": "as_json",
            "table": "terminal",
        },
    )
