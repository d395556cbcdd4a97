"""The command line."""

from gatewright.cli.boundary import main

__all__ = ["main"]
