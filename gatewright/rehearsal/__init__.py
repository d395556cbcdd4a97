"""A change deployed to a local Cloudflare that is made for it and thrown away."""

from gatewright.rehearsal import report
from gatewright.rehearsal.copies import Copy, of_files, of_revision
from gatewright.rehearsal.made_up import MadeUp
from gatewright.rehearsal.result import Result

__all__ = ["Copy", "MadeUp", "Result", "of_files", "of_revision", "report"]
