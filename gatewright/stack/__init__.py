"""A Pulumi stack, through the pulumi command line."""

from gatewright.stack.configuration import settings
from gatewright.stack.events import Event
from gatewright.stack.stack import Stack

__all__ = ["Event", "Stack", "settings"]
