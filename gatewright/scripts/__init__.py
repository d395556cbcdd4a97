"""The code of Workers: what a spec declares, as the one module that is uploaded."""

from gatewright.scripts.code import content

__all__ = ["content"]
