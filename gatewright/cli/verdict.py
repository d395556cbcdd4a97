"""How `gatewright validate` tells people what it found."""

import sys

from gatewright import spec
from gatewright.cli import console


def shown(loaded: spec.Loaded) -> int:
    """Print the report; returns the exit code."""
    console.out(spec.report.text(loaded, console.paint_for(sys.stdout)))
    if loaded.findings:
        console.say(f"`gatewright explain {loaded.findings[0].rule}` says why that matters")
    return loaded.exit_code
