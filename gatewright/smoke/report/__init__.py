"""Reports: pure functions of a result."""

from gatewright.smoke.report.curl import curl
from gatewright.smoke.report.terminal import table

__all__ = ["curl", "table"]
