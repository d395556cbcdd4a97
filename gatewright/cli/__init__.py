"""The command line."""

from gatewright.cli.main import main

__all__ = ["main"]
