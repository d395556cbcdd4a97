"""A deployment on this machine: local Cloudflare, state and provider, for child processes only."""

from gatewright.local.folder import Folder
from gatewright.local.session import STACK, Session, open_session

__all__ = ["STACK", "Folder", "Session", "open_session"]
