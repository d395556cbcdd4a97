"""The report as one HTML file that needs nothing else: no script, no font, no network."""

from gatewright.smoke.report.html.page import html

__all__ = ["html"]
