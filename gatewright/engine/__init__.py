"""The real Pulumi engine: found on PATH, installed by Pulumi, or built from its Go modules.

Whichever it is, `find` says so; `Engine.environment` is what its children need.
"""

from gatewright.engine.found import Engine, Origin
from gatewright.engine.search import at_hand, find
from gatewright.engine.shell import exports
from gatewright.engine.version import MINIMUM, PINNED
from gatewright.places import home

__all__ = ["MINIMUM", "PINNED", "Engine", "Origin", "at_hand", "exports", "find", "home"]
